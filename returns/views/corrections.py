"""Correct who somebody is, and say with whom a child is; each on a page of its own."""

from __future__ import annotations

import uuid
from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.forms import blaming
from migrants import protection
from migrants.corrections import fingerprint_of, identity_of
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import registering
from returns.forms.corrections import CompanyForm, CorrectionForm
from returns.views.person_head import act_page, scope_of, visible_person, written


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def person_correct(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct name, sex and birth date; what stood until now stays on record."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    standing = asdict(identity_of(person)) | {"seen": fingerprint_of(person)}
    form = CorrectionForm(request.POST or None, today=at.date(), initial=standing)
    if form.is_bound and form.is_valid():
        with blaming(form):
            changed = registering.correct_person(
                person=person,
                right=form.right(),
                name_was=form.cleaned_data["name_was"],
                seen=form.cleaned_data["seen"],
                within=scope_of(request.viewer),
                by=request.viewer.actor,
                at=at,
            )
            if not changed:
                messages.info(request, _("Nothing was changed."))
                return redirect("returns:person", person.public_id)
            return written(request, person, _("The correction is recorded; what stood before is kept."), at=at)
    return act_page(
        request,
        person,
        form,
        title=_("Correct name, sex or birth date"),
        lead=_("Nothing is overwritten: what stood until now stays on record with its time."),
        button=_("Record the correction"),
    )


@require_http_methods(["GET", "POST"])
@door(Permission.REGISTER_PEOPLE)
def person_alone(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say whether a child is with a parent or guardian, unaccompanied or separated."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    form = CompanyForm(request.POST or None, initial={"alone": person.alone})
    if form.is_bound and form.is_valid():
        with blaming(form):
            protection.record_alone(person=person, by=request.viewer.actor, at=at, **form.cleaned_data)
            return written(request, person, _("It is recorded with whom the child is."), at=at)
    return act_page(
        request,
        person,
        form,
        title=_("With whom is the child?"),
        lead=_(
            "Unaccompanied: no parent and no relative is there. Separated: with a relative, but without parent or guardian."
            " Either stops the journey until best interests, escort and receiver are decided."
        ),
    )
