"""Rows of a list as they are kept until somebody confirms: what was read, what is to be mended, whom each may mean."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.functional import Promise

from common.many_rows import Mould, store_many
from common.sheets import Heading, Sheet, SkippedRow, read_table
from migrants.entries import PersonEntry
from migrants.meeting import Twins
from migrants.models.people import MigrantQuerySet
from migrants.registration import Looked, Match, describe, match_described
from returns.enums import PieceKind, RowOutcome
from returns.manifest_columns import VOCABULARY, names_somebody
from returns.manifest_comparing import note_look
from returns.manifest_customs import ListCustoms
from returns.manifest_rows import ReadRow, read_row
from returns.manifest_store import entry_from_json, entry_to_json, json_of, sheet_from_text
from returns.models import ManifestRow, ManifestUpload


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


@dataclass(frozen=True, slots=True)
class ReadPart:
    """A part of a list as read, before it is compared with anybody known; `people` are its rows that are no totals."""

    sheet: Sheet
    people: int
    read: list[ReadRow]
    looked: list[Looked]
    skipped: tuple[SkippedRow, ...]


def read_part(sheet: Sheet, manner: Manner, *, twins: Twins) -> ReadPart:
    """Read the rows of `sheet`, which may be a part of the list; nothing is asked of the database.

    `twins` knows the people of the parts before, by the number of their row.
    """
    table = read_table(sheet, VOCABULARY, heading=manner.heading)
    named = names_somebody(manner.heading.columns)
    read = [
        read_row(row, manner.heading, today=manner.today, customs=manner.customs)
        for row in (table.rows if named else ())
    ]
    entered = {each.number: each.entry for each in read if each.entry is not None}
    looked = describe(list(entered.values()), twins=twins, labels=list(entered))
    return ReadPart(sheet, len(table.rows), read, looked, table.skipped)


def stage_part(upload: ManifestUpload, part: ReadPart, *, within: MigrantQuerySet) -> int:
    """Keep what will happen to each row of a part; give how many are people. A few statements however many rows."""
    note_look(upload)
    entered = [each.number for each in part.read if each.entry is not None]
    matches = dict(zip(entered, match_described(part.looked, within=within), strict=True))
    mould = Mould(ManifestRow, upload=upload, mission_id=upload.mission_id)
    rows = [_staged(mould, each, matches.get(each.number)) for each in part.read]
    rows += [
        _row(mould, skipped.number, RowOutcome.SKIP, text=skipped.text, reason=str(skipped.reason))
        for skipped in part.skipped
    ]
    store_many(rows)
    return part.people


def _staged(mould: Mould[ManifestRow], read: ReadRow, met: Match | None) -> ManifestRow:
    if read.entry is None or met is None:
        faults = [{"column": each.column, "field": each.field, "sentence": each.sentence} for each in read.faults]
        return _row(mould, read.number, RowOutcome.REJECT, faults=faults, text=read.name)
    row = _row(
        mould,
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


def _row(mould: Mould[ManifestRow], number: int, outcome: RowOutcome, **content: Any) -> ManifestRow:
    nothing: dict[str, Any] = {
        "entry": None, "faults": [], "remarks": [], "candidates": [], "twin": None, "text": "", "reason": "",
    }  # fmt: skip
    return mould.cast(row_number=number, outcome=outcome, entry=json_of(nothing | content))
