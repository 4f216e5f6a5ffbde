"""Heads that were counted and not registered: nothing is known of them but with which group they stand at which barrier."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from corridors.models import RequirementVersion
from corridors.rules import Content, NamedGroup, content_leaves
from migrants.heads import heads_of
from migrants.models.groups import TravelGroupQuerySet
from returns import barriers
from returns.barriers import Barrier
from returns.enums import Verdict
from returns.facts import UNREGISTERED
from returns.judging import judge
from returns.ledgers import StandingRule

ANOTHER = "-"
"""The code of no group."""


def heads_asked(rules: Iterable[StandingRule], barrier: Barrier, heads: int) -> dict[str, int]:
    """Give of how many of `heads` each rule (by key) may ask something: of none where it means another group or spares this,
    or where nothing that could be bought would help.
    """
    return {rule.key: heads for rule in rules if _asks(rule.content, barrier, rule.zone)}


def heads_asked_by(version: RequirementVersion, content: Content, groups: TravelGroupQuerySet, unknown: int) -> int:
    """Give of how many of the `unknown` heads of many groups a version may ask something; three queries if it names groups."""
    codes = {code for leaf in content_leaves(content) if isinstance(leaf, NamedGroup) for code in leaf.codes}
    if not codes or not unknown:
        return unknown
    named = list(groups.filter(code__in=codes).values_list("pk", flat=True))
    heads, zone, at = heads_of(named), ZoneInfo(version.zone), version.applies.lower
    standing = barriers.of_groups(named, at=at)
    asked = sum(heads[key].unknown for key, barrier in standing.items() if _asks(content, barrier, zone))
    others = unknown - sum(heads[key].unknown for key in named)
    return asked + (others if others > 0 and _asks_of_others(content, zone, at) else 0)


def _asks(content: Content, barrier: Barrier, zone: ZoneInfo) -> bool:
    facts = replace(UNREGISTERED, group_code=barrier.group_code, passage=barrier.passage)
    found = judge(content, facts, judged_for=barrier.hour, late_for=barrier.late, zone=zone)
    return found.verdict == Verdict.UNKNOWN


def _asks_of_others(content: Content, zone: ZoneInfo, at: datetime) -> bool:
    facts = replace(UNREGISTERED, group_code=ANOTHER)
    return judge(content, facts, judged_for=at, late_for=at, zone=zone).verdict == Verdict.UNKNOWN
