"""Taking an answer back. A change of mind about the return is a normal end of a case, and no no-show (rule 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from common.refusals import RefusalError
from migrants import consents
from migrants.enums import Purpose
from migrants.models import Consent, Migrant
from returns import cases, readiness
from returns.enums import CaseOutcome
from returns.models import Movement, ReturnCase, Seat
from returns.movements import BEFORE_THE_ROAD
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


@transaction.atomic
def take_back(*, consent: Consent, by: Actor, at: datetime) -> Withdrawn:
    """Take an answer back; whatever rested on it ends in the same moment.

    Consent to the return: every disclosure ends, the seat of a movement that has not left becomes free, and the case is
    closed as “changed mind”; recipients are told nothing. Raises WithdrawalError once the buses have left.
    """
    person = Migrant.objects.select_for_update(of=("self",)).get(pk=consent.person_id)
    if consent.purpose != Purpose.RETURN:
        ended = consents.withdraw(consent=consent, by=by, at=at)[1]
        readiness.check(people=[person.pk], at=at)
        return Withdrawn(consent, ended, seat_freed=False, case_closed=False)
    seats = Seat.objects.filter(person=person, movement__in=Movement.objects.running(), vehicle__isnull=False)
    waiting = [seat.movement for seat in seats.select_related("movement")]
    if any(movement.state not in BEFORE_THE_ROAD for movement in waiting):
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
    ended = consents.end_all(person=person, by=by, at=at)
    open_cases = list(ReturnCase.objects.open().filter(person=person))
    if open_cases:
        cases.close_cases(cases=open_cases, why=_("changed mind"), outcome=CaseOutcome.CHANGED_MIND, by=by, at=at)
    return Withdrawn(consent, ended, seat_freed=bool(waiting), case_closed=bool(open_cases))
