"""What a crossing asks, for anybody to read: rules, hours and certainty; no source in its own words, no author, no person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from corridors.enums import Certainty
from corridors.ledger import Entry, ledgers
from corridors.lines import asked_at, asked_everywhere, asks_at, crossings_of
from corridors.models import Attachment, BorderCrossing, Requirement, RequirementChange, RequirementVersion
from corridors.ways import directions_of

LINE = "version__requirement__"
"""From a change to its line."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A version and the period, of those it holds, that is meant here."""

    entry: Entry
    row: RequirementVersion

    @property
    def is_withdrawn(self) -> bool:
        return self.row.certainty == Certainty.WITHDRAWN


@dataclass(frozen=True, slots=True)
class PublicLine:
    """One line of requirements at an hour: what is asked, what is known to come, and when it last changed."""

    line: Requirement
    asked: Piece | None
    ahead: tuple[Piece, ...]
    gone: Piece | None
    changed_at: datetime
    pictures: tuple[Attachment, ...]
    """Of the papers behind what is asked, those that anybody may see."""
    changed: bool
    """Whether it changed since the moment that the reader asks about."""


def published_crossings() -> QuerySet[BorderCrossing]:
    """The crossings of which something was published, by code, with their sides."""
    published = Requirement.objects.filter(versions__number=1)
    wanted = Q(pk__in=published.filter(crossing__isnull=False).values("crossing"))
    for line in published.filter(crossing__isnull=True).distinct():
        wanted |= Q(pk__in=crossings_of(line).filter(is_airport=False).values("pk"))
    return BorderCrossing.objects.filter(wanted).prefetch_related("sides").order_by("code")


def directions_published(crossings: Iterable[BorderCrossing]) -> dict[int, list[tuple[str, str]]]:
    """The directions of these crossings for which something was published, by the crossing's key; one query."""
    places = list(crossings)
    lines = Requirement.objects.filter(Q(crossing__in=places) | Q(crossing__isnull=True), versions__number=1).distinct()
    found: dict[int, set[tuple[str, str]]] = {}
    everywhere = []
    for line in lines:
        if line.crossing_id is None:
            everywhere.append(line)
        else:
            found.setdefault(line.crossing_id, set()).add((line.from_country, line.to_country))
    for place in places:
        for way in directions_of(place):
            if any(asks_at(line, place.pk, *way) for line in everywhere):
                found.setdefault(place.pk, set()).add(way)
    return {crossing: sorted(ways) for crossing, ways in found.items()}


def lines_of(
    crossing: BorderCrossing, from_country: str, to_country: str, *, at: datetime, since: datetime
) -> list[PublicLine]:
    """Every published line of a direction as it stands `at`, with what changed after `since`; a constant number of queries."""
    rows = Requirement.objects.filter(asked_at(crossing.pk, from_country, to_country), versions__number=1).distinct()
    entries = ledgers(rows.order_by("subject", "mode", "pk"))
    shown = Attachment.objects.filter(version__requirement__in=entries, is_public=True).select_related("version")
    pictures = list(shown.defer("content"))
    return [_line(line, of_line, pictures, at=at, since=since) for line, of_line in entries.items()]


def _line(
    line: Requirement, entries: list[Entry], pictures: list[Attachment], *, at: datetime, since: datetime
) -> PublicLine:
    pieces = [Piece(entry, row) for entry in entries for row in entry.still_known]
    holding = next((piece for piece in pieces if at in piece.row.applies), None)
    ahead = sorted(
        (piece for piece in pieces if piece.row.applies.lower > at), key=lambda piece: piece.row.applies.lower
    )
    changed_at = max(entry.version.entered_at for entry in entries)
    changed = changed_at >= since
    return PublicLine(
        line=line,
        asked=holding if holding and not holding.is_withdrawn else None,
        ahead=tuple(ahead),
        gone=holding if holding and holding.is_withdrawn and changed else None,
        changed_at=changed_at,
        pictures=tuple(
            picture
            for picture in pictures
            if holding and (picture.version.requirement_id, picture.version.number) == (line.pk, holding.entry.number)
        ),
        changed=changed,
    )


def changes_at(
    *, crossing: BorderCrossing | None = None, country: str = "", most: int, before: int | None = None
) -> list[RequirementChange]:
    """The newest published changes at a crossing, or at every crossing with a side in a country; one query and the sides.

    `before` is the key of a change that was given already: those older than it.
    """
    rows = RequirementChange.objects.select_related(
        "version__requirement__crossing", "version__authority", "previous__requirement"
    ).prefetch_related("version__requirement__crossing__sides")
    if crossing is not None:
        rows = rows.filter(_at_crossing(crossing))
    if country:
        of_country = BorderCrossing.objects.filter(sides__country=country)
        ends = Q(**{f"{LINE}from_country": country}) | Q(**{f"{LINE}to_country": country})
        rows = rows.filter(Q(**{f"{LINE}crossing__in": of_country}) | Q(**{f"{LINE}crossing__isnull": True}) & ends)
    last = RequirementChange.objects.filter(pk=before).values_list("at", flat=True).first() if before else None
    if last is not None:
        rows = rows.filter(Q(at__lt=last) | Q(at=last, pk__lt=before))
    return list(rows.order_by("-at", "-pk")[:most])


def _at_crossing(crossing: BorderCrossing) -> Q:
    wanted = Q(**{f"{LINE}crossing": crossing})
    for way in directions_of(crossing):
        wanted |= asked_everywhere(*way, path=LINE)
    return wanted


def earlier_changes(change: RequirementChange) -> list[RequirementChange]:
    """The changes of the same line before this one, the oldest first: what it takes the place of."""
    rows = RequirementChange.objects.filter(
        version__requirement=change.version.requirement, version__number__lt=change.version.number
    )
    return list(rows.select_related("version").order_by("version__number"))
