"""Who is to stand at which barrier and when: open cases with the hour of their group's plan. Set-based, no judgement."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from migrants.models import TravelGroup
from returns.ledgers import Direction, Ledger, StandingRule
from returns.models import ReturnCase

RECHECK_UNPLANNED = timedelta(minutes=30)
"""A case without an hour is judged as if it crossed now; how long that judgement may stand."""
_OF_GROUP = (
    "crossing",
    "from_country",
    "to_country",
    "code",
    "plan__crossing",
    "plan__from_country",
    "plan__to_country",
    "plan__cross_at",
    "plan__queue_minutes",
    "plan__corridor_version__corridor__transit_country",
    "plan__corridor_version__corridor__to_country",
    "plan__mode",
    "plan__corridor_version__corridor__further_countries",
)
_FIELDS = ("pk", "person", "person__group", *(f"person__group__{name}" for name in _OF_GROUP))


@dataclass(frozen=True, slots=True)
class Barrier:
    """Where and when a group is judged. `planned` is the agreed hour; without one, or when it has passed, `hour` is now.

    `countries` are those of destination and transit, which will learn of the person; None where no corridor says it.
    `mode` is by what they cross; empty where nobody has said it.
    `passage`: whether the corridor leads through the country that is entered ("transit") or ends there ("stay"), "" without
    a corridor. What is asked at a barrier does not depend on the group that stands there.
    """

    waiting: Direction
    direction: Direction
    hour: datetime
    late: datetime
    planned: datetime | None
    lapsed: bool
    countries: frozenset[str] | None
    mode: str = ""
    passage: str = ""
    group_code: str = field(default="", compare=False)

    @property
    def recheck_at(self) -> datetime:
        """When the judgement must be made again though no fact has changed."""
        return self.hour + RECHECK_UNPLANNED if self.planned is None else self.late


def asked_at(ledger: Ledger, barrier: Barrier) -> list[StandingRule]:
    """Give what is asked of whoever stands at a barrier, from the hour until the queue is over."""
    return ledger.over(barrier.direction, barrier.hour, barrier.late, barrier.mode)


@dataclass(frozen=True, slots=True)
class PlacedCase:
    """One open case: its key, its person, its group and the barrier."""

    case: int
    person: int
    group: int
    barrier: Barrier


def place(cases: Q, *, at: datetime) -> list[PlacedCase]:
    """Load the open cases that `cases` selects, in the order of their keys; one query."""
    rows = (
        ReturnCase.objects.open()
        .living()
        .filter(cases, person__group__isnull=False)
        .order_by("pk")
        .values_list(*_FIELDS)
    )
    return list(_placed(rows, at))


def of_groups(groups: Collection[int], *, at: datetime) -> dict[int, Barrier]:
    """Give the barrier of each group (by key); one query."""
    rows = TravelGroup.objects.filter(pk__in=groups).values_list("pk", *_OF_GROUP)
    return {group: _barrier(where, at) for group, *where in rows}


def _placed(rows: Iterable[tuple[object, ...]], at: datetime) -> Iterable[PlacedCase]:
    barriers: dict[object, Barrier] = {}
    for case, person, group, *where in rows:
        if group not in barriers:
            barriers[group] = _barrier(where, at)
        yield PlacedCase(case, person, group, barriers[group])  # type: ignore[arg-type]  # columns of `_FIELDS`


def _barrier(where: list[object], at: datetime) -> Barrier:
    waiting, code, planned_direction = tuple(where[:3]), where[3], tuple(where[4:7])
    return barrier(
        waiting=waiting,  # type: ignore[arg-type]
        direction=waiting if where[4] is None else planned_direction,  # type: ignore[arg-type]
        cross_at=where[7],  # type: ignore[arg-type]
        queue=timedelta(minutes=where[8] or 0),  # type: ignore[arg-type]
        corridor=(where[9], where[10]),  # type: ignore[arg-type]
        mode=where[11] or "",  # type: ignore[arg-type]
        further=where[12] or (),  # type: ignore[arg-type]
        at=at,
        group_code=str(code),
    )


def barrier(
    *,
    waiting: Direction,
    direction: Direction,
    cross_at: datetime | None,
    queue: timedelta,
    corridor: tuple[str | None, str | None],
    mode: str = "",
    further: Collection[str] = (),
    at: datetime,
    group_code: str = "",
) -> Barrier:
    """Give the barrier of a plan; a plan whose hour and queue have passed counts as none.

    `corridor` is the country that is entered and the one that is reached, `further` those that are crossed in between.
    """
    transit, destination = corridor
    countries = None if destination is None else frozenset(filter(None, (direction[2], transit, *further, destination)))
    passage = "" if destination is None else "stay" if direction[2] == destination else "transit"
    lapsed = cross_at is not None and cross_at + queue <= at
    if cross_at is None or lapsed:
        return Barrier(waiting, direction, at, at, None, lapsed, countries, mode, passage, group_code)
    return Barrier(
        waiting, direction, cross_at, cross_at + queue, cross_at, False, countries, mode, passage, group_code
    )
