"""A ledger for replaying: the same versions with the same two clocks, on copies of crossings that are thrown away.

Whoever makes a `Sandbox` rolls its transaction back. Copies of the crossings keep it apart from what stands in the real
ledger and from its locks: nobody waits for a replay, and nobody is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from common import countries
from common.actors import Actor
from corridors import requirements
from corridors.enums import Certainty, SourceTier
from corridors.models import BorderCrossing, CrossingSide
from corridors.replay.lists import Change
from corridors.rules import NOTHING, All, AnyOf, Content, Not, Rule, content_to_json, parse_content
from partners.enums import OrganisationKind
from partners.models import Organisation

Way: TypeAlias = tuple[int, str, str]
"""Crossing (its key), from country, to country."""
LONGEST_SIDE_EFFECT = 300
KNOWN_AFTER = timedelta(minutes=1)
"""When all versions of one change are known: those of one instant stand a microsecond apart."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What one row asks of one line: since when, of whom (None: everybody), and what (None: nothing any more)."""

    since: datetime
    turn: int
    whom: Rule | None
    content: Content | None


class Sandbox:
    """The ledger of some ways, empty at first. Changes are entered in the order in which they became known."""

    def __init__(self, ways: Collection[Way], *, by: Actor) -> None:
        self.by = by
        self._real = BorderCrossing.objects.prefetch_related("sides").in_bulk({way[0] for way in ways})
        self._copies = {key: _copy(crossing) for key, crossing in self._real.items()}
        self._authorities: dict[str, Organisation] = {}
        self._asked: dict[tuple[Way, str], list[Asking]] = defaultdict(list)
        self._written: dict[tuple[Way, str], dict[datetime, Content]] = defaultdict(dict)

    def copied(self, way: Way) -> Way:
        """The same way at the copy of its crossing: where the ledger is to be read."""
        return (self._copies[way[0]].pk, way[1], way[2])

    def since(self, change: Change, way: Way) -> datetime:
        """The instant from which a change applies there: its wall time on the clock of its country's side."""
        return self._instant(change.since, change.country, way)

    def known(self, change: Change, way: Way) -> datetime:
        """The instant at which it was known; every version of it is known a minute later."""
        return self._instant(change.announced, change.country, way)

    def enter(self, change: Change, way: Way) -> None:
        """Enter one change there, as a version of each line that it says something about. Raises RequirementError."""
        since, known = self.since(change, way), self.known(change, way)
        for subject, content in change.asked.items():
            line = (way, subject)
            asked = None if content is None else parse_content(content)
            self._asked[line].append(Asking(since, len(self._asked[line]), change.whom.rule, asked))
            starts = sorted({one.since for one in self._asked[line] if one.since >= since})
            for start, until in zip(starts, [*starts[1:], None], strict=True):
                says = combined([one for one in self._asked[line] if one.since <= start])
                if self._stands(line, start) != says:
                    self._write(change, line, says, start, until, known=known)
                self._written[line][start] = says

    def _stands(self, line: tuple[Way, str], hour: datetime) -> Content:
        before = [start for start in self._written[line] if start <= hour]
        return self._written[line][max(before)] if before else Content(NOTHING)

    def _write(
        self,
        change: Change,
        line: tuple[Way, str],
        says: Content,
        start: datetime,
        until: datetime | None,
        *,
        known: datetime,
    ) -> None:
        (crossing, from_country, to_country), subject = line
        written = requirements.draft(
            requirement_line=(self._copies[crossing], from_country, to_country, subject),
            content=content_to_json(says),
            certainty=Certainty.CONFIRMED if change.source else Certainty.REPORTED,
            source_tier=SourceTier.PUBLISHED if change.source else SourceTier.ORAL_AUTHORITY,
            source_text=". ".join(part for part in (change.source, change.note) if part)
            or _("source not named in the list"),
            authority=self._authority(change.country),
            applies_from=start,
            applies_until=until,
            by=self.by,
            at=known,
        )
        requirements.enter(draft=written, by=self.by, at=known)

    def _instant(self, wall: datetime, country: str, way: Way) -> datetime:
        if wall.tzinfo is not None:
            return wall
        sides = {side.country: side.zone for side in self._real[way[0]].sides.all()}
        return wall.replace(tzinfo=ZoneInfo(sides.get(country) or next(iter(sides.values()))))

    def _authority(self, country: str) -> Organisation:
        if country not in self._authorities:
            self._authorities[country] = Organisation.objects.create(
                code=f"replayed-{country.lower()}",
                kind=OrganisationKind.BORDER,
                country=country,
                name_en=countries.name(country, "en"),
            )
        return self._authorities[country]


def _copy(crossing: BorderCrossing) -> BorderCrossing:
    copy = BorderCrossing.objects.create(code=f"~{crossing.pk}", modes=crossing.modes, is_airport=crossing.is_airport)
    CrossingSide.objects.bulk_create(
        CrossingSide(crossing=copy, country=side.country, name_latin=side.name_latin, zone=side.zone, rank=side.rank)
        for side in crossing.sides.all()
    )
    return BorderCrossing.objects.prefetch_related("sides").get(pk=copy.pk)


def combined(asked: Sequence[Asking]) -> Content:
    """Say in one rule what several rows ask together: of each person that counts which named them last."""
    parts: list[tuple[Rule | None, Content]] = []
    newer: list[Rule] = []
    for one in sorted(asked, key=lambda each: (each.since, each.turn), reverse=True):
        if one.whom is not None and one.whom in newer:
            continue
        if one.content is not None:
            conditions = [*([one.whom] if one.whom else []), *map(_turned, newer)]
            if not any(_turned(condition) in conditions for condition in conditions):  # else nobody is left
                parts.append((_all(conditions), one.content))
        if one.whom is None:
            break
        newer.append(one.whom)
    return _joined(parts)


def _joined(parts: Sequence[tuple[Rule | None, Content]]) -> Content:
    if not parts:
        return Content(NOTHING)
    if len(parts) == 1:
        whom, content = parts[0]
        return Content(content.rule, whom, content.exempt, content.price, content.side_effect)
    asked = [(whom, content) for whom, content in parts if content.rule != NOTHING]
    rule = [content.rule if whom is None else AnyOf((_turned(whom), content.rule)) for whom, content in asked]
    follows = dict.fromkeys(content.side_effect for _whom, content in parts if content.side_effect)
    return Content(
        rule=_all(rule) or NOTHING,
        price=next((content.price for _whom, content in parts if content.price), None),
        side_effect="; ".join(follows)[:LONGEST_SIDE_EFFECT],
    )


def _all(rules: Sequence[Rule]) -> Rule | None:
    return None if not rules else rules[0] if len(rules) == 1 else All(tuple(rules))


def _turned(rule: Rule) -> Rule:
    return rule.part if isinstance(rule, Not) else Not(rule)
