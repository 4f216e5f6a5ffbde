"""Taking an answer back. A change of mind about the return is a normal end of a case, and no no-show (rule 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common.actors import Actor
from common.refusals import RefusalError
from migrants import consents
from migrants.enums import Purpose
from migrants.models import Consent, Disclosure, Migrant
from partners.models import Organisation
from returns import cases, readiness
from returns.enums import CaseOutcome
from returns.models import Movement, ReturnCase, Seat
from returns.movements import BEFORE_THE_ROAD, buses_out
from returns.seating import leave_out


class WithdrawalError(RefusalError):
    """An answer that cannot be taken back any more; `sentence` says what can still be done."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What followed: how many disclosures ended, whether a seat became free, and whether the case was closed."""

    consent: Consent
    ended: int
    seat_freed: bool
    case_closed: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What taking an answer back would do now: who no longer sees the person, which seat becomes free, whether the case is
    closed; and `has_left` where it is about the return and the buses are on their way.
    """

    recipients: tuple[Organisation, ...]
    seats: tuple[Movement, ...]
    closes_case: bool
    has_left: bool


def effect_of(*, consent: Consent, at: datetime) -> Effect:
    """Say what `take_back` would do. A constant number of queries."""
    live = Disclosure.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=at), person=consent.person_id)
    is_return = consent.purpose == Purpose.RETURN
    resting = live if is_return else live.filter(consent=consent)
    recipients = Organisation.objects.filter(pk__in=resting.values("recipient")).order_by("code")
    waiting = _waiting(consent.person_id) if is_return else []
    return Effect(
        recipients=tuple(recipients),
        seats=tuple(waiting),
        closes_case=is_return and ReturnCase.objects.open().filter(person=consent.person_id).exists(),
        has_left=any(_has_left(movement, consent.person_id) for movement in waiting),
    )


def _waiting(person: int) -> list[Movement]:
    """Give the running movements in which somebody has a seat, but for a bus that has come back to the crossing."""
    seats = Seat.objects.filter(person=person, movement__in=Movement.objects.running(), vehicle__isnull=False)
    return [seat.movement for seat in seats.filter(vehicle__returned_at__isnull=True).select_related("movement__group")]


def _has_left(movement: Movement, person: int) -> bool:
    """Tell whether the bus in which somebody sits is on its way, alone or with all the others."""
    if movement.state not in BEFORE_THE_ROAD:
        return True
    return movement.seats.filter(person=person, vehicle__in=buses_out(movement)).exists()


@transaction.atomic
def take_back(*, consent: Consent, by: Actor, at: datetime) -> Withdrawn:
    """Take an answer back; whatever rested on it ends in the same moment.

    Consent to the return: every disclosure ends, the seat of a movement that has not left becomes free, and the case is
    closed as “changed mind”; recipients are told nothing. Raises WithdrawalError once the buses have left.
    """
    person = Migrant.objects.select_for_update(of=("self",)).get(pk=consent.person_id)
    if consent.purpose != Purpose.RETURN:
        ended = consents.withdraw(consent=consent, by=by, at=at)[1]
        readiness.check(people=[person.pk], at=at, facts_only=True)
        return Withdrawn(consent, ended, seat_freed=False, case_closed=False)
    waiting = _waiting(person.pk)
    if any(_has_left(movement, person.pk) for movement in waiting):
        raise WithdrawalError(
            "",
            _(
                "The buses have left, and the journey cannot be undone here. What is possible: take back being shown to a "
                "consulate, and at the next halt write the person down as not travelling."
            ),
        )
    for movement in waiting:
        leave_out(movement=movement, people=[person], by=by, at=at)
    consents.withdraw(consent=consent, by=by, at=at)
    ended = consents.end_all(people=[person], by=by, at=at)
    open_cases = list(ReturnCase.objects.open().filter(person=person))
    if open_cases:
        cases.close_cases(cases=open_cases, why=_("changed mind"), outcome=CaseOutcome.CHANGED_MIND, by=by, at=at)
    return Withdrawn(consent, ended, seat_freed=bool(waiting), case_closed=bool(open_cases))
