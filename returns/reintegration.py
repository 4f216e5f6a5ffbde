"""Asking an organisation at home to help somebody settle in: only with the person's own yes to that organisation (rule 6).

The officer tells the organisation; nothing is sent. What it may know of the person is a disclosure like any other, which
ends when it has declined or is done.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants.consents import disclose, limit_disclosures
from migrants.enums import Purpose, ReferralAnswer
from migrants.erasure import is_erased
from migrants.models import Disclosure, Migrant
from partners.models import Organisation
from returns.enums import ReintegrationService
from returns.models import Reintegration
from returns.models.aftercare import ReintegrationQuerySet

LONGEST = 4000


class ReintegrationError(RefusalError):
    """A referral or an answer that cannot be. `field` names what to mend, `sentence` says why and what to do."""


@transaction.atomic
def refer(
    *,
    person: Migrant,
    organisation: Organisation,
    service: str,
    note: str = "",
    referred_at: datetime,
    by: Actor,
    at: datetime,
) -> Reintegration:
    """Ask `organisation` to help; the same is not asked twice while it is open.

    Raises ReintegrationError without the person's yes to this organisation, or where nothing may be shared with it.
    """
    if service not in ReintegrationService.values:
        raise ReintegrationError("service", _("Say for what: choose one."))
    _refuse_hour("referred_at", referred_at, at=at)
    _refuse_length("note", note)
    Migrant.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if Reintegration.objects.open().filter(person=person, organisation=organisation, service=service).exists():
        raise ReintegrationError("organisation", _("This is asked of them already, and not done yet."))
    disclose(people=[person], recipient=organisation, purpose=Purpose.REINTEGRATION, by=by, at=at)
    shown = _shown(person, organisation, at=at)
    if shown is None:
        raise ReintegrationError(
            "organisation",
            _(
                "Nothing can be shared with %(organisation)s for this person. Ask the person, and record the answer first."
            )
            % {"organisation": organisation.name},
        )
    row = Reintegration.objects.create(
        person=person,
        mission_id=person.mission_id,
        organisation=organisation,
        consent_id=shown.consent_id,
        service=service,
        note=note.strip() or None,
        referred_at=referred_at,
        recorded_at=at,
        by=by,
    )
    audit.record("reintegration asked for", row, by=by, at=at)
    return row


@transaction.atomic
def answer(*, referral: Reintegration, said: str, note: str = "", by: Actor, at: datetime) -> Reintegration:
    """Write down whether they accepted; what is declined is closed with it, and they see nothing of the person any more.

    The same answer again changes nothing. Raises ReintegrationError for another one, or a refusal without a word.
    """
    row = _locked(referral)
    if said not in ReferralAnswer.values:
        raise ReintegrationError("said", _("Say whether they accepted or declined."))
    if row.answer == said:
        return row
    _refuse_taken_back(row)
    if row.answer or row.closed_at is not None:
        raise ReintegrationError("said", _("This was answered already. Ask anew, or somebody else."))
    declined = said == ReferralAnswer.DECLINED
    if declined and not note.strip():
        raise ReintegrationError("note", _("Write why they declined, and what is done instead."))
    _refuse_length("note", note)
    row.answer, row.answered_at, row.answered_by, row.answer_note = said, at, by, note.strip() or None
    if declined:
        row.closed_at, row.closed_by = at, by
    row.save(update_fields=["answer", "answered_at", "answered_by", "answer_note", "closed_at", "closed_by"])
    audit.record(f"reintegration {said}", row, by=by, at=at)
    if declined:
        _end_showing(row, by=by, at=at)
    return row


@transaction.atomic
def finish(*, referral: Reintegration, outcome: str, by: Actor, at: datetime) -> Reintegration:
    """Write down what came of it; done once. Raises ReintegrationError before they accepted, or without words."""
    row = _locked(referral)
    if row.closed_at is not None:
        raise ReintegrationError("", _("This is closed already. Nothing was changed."))
    _refuse_taken_back(row)
    if row.answer != ReferralAnswer.ACCEPTED:
        raise ReintegrationError("", _("They have not accepted yet. Write their answer down first."))
    if not outcome.strip():
        raise ReintegrationError("outcome", _("Write what came of it."))
    _refuse_length("outcome", outcome)
    row.outcome, row.closed_at, row.closed_by = outcome.strip(), at, by
    row.save(update_fields=["outcome", "closed_at", "closed_by"])
    audit.record("reintegration done", row, by=by, at=at)
    _end_showing(row, by=by, at=at)
    return row


@transaction.atomic
def stop(*, referral: Reintegration, note: str, by: Actor, at: datetime) -> Reintegration:
    """Close what the person no longer wants, once the organisation was told; `note` says who was.

    What it was shown had ended when the yes was taken back. Raises ReintegrationError where the yes stands, or without words.
    """
    row = _locked(referral)
    if row.closed_at is not None:
        raise ReintegrationError("", _("This is closed already. Nothing was changed."))
    if not is_taken_back(row):
        raise ReintegrationError("", _("The person has not taken the yes back. Nothing was changed."))
    if not note.strip():
        raise ReintegrationError("note", _("Write who was told that the person took the yes back."))
    _refuse_length("note", note)
    row.answer_note = "\n".join(filter(None, [row.answer_note, note.strip()]))
    row.closed_at, row.closed_by = at, by
    row.save(update_fields=["answer_note", "closed_at", "closed_by"])
    audit.record("reintegration stopped", row, by=by, at=at)
    return row


def is_taken_back(row: Reintegration) -> bool:
    """Tell whether the person has taken back the yes by which the organisation was asked."""
    return row.consent.withdrawn_at is not None


def _locked(referral: Reintegration) -> Reintegration:
    return Reintegration.objects.select_for_update(of=("self",)).select_related("consent").get(pk=referral.pk)


def _refuse_taken_back(row: Reintegration) -> None:
    if is_taken_back(row):
        raise ReintegrationError(
            "",
            _("The person took the yes to %(organisation)s back. Tell it to stop, and write down who was told.")
            % {"organisation": row.organisation.name},
        )


def waiting(rows: ReintegrationQuerySet) -> ReintegrationQuerySet:
    """Narrow `rows` to what organisations have not done yet, of people who were not erased; the oldest first."""
    return rows.open().exclude(is_erased("person")).order_by("referred_at", "pk")


def _shown(person: Migrant, organisation: Organisation, *, at: datetime) -> Disclosure | None:
    """The disclosure by which this organisation may know of the person for this purpose now."""
    rows = Disclosure.objects.filter(person=person, recipient=organisation, purpose=Purpose.REINTEGRATION)
    live = Q(valid_until__isnull=True) | Q(valid_until__gt=at)
    return rows.filter(live, valid_from__lte=at).order_by("-valid_from", "-pk").first()


def _end_showing(row: Reintegration, *, by: Actor, at: datetime) -> None:
    """They know of the person as long as one thing that they were asked for is open."""
    others = Reintegration.objects.open().filter(person=row.person_id, organisation=row.organisation_id)
    if not others.exists():
        shown = Disclosure.objects.filter(
            person=row.person_id, recipient=row.organisation_id, purpose=Purpose.REINTEGRATION
        )
        limit_disclosures(disclosures=list(shown), until=at, by=by, at=at)


def _refuse_hour(field: str, hour: datetime, *, at: datetime) -> None:
    if hour > at:
        raise ReintegrationError(field, _("That hour is still to come. Check the time."))


def _refuse_length(field: str, words: str) -> None:
    if len(words) > LONGEST:
        raise ReintegrationError(field, _("This is too long. Write at most 4,000 characters."))
