"""A ledger for replaying: the same versions with the same two clocks, on copies of crossings that are thrown away.

Whoever makes a `Sandbox` rolls its transaction back. Copies of the crossings keep it apart from what stands in the real
ledger and from its locks: nobody waits for a replay, and nobody is told.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from common import countries
from common.actors import Actor
from corridors import requirements
from corridors.entering import RequirementError, readable
from corridors.enums import Certainty, SourceTier
from corridors.ledger import close_and_carry_on_many
from corridors.models import BorderCrossing, CrossingSide, Requirement, RequirementVersion
from corridors.replay.lists import Change
from corridors.rules import NOTHING, All, AnyOf, Content, Not, Rule, parse_content
from partners.enums import OrganisationKind
from partners.models import Organisation

Way: TypeAlias = tuple[int, str, str]
"""Crossing (its key), from country, to country."""
Line: TypeAlias = tuple[Way, str]
"""A way and a subject."""
LONGEST_SIDE_EFFECT = 300
A_BREATH = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, order=True)
class Asking:
    """What one row asks of one line: since when, of whom (None: everybody), and what (None: nothing any more)."""

    since: datetime
    turn: int
    whom: Rule | None = field(compare=False)
    content: Content | None = field(compare=False)


@dataclass(frozen=True, slots=True)
class Span:
    """What one line says from one hour until another (None: from then on)."""

    start: datetime
    until: datetime | None
    says: Content


class Sandbox:
    """The ledger of some ways, empty at first. Changes are entered in the order in which they became known."""

    def __init__(self, ways: Collection[Way], *, by: Actor) -> None:
        self.by = by
        self._real = BorderCrossing.objects.prefetch_related("sides").in_bulk({way[0] for way in ways})
        self._copies = {key: _copy(crossing) for key, crossing in self._real.items()}
        self._authorities: dict[str, Organisation] = {}
        self._asked: dict[Line, list[Asking]] = defaultdict(list)
        self._written: dict[Line, list[Span]] = defaultdict(list)
        self._lines: dict[Line, Requirement] = {}
        self._numbers: dict[Line, int] = defaultdict(int)
        self._known: datetime | None = None

    def copied(self, way: Way) -> Way:
        """The same way at the copy of its crossing: where the ledger is to be read."""
        return (self._copies[way[0]].pk, way[1], way[2])

    def since(self, change: Change, way: Way) -> datetime:
        """The instant from which a change applies there: its wall time on the clock of its country's side."""
        return self._instant(change.since, change.country, way)

    def announced(self, change: Change, ways: Collection[Way]) -> datetime:
        """The instant at which it was known at the first of these ways, after all that was known before it.

        Rows of one day stand a microsecond apart, in the order of the list: knowledge never goes back.
        """
        known = min(self._instant(change.announced, change.country, way) for way in ways)
        self._known = known if self._known is None else max(known, self._known + A_BREATH)
        return self._known

    def enter(self, change: Change, ways: Sequence[Way], *, known: datetime) -> None:
        """Enter one change on these ways, as versions of each line that it says something about.

        Raises RequirementError; then nothing of it stands.
        """
        new = {}
        for subject, said in change.asked.items():
            content = None if said is None else parse_content(said)
            for way in ways:
                line = (way, subject)
                new[line] = Asking(self.since(change, way), len(self._asked[line]), change.whom.rule, content)
                insort(self._asked[line], new[line])
        try:
            planned = {line: spans for line, one in new.items() if (spans := self._changed(line, one.since))}
            contents = {span.says: readable(span.says) for spans in planned.values() for span in spans}
        except RequirementError:
            for line, one in new.items():
                self._asked[line].remove(one)
            raise
        self._write(change, planned, contents, known=known)

    def _changed(self, line: Line, since: datetime) -> list[Span]:
        """What the line says from this hour on, cut where another row changes it again; empty where that stands already."""
        asked = self._asked[line]
        later = asked[bisect_left(asked, since, key=_since) :]
        starts = sorted({one.since for one in later})
        spans = [
            Span(start, until, combined(asked[: bisect_right(asked, start, key=_since)]))
            for start, until in zip(starts, [*starts[1:], None], strict=True)
        ]
        return spans if any(self._stands(line, span.start) != span.says for span in spans) else []

    def _stands(self, line: Line, hour: datetime) -> Content:
        written = self._written[line]
        place = bisect_right(written, hour, key=_start)
        return written[place - 1].says if place else Content(NOTHING)

    def _write(
        self,
        change: Change,
        planned: Mapping[Line, Sequence[Span]],
        contents: Mapping[Content, dict[str, object]],
        *,
        known: datetime,
    ) -> None:
        """Close what is known of these lines from their first hour on, and write what they say now."""
        if not planned:
            return
        lines = {line: self._line(line) for line in planned}
        close_and_carry_on_many({lines[line].pk: spans[0].start for line, spans in planned.items()}, known_from=known)
        RequirementVersion.objects.bulk_create(
            self._version(change, line, lines[line], span, contents[span.says], known=known)
            for line, spans in planned.items()
            for span in spans
        )
        for line, spans in planned.items():
            written = self._written[line]
            written[bisect_left(written, spans[0].start, key=_start) :] = spans

    def _version(
        self,
        change: Change,
        line: Line,
        requirement: Requirement,
        span: Span,
        content: dict[str, object],
        *,
        known: datetime,
    ) -> RequirementVersion:
        (crossing, from_country, to_country), _subject = line
        self._numbers[line] += 1
        authority = self._authority(change.country)
        return RequirementVersion(
            requirement=requirement,
            number=self._numbers[line],
            content=content,
            certainty=Certainty.CONFIRMED if change.source else Certainty.REPORTED,
            source_tier=SourceTier.PUBLISHED if change.source else SourceTier.ORAL_AUTHORITY,
            source_text=". ".join(part for part in (change.source, change.note) if part)
            or _("source not named in the list"),
            authority=authority,
            zone=requirements.zone_of(self._copies[crossing], authority, from_country, to_country),
            applies=DateTimeTZRange(span.start, span.until),
            known=DateTimeTZRange(known, None),
            entered_at=known,
            entered_by=self.by,
        )

    def _line(self, line: Line) -> Requirement:
        if line not in self._lines:
            (crossing, from_country, to_country), subject = line
            self._lines[line] = Requirement.objects.create(
                crossing=self._copies[crossing], from_country=from_country, to_country=to_country, subject=subject
            )
        return self._lines[line]

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


