"""One line for each person of a list: name as written and in Latin letters, age, nationality, document. Set-based."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from migrants.ages import age_words, birth_words, may_be_child
from migrants.documents import AT_CONSULATE
from migrants.enums import AloneStatus, DocumentKind, DocumentState, Sex
from migrants.models import EarlierClaim, Migrant, PersonName, TravelDocument
from migrants.searching import Found


@dataclass(frozen=True, slots=True)
class PersonLine:
    """What a list shows of one person. Holds, reasons and results of tests are never part of it."""

    pk: int
    public_id: UUID
    number: str
    full_name: str
    latin_name: str
    sex: str
    age: str
    birth: str
    is_child: bool
    alone: str
    nationalities: str
    document: str
    document_tone: str
    family: str
    why: str = ""

    @property
    def url(self) -> str:
        return reverse("returns:person", args=[self.public_id])


def lines_of(people: QuerySet[Migrant], *, at: datetime) -> list[PersonLine]:
    """Give the lines in the order of `people`; 3 queries however many there are."""
    rows = people.select_related("family").prefetch_related("nationalities", "documents")
    return [line_of(person, on=at.date()) for person in rows]


def found_lines(found: Sequence[Found], *, at: datetime) -> list[PersonLine]:
    """Give the lines of whom a search has found, in its order, each with why."""
    lines = {line.pk: line for line in lines_of(Migrant.objects.filter(pk__in=[each.pk for each in found]), at=at)}
    return [replace(lines[each.pk], why=each.sentence) for each in found if each.pk in lines]


def line_of(person: Migrant, *, on: date) -> PersonLine:
    """Give the line of one person; nationalities and documents should be prefetched."""
    birth = (person.birth_year, person.birth_month, person.birth_day)
    document, tone = document_words(list(person.documents.all()), on)
    return PersonLine(
        pk=person.pk,
        public_id=person.public_id,
        number=person.number,
        full_name=person.full_name,
        latin_name=person.latin_name,
        sex="" if person.sex == Sex.UNKNOWN else str(Sex(person.sex).label),
        age=age_words(birth, on=on),
        birth=birth_words(birth),
        is_child=person.birth_year is not None and may_be_child(birth, on=on),
        alone="" if person.alone == AloneStatus.NO else str(AloneStatus(person.alone).label),
        nationalities=", ".join(sorted(row.code for row in person.nationalities.all())),
        document=document,
        document_tone=tone,
        family=person.family.code if person.family else "",
    )


def claim_words(claim: EarlierClaim) -> str:
    """Give what was once recorded of sex and birth: "male, 1986 (person’s own word)"."""
    birth = birth_words((claim.birth_year, claim.birth_month, claim.birth_day)) or _("birth date not known")
    return f"{claim.get_sex_display()}, {birth} ({claim.get_birth_basis_display()})"


def days_of(name: PersonName) -> str:
    """Give the days on which a name was borne, as far as they are known: "2016-04-29 – …"."""
    if not (name.valid_from or name.valid_until):
        return ""
    return f"{name.valid_from or '…'} – {name.valid_until or '…'}"


def document_words(documents: list[TravelDocument], on: date) -> tuple[str, str]:
    """Give the best document in words, and how it looks: met, expiring, missing or unknown."""
    standing = [row for row in documents if row.state != DocumentState.REPLACED]
    if not standing:
        return "", "unknown"
    held = [
        row for row in standing if row.state == DocumentState.HELD and (row.expires_on is None or row.expires_on >= on)
    ]
    best = max(held or standing, key=lambda row: (row.expires_on or date.max, row.pk))
    on_its_way = best.state in AT_CONSULATE and best.state != DocumentState.REFUSED
    tone = "met" if held else "expiring" if on_its_way else "missing"
    # Labels of the enums: `get_…_display` translates every choice that there is to find one of them.
    state = DocumentState.EXPIRED if best.state == DocumentState.HELD and not held else DocumentState(best.state)
    return f"{DocumentKind(best.kind).label}, {state.label}", tone
