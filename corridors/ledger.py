"""Reading the ledger by its two clocks, and the one way in which its rows are closed and carried on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F, Func, Q, QuerySet, Value
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from corridors import rules
from corridors.enums import Certainty, ChangeKind
from corridors.lines import asked_everywhere, asks_at, zones_of
from corridors.models import BorderCrossing, Requirement, RequirementChange, RequirementDraft, RequirementVersion
from notifications.hours import local_times

Period: TypeAlias = tuple[datetime | None, datetime | None]
"""From when until when (exclusive); None where it has no beginning or no end."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Somebody at a barrier: the crossing (primary key), the direction and the hour."""

    crossing: int
    from_country: str
    to_country: str
    at: datetime


def newest(requirement: Requirement) -> RequirementVersion | None:
    """The version with the highest number, with its latest piece of time."""
    return requirement.versions.order_by("-number", "-known__startswith", "-applies__startswith").first()


def overlapping(
    requirement: Requirement, applies_from: datetime, applies_until: datetime | None
) -> list[RequirementVersion]:
    """What is now known to hold at any moment of the period."""
    return list(
        requirement.versions.filter(
            known__endswith__isnull=True, applies__overlap=DateTimeTZRange(applies_from, applies_until)
        )
    )


def place_taken_of(
    draft: RequirementDraft, replaced: Iterable[RequirementVersion] | None = None
) -> RequirementVersion | None:
    """What holds, as far as we know now, at the hour at which the draft begins; else the version it was written against.

    `replaced` is what `overlapping` gives for the draft, where it was asked already.
    """
    if replaced is None:
        replaced = overlapping(draft.requirement, draft.applies_from, draft.applies_until)
    return next((row for row in replaced if draft.applies_from in row.applies), draft.replaces)


def words_of_overlaps(draft: RequirementDraft) -> list[str]:
    """What publishing does to each version that holds at the same time, in the active language; one query and the sides.

    Whatever the draft leaves of such a version goes on: before it, and after it where the draft has an end.
    """
    zones = zones_of(draft.requirement)
    since, until = draft.applies_from, draft.applies_until
    said = []
    for row in sorted(overlapping(draft.requirement, since, until), key=lambda row: row.applies.lower):
        if row.certainty == Certainty.WITHDRAWN:
            continue
        hours = {"n": row.number, "begin": local_times(row.applies.lower, zones), "from": local_times(since, zones)}
        if row.applies.lower < since:
            said.append(_("Version %(n)d holds until %(from)s.") % hours)
        elif row.applies.lower > since:
            said.append(_("Version %(n)d, announced from %(begin)s, no longer begins then.") % hours)
        else:
            said.append(_("Version %(n)d, which begins at the same hour, is replaced.") % hours)
        if until is not None and (row.applies.upper is None or until < row.applies.upper):
            said.append(_("Version %(n)d holds from %(until)s on.") % {**hours, "until": local_times(until, zones)})
    return said


def close_and_carry_on(
    replaced: Iterable[RequirementVersion],
    applies_from: datetime,
    applies_until: datetime | None,
    *,
    known_from: datetime,
) -> None:
    """Ends the knowledge of `replaced` at `known_from` and writes what still holds of them, outside the period, anew.

    A piece that stays keeps its number, words and author: it is the same version, seen from later on.
    """
    pieces = []
    for row in replaced:
        RequirementVersion.objects.filter(pk=row.pk).update(known=DateTimeTZRange(row.known.lower, known_from))
        left = left_of((row.applies.lower, row.applies.upper), (applies_from, applies_until))
        pieces += [_piece(row, since, until, known_from) for since, until in left]
    RequirementVersion.objects.bulk_create(pieces)


def left_of(period: Period, other: Period) -> list[Period]:
    """What stays of a period where another one takes its place: what comes before it, and what comes after it. Pure."""
    (first, last), (begins, ends) = period, other
    left: list[Period] = []
    if begins is not None and (first is None or first < begins):
        left.append((first, begins if last is None else min(last, begins)))
    if ends is not None and (last is None or ends < last):
        left.append((ends if first is None else max(first, ends), last))
    return left


def close_and_carry_on_many(since: Mapping[int, datetime], *, known_from: datetime) -> None:
    """The same of many lines at once, each (by its key) from its hour on without an end: three statements for all of them."""
    open_ended = RequirementVersion.objects.filter(
        requirement__in=since,
        known__endswith__isnull=True,
        applies__overlap=DateTimeTZRange(min(since.values()), None),
    )
    replaced = [row for row in open_ended if row.applies.upper is None or row.applies.upper > since[row.requirement_id]]
    closed = Func(Func(F("known"), function="lower"), Value(known_from), function="tstzrange")
    RequirementVersion.objects.filter(pk__in=[row.pk for row in replaced]).update(known=closed)
    RequirementVersion.objects.bulk_create(
        _piece(row, *period, known_from)
        for row in replaced
        for period in left_of((row.applies.lower, row.applies.upper), (since[row.requirement_id], None))
    )


def _piece(
    row: RequirementVersion, since: datetime | None, until: datetime | None, known_from: datetime
) -> RequirementVersion:
    same = {
        column.attname: getattr(row, column.attname)
        for column in RequirementVersion._meta.concrete_fields
        if column.name not in {"id", "public_id", "applies", "known"}
    }
    return RequirementVersion(**same, applies=DateTimeTZRange(since, until), known=DateTimeTZRange(known_from, None))


def in_force(
    *, crossing: BorderCrossing, from_country: str, to_country: str, at: datetime, known_at: datetime
) -> list[RequirementVersion]:
    """What is asked of whoever crosses at `at`, as it was known at `known_at`; one query, withdrawn lines left out.

    The lines of every crossing stand among those of the crossing.
    """
    passage = Passage(crossing.pk, from_country, to_country, at)
    return in_force_many([passage], known_at=known_at)[passage]


