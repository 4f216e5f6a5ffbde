"""What a crossing asks, for anybody to read: rules, hours and certainty; no source in its own words, no author, no person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from corridors.enums import Certainty
from corridors.ledger import Entry, ledgers
from corridors.models import BorderCrossing, Requirement, RequirementChange, RequirementVersion


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
    changed: bool
    """Whether it changed since the moment that the reader asks about."""


def published_crossings() -> QuerySet[BorderCrossing]:
    """The crossings of which something was published, by code, with their sides."""
    published = Requirement.objects.filter(versions__number=1)
    return (
        BorderCrossing.objects.filter(requirements__in=published).distinct().prefetch_related("sides").order_by("code")
    )


def directions_published(crossings: Iterable[BorderCrossing]) -> dict[int, list[tuple[str, str]]]:
    """The directions of these crossings for which something was published, by the crossing's key; one query."""
    rows = (
        Requirement.objects.filter(crossing__in=list(crossings), versions__number=1)
        .values_list("crossing", "from_country", "to_country")
        .distinct()
        .order_by("from_country", "to_country")
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for crossing, from_country, to_country in rows:
        found.setdefault(crossing, []).append((from_country, to_country))
    return found


def lines_of(
    crossing: BorderCrossing, from_country: str, to_country: str, *, at: datetime, since: datetime
) -> list[PublicLine]:
    """Every published line of a direction as it stands `at`, with what changed after `since`; a constant number of queries."""
    rows = Requirement.objects.filter(
        crossing=crossing, from_country=from_country, to_country=to_country, versions__number=1
    ).distinct()
    entries = ledgers(rows.order_by("subject", "pk"))
    return [_line(line, of_line, at=at, since=since) for line, of_line in entries.items()]


def _line(line: Requirement, entries: list[Entry], *, at: datetime, since: datetime) -> PublicLine:
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
        changed=changed,
    )


def changes_at(*, crossing: BorderCrossing | None = None, country: str = "", most: int) -> list[RequirementChange]:
    """The newest published changes at a crossing, or at every crossing with a side in a country; one query and the sides."""
    rows = RequirementChange.objects.select_related(
        "version__requirement__crossing", "version__authority", "previous__requirement"
    ).prefetch_related("version__requirement__crossing__sides")
    if crossing is not None:
        rows = rows.filter(version__requirement__crossing=crossing)
    if country:
        rows = rows.filter(version__requirement__crossing__in=BorderCrossing.objects.filter(sides__country=country))
    return list(rows.order_by("-at", "-pk")[:most])


def earlier_changes(change: RequirementChange) -> list[RequirementChange]:
    """The changes of the same line before this one, the oldest first: what it takes the place of."""
    rows = RequirementChange.objects.filter(
        version__requirement=change.version.requirement, version__number__lt=change.version.number
    )
    return list(rows.select_related("version").order_by("version__number"))
