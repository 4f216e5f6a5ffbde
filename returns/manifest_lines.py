"""Rows of a list as a page shows them: who, what happens, and why. Remarks of the list are not shown: they may be secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max
from django.utils.translation import gettext as _

from migrants.ages import birth_words
from migrants.entries import PersonEntry, ProofEntry
from migrants.enums import DocumentKind, ProofKind, Sex
from migrants.models import Migrant
from migrants.models.people import MigrantQuerySet
from migrants.names import latin
from migrants.names.likeness import SENTENCES
from returns.enums import RowOutcome
from returns.manifest_staging import Content, content_of
from returns.models import ManifestRow, ManifestUpload
from returns.proof_lines import more_of


@dataclass(frozen=True, slots=True)
class Possible:
    """A known person whom a row may mean, with the reasons in words."""

    person: Migrant
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ManifestLine:
    """One row: its number in the file, the person as written, the outcome and what is to be said of it."""

    number: int
    outcome: str
    words: str
    tone: str
    name: str
    latin_name: str
    sex: str
    birth: str
    nationalities: str
    document: str
    shown: tuple[str, ...]
    faults: tuple[dict[str, str], ...]
    remarks: tuple[str, ...]
    possible: tuple[Possible, ...]
    twin: int | None
    person: Migrant | None
    text: str

    @property
    def people(self) -> list[Migrant]:
        """Known people whom this line shows, for the access log."""
        return [each.person for each in self.possible] + ([self.person] if self.person else [])


_TONES = {
    RowOutcome.CREATE: "met",
    RowOutcome.MATCH: "exempt",
    RowOutcome.DECIDE: "unknown",
    RowOutcome.REJECT: "missing",
    RowOutcome.SKIP: "waived",
}


def lines_of_rows(rows: Sequence[ManifestRow], *, within: MigrantQuerySet) -> list[ManifestLine]:
    """Give the lines of some rows; known people are named only as far as they are `within` the viewer's scope."""
    contents = [content_of(row) for row in rows]
    wanted = {each["person"] for content in contents for each in content.candidates}
    people = {str(person.public_id): person for person in within.filter(public_id__in=wanted)} if wanted else {}
    return [_line(row, content, people) for row, content in zip(rows, contents, strict=True)]


def blank_rows(upload: ManifestUpload) -> int:
    """Tell how many rows between the heading and the last row hold nothing."""
    seen = upload.rows.aggregate(last=Max("row_number"), rows=Count("pk"))
    last = int(seen["last"] or upload.heading_row)
    return max(last - upload.heading_row - int(seen["rows"]), 0)


def _line(row: ManifestRow, content: Content, people: dict[str, Migrant]) -> ManifestLine:
    possible = tuple(
        Possible(people[each["person"]], tuple(str(SENTENCES[code]) for code in each["reasons"] if code in SENTENCES))
        for each in content.candidates
        if each["person"] in people
    )
    return ManifestLine(
        number=row.row_number,
        outcome=row.outcome,
        words=str(RowOutcome(row.outcome).label),
        tone=_TONES[RowOutcome(row.outcome)],
        faults=tuple(content.faults),
        remarks=tuple(content.remarks),
        possible=possible,
        twin=content.twin,
        person=row.person,
        text=content.reason or content.text,
        **_shown(content.entry, content.text),
    )


def _shown(entry: PersonEntry | None, text: str) -> dict[str, Any]:
    if entry is None:
        nothing = dict.fromkeys(("latin_name", "sex", "birth", "nationalities", "document"), "")
        return nothing | {"name": text, "shown": ()}
    return {
        "name": entry.full_name,
        "latin_name": entry.latin_name or latin(entry.full_name),
        "sex": "" if entry.sex == Sex.UNKNOWN else str(Sex(entry.sex).label),
        "birth": birth_words((entry.birth_year, entry.birth_month, entry.birth_day)),
        "nationalities": ", ".join(entry.nationalities),
        "document": ", ".join(f"{DocumentKind(each.kind).label} {each.number}".strip() for each in entry.documents),
        "shown": tuple(_proof(proof) for proof in entry.proofs),
    }


def _proof(proof: ProofEntry) -> str:
    """Say what can be shown, never its number: "visa or permit: transit visa, Uzbekistan, until 01.10.2020"."""
    until = _("until %(day)s") % {"day": f"{proof.last_on:%d.%m.%Y}"} if proof.last_on else ""
    more = ", ".join(filter(None, (more_of(proof), until)))
    return f"{ProofKind(proof.kind).label}: {more}" if more else str(ProofKind(proof.kind).label)
