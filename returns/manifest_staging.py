"""Rows of a list as they are kept until somebody confirms: what was read, what is to be mended, whom each may mean."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.functional import Promise

from common.sheets import Heading, Sheet, read_table
from migrants.entries import PersonEntry
from migrants.meeting import Twins
from migrants.models.people import MigrantQuerySet
from migrants.registration import Match, match
from returns.enums import PieceKind, RowOutcome
from returns.manifest_columns import VOCABULARY, names_somebody
from returns.manifest_customs import ListCustoms
from returns.manifest_rows import ReadRow, read_row
from returns.manifest_store import entry_from_json, entry_to_json, sheet_from_text
from returns.models import ManifestRow, ManifestUpload

BATCH = 1000


class ManifestError(ValueError):
    """A list that cannot be taken as it is. `sentence` says what is wrong and how to mend it."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Content:
    """What the sealed `entry` of a row says: the entry or its faults, and whom it meets."""

    entry: PersonEntry | None
    faults: list[dict[str, str]]
    remarks: list[str]
    candidates: list[dict[str, Any]]
    twin: int | None
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Manner:
    """How a list is read: its heading, how it writes dates, and the day on which it came."""

    heading: Heading
    customs: ListCustoms
    today: date


def content_of(row: ManifestRow) -> Content:
    """Open what a row says."""
    kept = json.loads(row.entry)
    entry = kept.pop("entry")
    return Content(entry=None if entry is None else entry_from_json(entry), **kept)


def outcome_of(met: Match) -> RowOutcome:
    """Say what happens to an entry."""
    if met.known is not None:
        return RowOutcome.MATCH
    return RowOutcome.DECIDE if met.is_doubtful else RowOutcome.CREATE


def whole_sheet(upload: ManifestUpload) -> Sheet:
    """Give the list as read, put together from its pieces where it has some."""
    sheet = sheet_from_text(upload.sheet or "")
    pieces = upload.pieces.filter(kind=PieceKind.ROWS).order_by("number")
    rows = tuple(row for piece in pieces.iterator(1) for row in sheet_from_text(piece.content.decode()).rows)
    return replace(sheet, rows=rows) if rows else sheet


def stage_rows(upload: ManifestUpload, sheet: Sheet, manner: Manner, *, twins: Twins, within: MigrantQuerySet) -> int:
    """Keep what will happen to each row of `sheet`, which may be a part of the list; give how many are people.

    `twins` knows the people of the parts before, by the number of their row. A few statements however many rows.
    """
    table = read_table(sheet, VOCABULARY, heading=manner.heading)
    named = names_somebody(manner.heading.columns)
    read = [
        read_row(row, manner.heading, today=manner.today, customs=manner.customs)
        for row in (table.rows if named else ())
    ]
    entered = {each.number: each.entry for each in read if each.entry is not None}
    met = match(list(entered.values()), within=within, twins=twins, labels=list(entered))
    matches = dict(zip(entered, met, strict=True))
    rows = [_staged(upload, each, matches.get(each.number)) for each in read]
    rows += [
        _row(upload, skipped.number, RowOutcome.SKIP, text=skipped.text, reason=str(skipped.reason))
        for skipped in table.skipped
    ]
    ManifestRow.objects.bulk_create(rows, batch_size=BATCH)
    return len(table.rows)


def _staged(upload: ManifestUpload, read: ReadRow, met: Match | None) -> ManifestRow:
    if read.entry is None or met is None:
        faults = [{"column": each.column, "field": each.field, "sentence": each.sentence} for each in read.faults]
        return _row(upload, read.number, RowOutcome.REJECT, faults=faults, text=read.name)
    row = _row(
        upload,
        read.number,
        outcome_of(met),
        entry=entry_to_json(read.entry),
        remarks=list(read.remarks),
        **_whom(met),
    )
    row.person = met.known.person if met.known and row.outcome == RowOutcome.MATCH else None
    return row


def _whom(met: Match) -> dict[str, Any]:
    """Whom an entry meets, as kept: reasons by their code, so that each reader has them in their own language."""
    known = [
        {
            "person": str(candidate.person.public_id),
            "score": round(candidate.score.value, 2),
            "reasons": [reason.code for reason in candidate.score.reasons if reason.weight > 0],
        }
        for candidate in met.candidates
    ]
    return {"candidates": known, "twin": met.twin}


def _row(upload: ManifestUpload, number: int, outcome: RowOutcome, **content: Any) -> ManifestRow:
    nothing: dict[str, Any] = {
        "entry": None, "faults": [], "remarks": [], "candidates": [], "twin": None, "text": "", "reason": "",
    }  # fmt: skip
    return ManifestRow(
        upload=upload,
        mission_id=upload.mission_id,
        row_number=number,
        outcome=outcome,
        entry=json.dumps(nothing | content, ensure_ascii=False),
    )
