"""A hold and what it does to a journey: off every movement that would lead past those countries, and judged anew (rule 3)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from common.actors import Actor
from migrants import protection
from migrants.models import HoldQuestion, Migrant, ProtectionHold
from returns import readiness
from returns.models import Movement
from returns.movements import BEFORE_THE_ROAD, buses_out
from returns.seating import leave_out


@transaction.atomic
def hold(*, person: Migrant, reason: str, against: Collection[str], by: Actor, at: datetime) -> ProtectionHold:
    """Set a hold; the person is simply not travelling, without a word why. Raises ProtectionError."""
    row = protection.set_hold(person=person, reason=reason, against=against, by=by, at=at)
    _take_off([row], by=by, at=at)
    return row


@transaction.atomic
def spread(
    *, question: HoldQuestion, also: Sequence[Migrant], note: str, by: Actor, at: datetime
) -> list[ProtectionHold]:
    """Answer whether a hold concerns others of the group, and take off whom it does. Raises ProtectionError."""
    rows = protection.answer_question(question=question, also=also, note=note, by=by, at=at)
    _take_off(rows, by=by, at=at)
    return rows


def _take_off(holds: Sequence[ProtectionHold], *, by: Actor, at: datetime) -> None:
    """Free the seats of movements that have not left and whose countries the hold names; nothing is said on them."""
    people = {row.person_id: row.person for row in holds}
    against = {row.person_id: row.against for row in holds}
    waiting = Movement.objects.filter(
        state__in=BEFORE_THE_ROAD, seats__person__in=people, seats__vehicle__isnull=False
    ).distinct()
    for movement in waiting.select_related("corridor_version__corridor"):
        corridor = movement.corridor_version.corridor
        seats = movement.seats.filter(person__in=people, vehicle__isnull=False)
        seated = seats.exclude(vehicle__in=buses_out(movement)).values_list("person", flat=True)
        off = [
            people[key]
            for key in seated
            if any(protection.forbids(against[key], country) for country in corridor.countries[1:])
        ]
        leave_out(movement=movement, people=off, by=by, at=at)
    if people:
        readiness.check(people=list(people), at=at, facts_only=True)
