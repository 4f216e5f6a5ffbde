"""Consent of one person or of a whole group, its withdrawal, and who may then see whom."""

from __future__ import annotations

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from common.forms import blaming
from migrants import consents, declarations
from migrants.enums import OWN_PURPOSES, Purpose
from migrants.models import Consent, Migrant, TravelGroup
from migrants.models.people import MigrantQuerySet
from partners.access import Permission
from partners.doors import SignedInRequest, door
from partners.models import Organisation
from returns import answering, registering, withdrawing
from returns.forms.incoming import ShareForm
from returns.forms.people_acts import DisclosureForm, GroupConsentForm, SignedConsentForm
from returns.people_lines import line_of
from returns.views.group_head import head_of, visible_group
from returns.views.person_head import act_page, seen, visible_person, written, zones_at
from returns.views.uploads import is_taken
from returns.ways import zones_of


@require_http_methods(["GET", "POST"])
@door(Permission.RECORD_CONSENT)
def consent_new(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Write down what one person answered, how, in which language and with whose help."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    initial: dict[str, Any] = {"purpose": request.GET.get("purpose") or Purpose.RETURN, "language": person.language}
    if declaration := declarations.ready_to_sign(person):
        initial |= {"language": declaration.language, "form_reference": declaration.number, "form_signed": True}
    zone = ZoneInfo(zones_at(person)[0])
    form = SignedConsentForm(request.POST or None, request.FILES or None, zone=zone, initial=initial)
    if form.is_bound and is_taken(form, request):
        with blaming(form):
            answering.record_answer(person=person, by=request.viewer.actor, at=at, **form.cleaned_data)
            return written(request, person, _("The answer is recorded."), at=at)
    return act_page(
        request,
        person,
        form,
        title=_("Record an answer"),
        lead=_("“No” and “not now” are answers like any other, and can be changed until departure."),
        button=_("Record the answer"),
    )


@require_http_methods(["GET", "POST"])
@door(Permission.RECORD_CONSENT)
def consent_withdraw(request: SignedInRequest, public_id: uuid.UUID, consent_id: uuid.UUID) -> HttpResponse:
    """Take an answer back: first what would end with it, then POST ends it. After departure it says what is possible."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    rows = Consent.objects.select_related("recipient")
    consent = get_object_or_404(rows, person=person, public_id=consent_id)
    if request.method == "GET":
        seen(request, [person.public_id], at=at)
        effect = withdrawing.effect_of(consent=consent, at=at)
        context = {"person": person, "line": line_of(person, on=at.date()), "consent": consent, "effect": effect}
        return render(request, "returns/people/take_back.html", context)
    try:
        done = withdrawing.take_back(consent=consent, by=request.viewer.actor, at=at)
    except withdrawing.WithdrawalError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _withdrawn_words(done))
    return redirect("returns:person", person.public_id)


def _withdrawn_words(done: withdrawing.Withdrawn) -> str:
    words = [_("The consent is taken back; nobody is shown anything by it any more.")]
    if done.seat_freed:
        words.append(_("The seat is free again."))
    if done.case_closed:
        words.append(_("The case is closed: changed mind, which is a normal end."))
    return " ".join(words)


@require_POST
@door(Permission.RECORD_CONSENT)
def disclosure_new(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show a person to a receiver, if the person agreed to that. The answer is the same whatever else stands."""
    at, person = clock.now(), visible_person(request.viewer, public_id)
    form = DisclosureForm(request.POST)
    if form.is_valid():
        recipient = form.cleaned_data["recipient"]
        consents.disclose(
            people=[person],
            recipient=recipient,
            purpose=consents.purpose_for(recipient),
            by=request.viewer.actor,
            at=at,
        )
        messages.info(request, _("Shown, as far as the person agreed and nothing speaks against it."))
    else:
        messages.error(request, _("Choose from the list to whom the person is shown."))
    return redirect("returns:person", person.public_id)


@require_http_methods(["GET", "POST"])
@door(Permission.RECORD_CONSENT)
def group_consent(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """One explanation to a whole group with an interpreter; each answer is a row of its own."""
    at, group = clock.now(), visible_group(request.viewer, public_id)
    everybody = group.people.living_records()
    zone = ZoneInfo(zones_of(group)[0])
    form = GroupConsentForm(request.POST or None, within=everybody, zone=zone)
    if form.is_bound and form.is_valid():
        with blaming(form):
            asked = _record(request, group, dict(form.cleaned_data))
            said = ngettext("%(n)d answer is recorded.", "%(n)d answers are recorded.", asked) % {"n": asked}
            messages.success(request, said)
            return redirect("returns:group_people", group.public_id)
    context = {"form": form, "open_answers": _not_asked(everybody, Purpose.RETURN, None).count()}
    context |= head_of(group, viewer=request.viewer, at=at, tab="people")
    return render(request, "returns/people/group_consent.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@door(Permission.RECORD_CONSENT)
def group_share(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show those of a group who agreed to their embassy, all in one go."""
    at, group = clock.now(), visible_group(request.viewer, public_id)
    form = ShareForm(request.POST or None)
    if form.is_bound and form.is_valid():
        recipient = form.cleaned_data["recipient"]
        people = list(group.people.living_records())
        purpose = consents.purpose_for(recipient)
        consents.disclose(people=people, recipient=recipient, purpose=purpose, by=request.viewer.actor, at=at)
        messages.success(request, _("Whoever agreed is shown to %(embassy)s now.") % {"embassy": recipient.name})
        return redirect("returns:group_people", group.public_id)
    may_look = request.viewer.may(Permission.LOOK_AS_CONSULATE)
    context = {
        "form": form,
        "consulates": Organisation.objects.filter(kind__in=consents.CONSULAR).order_by("name_en") if may_look else [],
        **head_of(group, viewer=request.viewer, at=at, tab="people"),
    }
    return render(request, "returns/incoming/share.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _record(request: SignedInRequest, group: TravelGroup, asked: dict[str, Any]) -> int:
    """Record the answers about the return, and about the consulate by its own nationals; give how many there are."""
    by, at = request.viewer.actor, clock.now()
    without, only_open, show_now = asked.pop("without"), asked.pop("only_open"), asked.pop("show_now")
    purpose, recipient = asked.pop("purpose"), asked.pop("recipient")
    people = group.people.living_records().exclude(pk__in=[person.pk for person in without])
    answered = []
    if purpose in OWN_PURPOSES:
        answered = _asked(people, purpose, None, only_open=only_open)
        consents.record_consent(people=answered, purpose=purpose, by=by, at=at, **asked)
    if recipient is not None or purpose not in OWN_PURPOSES:
        to_them = {
            "purpose": Purpose.SHOW_TO_CONSULATE if purpose in OWN_PURPOSES else purpose,
            "recipient": recipient,
        }
        meant = people if recipient else people.none()
        if to_them["purpose"] == Purpose.SHOW_TO_CONSULATE and recipient:
            meant = people.filter(nationalities__code=recipient.country)
        shown = _asked(meant, **to_them, only_open=only_open)
        consents.record_consent(people=shown, **to_them, by=by, at=at, **asked)
        if show_now:
            consents.disclose(people=list(meant), **to_them, by=by, at=at)
        answered += shown
    registering.facts_changed(answered, at=at)
    return len(answered)


def _asked(people: MigrantQuerySet, purpose: str, recipient: Any, *, only_open: bool) -> list[Migrant]:
    return list(_not_asked(people, purpose, recipient) if only_open else people)


def _not_asked(people: MigrantQuerySet, purpose: str, recipient: Any) -> MigrantQuerySet:
    """Leave out whoever has answered this already, whatever the answer was; one that was taken back stands."""
    known = Consent.objects.filter(purpose=purpose, recipient=recipient)
    return people.exclude(pk__in=known.values("person"))
