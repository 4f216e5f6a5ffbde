"""Screening by the protection officer: what a person needs, and to whom they are referred. No scores (rule 16)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from common import audit
from common.actors import Actor
from migrants.enums import ProtectionNeed, ReferralAnswer, ScreeningStage, Service
from migrants.models import Migrant, ProtectionHold, Referral, Screening
from migrants.protection import ProtectionError
from partners.models import Organisation

NEVER_IN_LISTS = frozenset({ProtectionNeed.VIOLENCE, ProtectionNeed.TRAFFICKING, ProtectionNeed.FEAR})
"""Needs of which no list and no count may say anything outside the closed room."""
OLDEST = timedelta(days=366)


@transaction.atomic
def screen(
    *,
    person: Migrant,
    stage: str,
    needs: Collection[str],
    note: str = "",
    interpreter: str = "",
    screened_at: datetime,
    by: Actor,
    at: datetime,
) -> Screening:
    """Write one conversation down; earlier ones stay. No needs is an answer too. Raises ProtectionError."""
    if stage not in ScreeningStage.values:
        raise ProtectionError("stage", _("Say when on the journey this was: choose one."))
    if unknown := sorted(set(needs) - set(ProtectionNeed.values)):
        raise ProtectionError("needs", _("“%(need)s” is not on the list of needs.") % {"need": unknown[0]})
    _refuse_hour(screened_at, field="screened_at", at=at)
    row = Screening.objects.create(
        person=person,
        mission_id=person.mission_id,
        stage=stage,
        screened_at=screened_at,
        needs=" ".join(need for need in ProtectionNeed.values if need in needs),
        note=note.strip() or None,
        interpreter=interpreter.strip(),
        recorded_at=at,
        by=by,
    )
    audit.record("person screened", row, by=by, at=at)
    return row


def needs_of(screening: Screening) -> list[ProtectionNeed]:
    """Give the needs that a screening found."""
    return [ProtectionNeed(code) for code in (screening.needs or "").split()]


@transaction.atomic
def refer(
    *,
    screening: Screening,
    organisation: Organisation,
    service: str,
    reason: str,
    referred_at: datetime,
    by: Actor,
    at: datetime,
) -> Referral:
    """Ask an organisation to help, after a screening; nothing is sent: the officer tells them. Raises ProtectionError.

    Where the screening found violence, trafficking or fear the referral never counts anywhere outside the closed room.
    """
    if service not in Service.values:
        raise ProtectionError("service", _("Say for what: choose one."))
    if not reason.strip():
        raise ProtectionError("reason", _("Write why; only protection officers can read it."))
    _refuse_hour(referred_at, field="referred_at", at=at)
    if referred_at < screening.screened_at:
        raise ProtectionError("referred_at", _("The referral cannot come before the screening. Check the time."))
    row = Referral.objects.create(
        screening=screening,
        person_id=screening.person_id,
        mission_id=screening.mission_id,
        organisation=organisation,
        service=service,
        reason=reason.strip(),
        in_lists=not NEVER_IN_LISTS & set(needs_of(screening)),
        referred_at=referred_at,
        recorded_at=at,
        by=by,
    )
    audit.record("person referred", row, by=by, at=at)
    return row


@transaction.atomic
def answer_referral(*, referral: Referral, answer: str, note: str = "", by: Actor, at: datetime) -> Referral:
    """Write down whether the organisation accepted; a referral that is declined is closed with it.

    The same answer again changes nothing, another is refused. Raises ProtectionError.
    """
    referral = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    if answer not in ReferralAnswer.values:
        raise ProtectionError("answer", _("Say whether they accepted or declined."))
    if referral.answer == answer:
        return referral
    if referral.closed_at is not None or referral.answer:
        raise ProtectionError("answer", _("This referral was answered already. Refer the person anew."))
    declined = answer == ReferralAnswer.DECLINED
    if declined and not note.strip():
        raise ProtectionError("note", _("Write why they declined, and what is done instead."))
    referral.answer, referral.answered_at, referral.answered_by = answer, at, by
    referral.answer_note = note.strip() or None
    if declined:
        referral.closed_at, referral.closed_by, referral.outcome = at, by, note.strip()
    referral.save(
        update_fields=["answer", "answered_at", "answered_by", "answer_note", "closed_at", "closed_by", "outcome"]
    )
    audit.record(f"referral {answer}", referral, by=by, at=at)
    return referral


@transaction.atomic
def close_referral(*, referral: Referral, outcome: str, by: Actor, at: datetime) -> Referral:
    """Write down what came of a referral; closing it again changes nothing. Raises ProtectionError."""
    referral = Referral.objects.select_for_update(of=("self",)).get(pk=referral.pk)
    if referral.closed_at is not None:
        return referral
    if not outcome.strip():
        raise ProtectionError("outcome", _("Write what came of it; only protection officers can read it."))
    referral.closed_at, referral.closed_by, referral.outcome = at, by, outcome.strip()
    referral.save(update_fields=["closed_at", "closed_by", "outcome"])
    audit.record("referral closed", referral, by=by, at=at)
    return referral


def countable(*, at: datetime) -> Q:
    """Select, by `person`, whom a count outside IOM may hold: nobody under a hold, so that a count gives nobody away."""
    held = ProtectionHold.objects.filter(set_at__lte=at).filter(Q(cleared_at__isnull=True) | Q(cleared_at__gt=at))
    return ~Q(person__in=held.values("person"))


def open_referrals(organisations: Collection[Organisation], *, at: datetime) -> QuerySet[Referral]:
    """Give the open referrals to these organisations that may be counted on their page."""
    rows = Referral.objects.filter(organisation__in=organisations, closed_at__isnull=True, in_lists=True)
    return rows.filter(countable(at=at), person__merged_into__isnull=True)


def _refuse_hour(hour: datetime, *, field: str, at: datetime) -> None:
    if hour > at:
        raise ProtectionError(field, _("That hour is still to come. Check the time."))
    if hour < at - OLDEST:
        raise ProtectionError(field, _("That is more than a year ago. Check the date."))
