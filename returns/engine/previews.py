"""What a draft would make of everybody who waits or is planned in its direction: the statements of a check, writing nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from django.db import connection
from django.db.models import Q
from psycopg.sql import SQL, Literal

from corridors.models import RequirementDraft
from migrants.models import TravelGroup
from returns import barriers, ledgers
from returns.barriers import Barrier
from returns.concerned import directions_of, in_directions
from returns.engine import slots, writing
from returns.engine.bits import bits_of, waived
from returns.engine.by_hand import bits_by_hand, without_twin
from returns.engine.conditions import conditions_of
from returns.engine.levels import VERDICTS, code_of, verdicts_of
from returns.enums import Verdict
from returns.ledgers import Direction, StandingRule

Asked: TypeAlias = tuple[tuple[StandingRule, ...], tuple[StandingRule, ...]]


@dataclass(frozen=True, slots=True)
class Previewed:
    """One case: its worst finding before and after, and what the draft itself says of it (None: it is not asked then).

    `case`, `person` and `group` are keys, `planned` is the hour at the barrier, None without one.
    """

    case: int
    person: int
    group: int
    planned: datetime | None
    before: Verdict
    after: Verdict
    drafted: Verdict | None


def preview(draft: RequirementDraft, *, at: datetime) -> list[Previewed]:
    """Judge everybody concerned by what is asked now and by what will be asked; whoever has left is left out."""
    directions = directions_of(draft.requirement)
    wanted = in_directions(directions) | in_directions(directions, path="plan__")
    groups = list(TravelGroup.objects.filter(wanted).values_list("pk", flat=True))
    found = barriers.of_groups(groups, at=at)
    today = ledgers.known({barrier.direction for barrier in found.values()} | directions, at=at)
    tomorrow = today.with_draft(draft)
    members: dict[tuple[Direction, datetime, str], dict[int, Barrier]] = defaultdict(dict)
    for group, barrier in found.items():
        members[barrier.direction, barrier.hour, barrier.mode][group] = barrier
    alike: list[tuple[Asked, dict[int, Barrier]]] = []
    for where, barriers_there in members.items():
        asked = tuple(today.through(*where)), tuple(tomorrow.through(*where))
        same = next((group for rules, group in alike if rules == asked), None)
        if same is None:
            alike.append((asked, barriers_there))
        else:
            same |= barriers_there
    return [each for asked, barriers_there in alike for each in _previewed(asked, barriers_there, at=at)]


def _previewed(asked: Asked, found: dict[int, Barrier], *, at: datetime) -> Iterator[Previewed]:
    before, after = asked
    conditions = conditions_of([*before, *after])
    numbering = slots.numbered(conditions)
    alone = without_twin(conditions)
    hand = None
    if alone:
        placed = barriers.place(Q(person__group__in=list(found)), at=at)
        hand = bits_by_hand(placed, alone, numbering, at=at)
    bits = bits_of(conditions, numbering, own=True, by_hand=hand is not None)
    was = verdicts_of(bits, before, numbering, prefix="was_")
    drafted = next((code_of(place) for place, rule in enumerate(after) if rule.key == ledgers.DRAFT), None)
    statement = SQL(
        "with placed as ({}) select case_id, person_id, group_id, case when is_planned then hour end, was_worst, worst, {}"
        " from ({}) judged order by case_id"
    ).format(
        writing.placed(some=False),
        Literal(None) if drafted is None else drafted,
        verdicts_of(was, after, numbering),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**writing.placing(found, at=at), **waived(conditions, numbering), **(hand or {})})
        for case, person, group, planned, worst_before, worst, code in cursor.fetchall():
            yield Previewed(case, person, group, planned, Verdict(worst_before), Verdict(worst), _verdict(code))


def _verdict(code: int | None) -> Verdict | None:
    if code is None:
        return None
    return Verdict(VERDICTS[code - 1]) if code else Verdict.MET
