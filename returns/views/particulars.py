"""What is learnt of a person later, each on a page of its own: another name, a nationality, how somebody is reached."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock, countries
from common.forms import blaming
from migrants import contacts
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import registering
from returns.forms.particulars import ContactForm, NameForm, NationalityForm
from returns.views.person_head import act_page, scope_of, visible_person, written


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def name_new(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Put another name on the dated list, and look whether somebody else bears it."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    form = NameForm(request.POST or None)
    if form.is_bound and form.is_valid():
        known = form.cleaned_data
        with blaming(form):
            registering.add_name(
                person=person, within=scope_of(request.viewer), by=request.viewer.actor, at=at, **known
            )
            return written(request, person, _("The name is recorded."), at=at)
    return act_page(
        request,
        person,
        form,
        title=_("Record another name"),
        lead=_("As it stands in the passport, in other letters, or as it was before. The person is found by each."),
        button=_("Record the name"),
    )


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def nationality_new(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record a nationality, or how sure one is."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    form = NationalityForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with blaming(form):
            registering.add_nationality(
                person=person, within=scope_of(request.viewer), by=request.viewer.actor, at=at, **form.cleaned_data
            )
            return written(request, person, _("The nationality is recorded."), at=at)
    return act_page(
        request,
        person,
        form,
        title=_("Record a nationality"),
        lead=_("What the person says is a claim; a document, and then a consulate, makes it surer."),
    )


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def contact_new(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Add a number, or the next of kin."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    country = person.group.from_country if person.group else ""
    form = ContactForm(request.POST or None, near=countries.alpha3_to_alpha2().get(country, ""))
    if form.is_bound and form.is_valid():
        said = {"number": form.cleaned_data["number"], "kin": form.kin()}
        with blaming(form):
            contacts.record_contacts(person=person, by=request.viewer.actor, at=at, **said)
            return written(request, person, _("It is recorded how they are reached."), at=at)
    return act_page(
        request,
        person,
        form,
        title=_("Phone and next of kin"),
        lead=_("All of it is kept closed. Ask whether the family may be told where the person is."),
    )
