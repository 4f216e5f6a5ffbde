"""Two records beside each other: what each says, where they agree, and why they may be one person. Set-based."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common import countries
from migrants.ages import birth_words
from migrants.entries import PersonEntry
from migrants.enums import DocumentKind, Sex
from migrants.models import DuplicatePair, Migrant, TravelDocument
from migrants.names import latin
from migrants.names.likeness import SENTENCES
from returns.people_lines import PersonLine, line_of
from returns.ways import zones_of


@dataclass(frozen=True, slots=True)
class Side:
    """One record: its line, the group in which it stands, who registered it, and its documents without numbers."""

    line: PersonLine
    group: str
    registered_at: datetime
    by: str
    other_names: str
    nationalities: str
    documents: str
    zone: str


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that both records say, or do not."""

    label: str
    said: tuple[tuple[str, str], tuple[str, str]]
    """The number of each record, and what it says."""

    @property
    def agrees(self) -> bool:
        return self.said[0][1] == self.said[1][1]

    @property
    def differs(self) -> bool:
        """Tell that both say something, and not the same."""
        return all(value for _number, value in self.said) and not self.agrees


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair with both sides (the one registered first stands first), and the reasons for and against."""

    pair: DuplicatePair
    sides: tuple[Side, Side]
    reasons: tuple[dict[str, Any], ...]

    @property
    def score(self) -> int:
        return round(self.pair.score * 100)

    @property
    def rows(self) -> list[Row]:
        one, other = self.sides
        said = [
            (_("Name as written"), one.line.full_name, other.line.full_name),
            (_("In Latin letters"), one.line.latin_name, other.line.latin_name),
            (_("Also written"), one.other_names, other.other_names),
            (_("Sex"), one.line.sex, other.line.sex),
            (_("Born"), one.line.birth, other.line.birth),
            (_("Nationality"), one.nationalities, other.nationalities),
            (_("Documents"), one.documents, other.documents),
            (_("Family"), one.line.family, other.line.family),
            (_("Group"), one.group, other.group),
        ]
        numbers = one.line.number, other.line.number
        return [
            Row(label, ((numbers[0], first), (numbers[1], second))) for label, first, second in said if first or second
        ]


def of(pairs: Sequence[DuplicatePair], *, at: datetime) -> list[Pair]:
    """Give the pairs with their sides; a constant number of queries."""
    sides = sides_of({key for pair in pairs for key in (pair.first_id, pair.second_id)}, at=at)
    return [_pair(pair, sides) for pair in pairs]


def beside(entry: PersonEntry, side: Side) -> list[Row]:
    """Give what is entered and what a known record says, thing by thing; what neither says is left out."""
    born = birth_words((entry.birth_year, entry.birth_month, entry.birth_day))
    kinds = ", ".join(str(DocumentKind(document.kind).label) for document in entry.documents)
    said = [
        (_("Name as written"), entry.full_name, side.line.full_name),
        (_("In Latin letters"), entry.latin_name or latin(entry.full_name), side.line.latin_name),
        (_("Also written"), ", ".join(name for name, _kind in entry.other_names), side.other_names),
        (_("Sex"), "" if entry.sex == Sex.UNKNOWN else str(Sex(entry.sex).label), side.line.sex),
        (_("Born"), born, side.line.birth),
        (_("Nationality"), ", ".join(sorted(map(countries.name, entry.nationalities))), side.nationalities),
        (_("Documents"), kinds, side.documents),
        (_("Group"), "", side.group),
    ]
    labels = _("entered"), side.line.number
    return [Row(label, ((labels[0], one), (labels[1], other))) for label, one, other in said if one or other]


def sides_of(people: Collection[int], *, at: datetime) -> dict[int, Side]:
    """Give the side of each of `people` (keys), those of merged records too."""
    rows = Migrant.objects.filter(pk__in=people).select_related("family", "group__crossing").defer("phone", "note")
    rows = rows.prefetch_related("nationalities", "documents", "names", "group__crossing__sides")
    return {row.pk: _side(row, at) for row in rows}


def _pair(pair: DuplicatePair, sides: dict[int, Side]) -> Pair:
    one, other = sorted(
        (sides[pair.first_id], sides[pair.second_id]), key=lambda side: (side.registered_at, side.line.pk)
    )
    reasons = [
        {"sentence": str(SENTENCES[each["code"]]), "speaks_for": each["weight"] > 0}
        for each in pair.reasons
        if each["code"] in SENTENCES
    ]
    return Pair(pair, (one, other), tuple(reasons))


def _side(person: Migrant, at: datetime) -> Side:
    return Side(
        line=line_of(person, on=at.date()),
        group=person.group.code if person.group else "",
        registered_at=person.registered_at,
        by=str(person.by),
        other_names=", ".join(name.full_name for name in person.names.all()),
        nationalities=", ".join(sorted(countries.name(row.code) for row in person.nationalities.all())),
        documents=", ".join(_document(row) for row in person.documents.all()),
        zone=zones_of(person.group)[0] if person.group else "UTC",
    )


def _document(row: TravelDocument) -> str:
    words = f"{row.get_kind_display()}, {row.get_state_display()}"
    return f"{words}, {row.expires_on:%d.%m.%Y}" if row.expires_on else words