def _since(one: Asking) -> datetime:
    return one.since


def _start(span: Span) -> datetime:
    return span.start


def combined(asked: Sequence[Asking]) -> Content:
    """Say in one rule what several rows, the oldest first, ask together: of each person that counts which named them last."""
    parts: list[tuple[Rule | None, Content | None]] = []
    for one in reversed(asked):
        if all(one.whom != whom for whom, _content in parts):
            parts.append((one.whom, one.content))
        if one.whom is None:
            break
    asking = dict.fromkeys(content for _whom, content in parts if content is not None)
    return _joined([(people, each) for each in asking for people in _people(parts, each)])


def _people(parts: Sequence[tuple[Rule | None, Content | None]], content: Content) -> Iterator[Rule | None]:
    """Give of whom `content` is asked (None: of everybody), or nothing where newer rows leave nobody.

    `parts` come newest first. Whoever is named by a newer row that asks something else is taken out.
    """
    meant: list[Rule] = []
    others: list[Rule] = []
    for whom, asked in parts:
        if asked != content:
            others += [] if whom is None else [_turned(whom)]
            continue
        people = _all([*([] if whom is None else [whom]), *others])
        if people is None:
            yield None
            return
        if whom is None or whom not in others:
            meant.append(people)
    if any(_turned(people) in meant for people in meant):
        yield None
    elif meant:
        yield meant[0] if len(meant) == 1 else AnyOf(tuple(meant))


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