def in_force_many(passages: Collection[Passage], *, known_at: datetime) -> dict[Passage, list[RequirementVersion]]:
    """The same for many crossings, directions and hours, in one query; every passage has its list, maybe empty."""
    found: dict[Passage, list[RequirementVersion]] = {passage: [] for passage in passages}
    if not found:
        return found
    hours = [passage.at for passage in found]
    wanted = Q(requirement__crossing__in={passage.crossing for passage in found})
    for from_country, to_country in sorted({(passage.from_country, passage.to_country) for passage in found}):
        wanted |= asked_everywhere(from_country, to_country, path="requirement__")
    versions = list(
        known(known_at)
        .filter(wanted, applies__startswith__lte=max(hours))
        .filter(Q(applies__endswith__isnull=True) | Q(applies__endswith__gt=min(hours)))
    )
    for passage, asked in found.items():
        way = (passage.crossing, passage.from_country, passage.to_country)
        asked.extend(row for row in versions if passage.at in row.applies and asks_at(row.requirement, *way))
    return found


def holding(requirement: Requirement, *, at: datetime, known_at: datetime) -> RequirementVersion | None:
    """What one line asks at `at`, as it was known at `known_at`; None where it asks nothing."""
    return known(known_at).filter(requirement=requirement, applies__contains=at).first()


def known(known_at: datetime) -> QuerySet[RequirementVersion]:
    """Every requirement that was known at `known_at` to hold at some time, with its line, in a fixed order."""
    return (
        RequirementVersion.objects.filter(known__contains=known_at)
        .exclude(certainty=Certainty.WITHDRAWN)
        .select_related("requirement", "authority")
        .order_by("requirement__subject", "number", "applies")
    )


def kind_of(row: RequirementVersion | RequirementDraft, before: RequirementVersion | None) -> str:
    """What a version, or a draft once it is published, does to what was known before."""
    if row.correction:
        return ChangeKind.CORRECTED
    if row.certainty == Certainty.WITHDRAWN:
        return ChangeKind.WITHDRAWN
    if before is None or before.certainty == Certainty.WITHDRAWN:
        return ChangeKind.NEW
    return ChangeKind.CHANGED


def sentence_of(version: RequirementVersion) -> str:
    """What a version asks, in the active language; of a withdrawn one, that it asks no more."""
    sentence = rules.explain(rules.parse_content(version.content), get_language() or "en")
    return _("No longer asked: %(rule)s") % {"rule": sentence} if version.certainty == Certainty.WITHDRAWN else sentence


def differences(before: RequirementVersion | None, version: RequirementVersion | RequirementDraft) -> list[str]:
    """What a version, or a draft once it is published, changes: rule, certainty, source, in the active language."""
    content = rules.parse_content(version.content)
    if before is None:
        return rules.diff(None, content)
    if version.certainty == Certainty.WITHDRAWN:
        return [_("withdrawn; nothing is asked any more")]
    said = rules.diff(rules.parse_content(before.content), content)
    if before.certainty == Certainty.WITHDRAWN:
        said = rules.diff(None, content)
    elif before.certainty != version.certainty:
        said.append(
            _("now %(now)s; was %(was)s")
            % {"now": version.get_certainty_display(), "was": before.get_certainty_display()}
        )
    if version.correction:
        said.insert(0, _wrong_before(version))
    if before.source_tier != version.source_tier:
        said.append(
            _("source now %(now)s; was %(was)s")
            % {"now": version.get_source_tier_display(), "was": before.get_source_tier_display()}
        )
    return said


def _wrong_before(version: RequirementVersion | RequirementDraft) -> str:
    return _("entered wrongly before: %(what)s") % {"what": version.correction}


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of a line with its whole story. `pieces` are its rows, the one that was published first."""

    version: RequirementVersion
    change: RequirementChange | None
    differences: list[str]
    pieces: list[RequirementVersion] = field(default_factory=list)

    @property
    def public_differences(self) -> list[str]:
        """The differences for anybody: what was entered wrongly before stays in the words of its author, and inside."""
        return [said for said in self.differences if said != _wrong_before(self.version)]

    @property
    def number(self) -> int:
        return self.version.number

    @property
    def still_known(self) -> list[RequirementVersion]:
        """The pieces of time for which this version is believed now; none if it was replaced altogether."""
        return [piece for piece in self.pieces if piece.known.upper is None]

    @property
    def sentence(self) -> str:
        """What it asks, in the active language."""
        return sentence_of(self.version)


def ledger(requirement: Requirement) -> list[Entry]:
    """Every version of a line, the oldest first, each with what it changed in the words of the active language."""
    return ledgers([requirement])[requirement]


def ledgers(requirements: Iterable[Requirement]) -> dict[Requirement, list[Entry]]:
    """The same of several lines, in their order; two queries however many there are."""
    found = {requirement: list[Entry]() for requirement in requirements}
    pieces: dict[int, dict[int, list[RequirementVersion]]] = defaultdict(lambda: defaultdict(list))
    rows = RequirementVersion.objects.filter(requirement__in=found).select_related("authority")
    for row in rows.order_by("number", "known__startswith", "pk"):
        pieces[row.requirement_id][row.number].append(row)
    published = RequirementChange.objects.filter(version__requirement__in=found)
    changes = {change.version_id: change for change in published}
    for requirement, entries in found.items():
        for _number, of_number in sorted(pieces[requirement.pk].items()):
            version = of_number[0]
            before = entries[-1].version if entries else None
            entries.append(Entry(version, changes.get(version.pk), differences(before, version), pieces=of_number))
    return found
