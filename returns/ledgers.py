"""The rules of several crossings as known at one moment: loaded once, asked for any hour, and with a draft laid over."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

from django.db.models import Q

from corridors.enums import Certainty
from corridors.lines import ANY, asks_at, asks_mode
from corridors.models import RequirementDraft, RequirementVersion
from corridors.rules import Content, parse_content

Direction: TypeAlias = tuple[int, str, str]
"""Crossing (its key), from country, to country."""
DRAFT = "draft"
"""The key of a rule that nobody has published yet."""


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

    def in_force(self, hour: datetime) -> bool:
        """Tell whether it is asked at `hour` (its end is exclusive)."""
        begun = self.applies_from is None or self.applies_from <= hour
        return begun and (self.applies_until is None or hour < self.applies_until)


@dataclass(frozen=True, slots=True)
class Ledger:
    """`lines`: for each direction its requirements, and of each the versions, of which the first in force counts.

    A line of every crossing stands in each direction in which it is asked.
    """

    lines: dict[Direction, dict[int, tuple[StandingRule, ...]]]
    drafted: StandingRule | None = None

    def at(self, direction: Direction, hour: datetime, mode: str = ANY) -> list[StandingRule]:
        """Give what is asked in this direction at `hour`, one rule a line, in the order of lines; withdrawn ones left out.

        Without a `mode` of travel, because nobody has said it, the lines of every mode are asked.
        """
        asked = []
        for versions in self.lines.get(direction, {}).values():
            rule = next((version for version in versions if version.in_force(hour)), None)
            if rule is not None and rule.certainty != Certainty.WITHDRAWN and asks_mode(rule.mode, mode):
                asked.append(rule)
        return asked

    def with_draft(self, draft: RequirementDraft) -> Ledger:
        """Give the same ledger as it will be once `draft` is published."""
        line = draft.requirement
        where = {direction for direction in self.lines if asks_at(line, *direction)}
        if line.crossing_id is not None:
            where.add((line.crossing_id, line.from_country, line.to_country))
        older = {direction: self.lines.get(direction, {}) for direction in where}
        numbers = [rule.number for lines in older.values() for rule in lines.get(line.pk, ())]
        rule = _drafted(draft, (draft.replaces.number if draft.replaces else max(numbers, default=0)) + 1)
        drafted = {direction: {**lines, line.pk: (rule, *lines.get(line.pk, ()))} for direction, lines in older.items()}
        return replace(self, lines={**self.lines, **drafted}, drafted=rule)


def known(directions: Collection[Direction], *, at: datetime) -> Ledger:
    """Load the rules of `directions` as known `at`, those of every crossing among them; one query.

    It asks for crossings, not for each direction: of many, putting that into words took longer than reading the rules.
    """
    if not directions:
        return Ledger({})
    crossings = {direction[0] for direction in directions}
    wanted = Q(requirement__crossing__in=crossings) | Q(requirement__crossing__isnull=True)
    versions = (
        RequirementVersion.objects.filter(wanted, known__contains=at)
        .select_related("requirement")
        .order_by("requirement__subject", "requirement", "number")
    )
    return Ledger(_by_line(versions, set(directions)))


def _by_line(
    versions: Iterable[RequirementVersion], directions: Collection[Direction]
) -> dict[Direction, dict[int, tuple[StandingRule, ...]]]:
    lines: dict[Direction, dict[int, tuple[StandingRule, ...]]] = {direction: {} for direction in directions}
    own: dict[tuple[str, str], list[Direction]] = {}
    for direction in directions:
        own.setdefault(direction[1:], []).append(direction)
    for version in versions:
        line = version.requirement
        ends = (line.from_country, line.to_country)
        if line.crossing_id is not None:
            own_way = (line.crossing_id, *ends)
            where = [own_way] if own_way in lines else []
        elif ANY in ends:
            where = [direction for direction in directions if asks_at(line, *direction)]
        else:
            where = own.get(ends, [])
        rule = _standing(version) if where else None
        for direction in where:
            rules = lines[direction]
            rules[line.pk] = (*rules.get(line.pk, ()), rule)  # type: ignore[arg-type]  # there is one where it is asked
    return lines


def _standing(version: RequirementVersion) -> StandingRule:
    return StandingRule(
        key=str(version.public_id),
        version=version.pk,
        requirement=version.requirement_id,
        subject=version.requirement.subject,
        number=version.number,
        content=_content(json.dumps(version.content)),
        zone=ZoneInfo(version.zone),
        applies_from=version.applies.lower,
        applies_until=version.applies.upper,
        certainty=version.certainty,
        source_tier=version.source_tier,
        mode=version.requirement.mode,
    )


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
