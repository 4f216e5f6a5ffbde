"""The rules of several crossings as known at one moment: loaded once, asked for any hour, and with a draft laid over."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from django.db.models import Q

from corridors.enums import Certainty
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

    def in_force(self, hour: datetime) -> bool:
        """Tell whether it is asked at `hour` (its end is exclusive)."""
        begun = self.applies_from is None or self.applies_from <= hour
        return begun and (self.applies_until is None or hour < self.applies_until)


@dataclass(frozen=True, slots=True)
class Ledger:
    """`lines`: for each direction its requirements, and of each the versions, of which the first in force counts."""

    lines: dict[Direction, dict[int, tuple[StandingRule, ...]]]
    drafted: StandingRule | None = None

    def at(self, direction: Direction, hour: datetime) -> list[StandingRule]:
        """Give what is asked in this direction at `hour`, one rule a line, in the order of lines; withdrawn ones left out."""
        asked = []
        for versions in self.lines.get(direction, {}).values():
            rule = next((version for version in versions if version.in_force(hour)), None)
            if rule is not None and rule.certainty != Certainty.WITHDRAWN:
                asked.append(rule)
        return asked

    def with_draft(self, draft: RequirementDraft) -> Ledger:
        """Give the same ledger as it will be once `draft` is published."""
        line = draft.requirement
        direction = (line.crossing_id, line.from_country, line.to_country)
        lines = dict(self.lines.get(direction, {}))
        older = lines.get(line.pk, ())
        number = draft.replaces.number if draft.replaces else max((rule.number for rule in older), default=0)
        rule = _drafted(draft, number + 1)
        lines[line.pk] = (rule, *older)
        return replace(self, lines={**self.lines, direction: lines}, drafted=rule)


def known(directions: Collection[Direction], *, at: datetime) -> Ledger:
    """Load the rules of `directions` as known `at`; one query."""
    if not directions:
        return Ledger({})
    wanted = Q()
    for crossing, from_country, to_country in set(directions):
        wanted |= Q(
            requirement__crossing=crossing, requirement__from_country=from_country, requirement__to_country=to_country
        )
    versions = (
        RequirementVersion.objects.filter(wanted, known__contains=at)
        .select_related("requirement")
        .order_by("requirement__subject", "requirement", "number")
    )
    return Ledger(_by_line(versions))


def _by_line(versions: Iterable[RequirementVersion]) -> dict[Direction, dict[int, tuple[StandingRule, ...]]]:
    lines: dict[Direction, dict[int, tuple[StandingRule, ...]]] = {}
    for version in versions:
        line = version.requirement
        direction = (line.crossing_id, line.from_country, line.to_country)
        rules = lines.setdefault(direction, {})
        rules[line.pk] = (*rules.get(line.pk, ()), _standing(version))
    return lines


def _standing(version: RequirementVersion) -> StandingRule:
    return StandingRule(
        key=str(version.public_id),
        version=version.pk,
        requirement=version.requirement_id,
        subject=version.requirement.subject,
        number=version.number,
        content=parse_content(version.content),
        zone=ZoneInfo(version.zone),
        applies_from=version.applies.lower,
        applies_until=version.applies.upper,
        certainty=version.certainty,
        source_tier=version.source_tier,
    )


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
    )
