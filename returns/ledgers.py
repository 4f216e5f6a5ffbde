"""The rules of several crossings as known at one moment: loaded once, asked for any hour, and with a draft laid over."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from corridors.enums import Certainty
from corridors.ledger import left_of
from corridors.lines import ANY, asks_at, asks_mode, meets
from corridors.models import RequirementDraft, RequirementVersion
from corridors.rules import Content, parse_content

Direction: TypeAlias = tuple[int, str, str]
"""Crossing (its key), from country, to country."""
LONGEST_QUEUE = timedelta(days=1)
"""Nobody is planned to wait longer, so an hour further back has passed with its queue, and nobody is judged for it any more."""
DRAFT = "draft"
"""The key of a rule that nobody has published yet."""
_OF_LINE = ("requirement__crossing", "requirement__from_country", "requirement__to_country", "requirement")
_OF_VERSION = (
    "public_id",
    "pk",
    "number",
    "requirement__subject",
    "requirement__mode",
    "text",
    "zone",
    "applies__startswith",
    "applies__endswith",
    "certainty",
    "source_tier",
)
"""What of a row is read, as plain values: of many rows, making models of them took longer than reading them."""


@dataclass(frozen=True, slots=True)
class StandingRule:
    """One version as judging needs it. `key` is its public id, under which findings are kept; `number` counts versions."""

    key: str
    version: int | None
    requirement: int
    subject: str
    number: int
    content: Content
    zone: ZoneInfo
    applies_from: datetime | None
    applies_until: datetime | None
    certainty: str
    source_tier: str
    mode: str = ANY
    """By what those travel who are asked; empty for everybody."""
    begins_in_queue: bool = False
    """Of those that `Ledger.through` gives: whether it begins only while a queue from that hour on may last."""

    def in_force(self, hour: datetime) -> bool:
        """Tell whether it is asked at `hour` (its end is exclusive)."""
        begun = self.applies_from is None or self.applies_from <= hour
        return begun and (self.applies_until is None or hour < self.applies_until)

    def begins_after(self, hour: datetime, *, until: datetime) -> bool:
        """Tell whether it begins after `hour`, and not later than `until`."""
        return self.applies_from is not None and hour < self.applies_from <= until

    def without(self, other: StandingRule) -> list[StandingRule]:
        """Give the pieces of it that stand where `other` replaces it while it applies, as publishing writes them."""
        left = left_of((self.applies_from, self.applies_until), (other.applies_from, other.applies_until))
        return [
            replace(self, key=f"{self.key} again" if place else self.key, applies_from=begins, applies_until=ends)
            for place, (begins, ends) in enumerate(left)
        ]


@dataclass(frozen=True, slots=True)
class Ledger:
    """`lines`: for each direction its requirements, and of each the versions, of which one at most is in force at a time.

    A line of every crossing stands in each direction in which it is asked.
    """

    lines: dict[Direction, dict[int, tuple[StandingRule, ...]]]
    drafted: StandingRule | None = None

    def at(self, direction: Direction, hour: datetime, mode: str = ANY) -> list[StandingRule]:
        """Give what is asked in this direction at `hour`, one rule a line, in the order of lines; withdrawn ones left out.

        Without a `mode` of travel, because nobody has said it, the lines of every mode are asked.
        """
        return [rule for rule in self._rules(direction, mode) if rule.in_force(hour)]

    def over(self, direction: Direction, hour: datetime, late: datetime, mode: str = ANY) -> list[StandingRule]:
        """Give what is asked at `hour`, and what begins until `late`, when the queue is over."""
        rules = self._rules(direction, mode)
        return [rule for rule in rules if rule.in_force(hour) or rule.begins_after(hour, until=late)]

    def through(self, direction: Direction, hour: datetime, mode: str = ANY) -> list[StandingRule]:
        """Give what may be asked of whoever is to pass from `hour` on, until the longest queue is over."""
        asked = []
        for rule in self._rules(direction, mode):
            if rule.begins_after(hour, until=hour + LONGEST_QUEUE):
                asked.append(replace(rule, begins_in_queue=True))
            elif rule.in_force(hour):
                asked.append(rule)
        return asked

    def _rules(self, direction: Direction, mode: str) -> Iterator[StandingRule]:
        for versions in self.lines.get(direction, {}).values():
            for rule in versions:
                if rule.certainty != Certainty.WITHDRAWN and asks_mode(rule.mode, mode):
                    yield rule

    def with_draft(self, draft: RequirementDraft) -> Ledger:
        """Give the same ledger as it will be once `draft` is published."""
        line = draft.requirement
        where = {direction for direction in self.lines if asks_at(line, *direction)}
        if line.crossing_id is not None:
            where.add((line.crossing_id, line.from_country, line.to_country))
        older = {direction: self.lines.get(direction, {}) for direction in where}
        numbers = [rule.number for lines in older.values() for rule in lines.get(line.pk, ())]
        rule = _drafted(draft, (draft.replaces.number if draft.replaces else max(numbers, default=0)) + 1)
        drafted = {
            direction: {**lines, line.pk: _laid_over(rule, lines.get(line.pk, ()))}
            for direction, lines in older.items()
        }
        return replace(self, lines={**self.lines, **drafted}, drafted=rule)


def known(directions: Collection[Direction], *, at: datetime, hours: tuple[datetime, datetime] | None = None) -> Ledger:
    """Load the rules of `directions` as known `at`, those of every crossing among them; one query.

    With `hours` only those that apply at a moment from the first to the last of the two.

    It asks for crossings, not for each direction: of many, putting that into words took longer than reading the rules.
    """
    if not directions:
        return Ledger({})
    crossings = {direction[0] for direction in directions}
    wanted = Q(requirement__crossing__in=crossings) | Q(requirement__crossing__isnull=True)
    if hours is not None:
        wanted &= Q(applies__overlap=DateTimeTZRange(*hours, "[]"))
    rows = (
        RequirementVersion.objects.filter(wanted, known__contains=at)
        .order_by("requirement__subject", "requirement", "number")
        .annotate(text=Cast("content", TextField()))
        .values_list(*_OF_LINE, *_OF_VERSION)
    )
    return Ledger(_by_line(rows, set(directions)))


def _by_line(
    rows: Iterable[tuple[Any, ...]], directions: Collection[Direction]
) -> dict[Direction, dict[int, tuple[StandingRule, ...]]]:
    lines: dict[Direction, dict[int, tuple[StandingRule, ...]]] = {direction: {} for direction in directions}
    own: dict[tuple[str, str], list[Direction]] = {}
    for direction in directions:
        own.setdefault(direction[1:], []).append(direction)
    for crossing, start, end, requirement, *version in rows:
        if crossing is not None:
            own_way = (crossing, start, end)
            where = [own_way] if own_way in lines else []
        elif ANY in (start, end):
            where = [direction for direction in directions if meets(start, end, *direction[1:])]
        else:
            where = own.get((start, end), [])
        if not where:
            continue
        rule = _standing(requirement, version)
        for direction in where:
            rules = lines[direction]
            rules[requirement] = (*rules.get(requirement, ()), rule)
    return lines


def _standing(requirement: int, row: Sequence[Any]) -> StandingRule:
    public_id, version, number, subject, mode, text, zone, applies_from, applies_until, certainty, source_tier = row
    return StandingRule(
        key=str(public_id),
        version=version,
        requirement=requirement,
        subject=subject,
        number=number,
        content=_content(text),
        zone=ZoneInfo(zone),
        applies_from=applies_from,
        applies_until=applies_until,
        certainty=certainty,
        source_tier=source_tier,
        mode=mode,
    )


def _laid_over(drafted: StandingRule, versions: Iterable[StandingRule]) -> tuple[StandingRule, ...]:
    return (drafted, *(piece for version in versions for piece in version.without(drafted)))


@lru_cache(maxsize=1000)
def _content(text: str) -> Content:
    """Read what a version says once; many crossings ask the same."""
    return parse_content(json.loads(text))


def _drafted(draft: RequirementDraft, number: int) -> StandingRule:
    return StandingRule(
        key=DRAFT,
        version=None,
        requirement=draft.requirement_id,
        subject=draft.requirement.subject,
        number=number,
        content=parse_content(draft.content),
        zone=ZoneInfo(draft.zone),
        applies_from=draft.applies_from,
        applies_until=draft.applies_until,
        certainty=draft.certainty,
        source_tier=draft.source_tier,
        mode=draft.requirement.mode,
    )
