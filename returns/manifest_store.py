"""How a read list and its rows are kept as sealed JSON between upload and confirmation."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from common.sheets import Cell, Heading, Row, Sheet, heading_texts
from migrants.entries import DocumentEntry, KinEntry, NamePeriod, PersonEntry

_DAYS = frozenset(["expires_on", "valid_from", "valid_until"])


def sheet_to_text(sheet: Sheet) -> str:
    """Give the sealed form of a sheet."""
    rows = [[row.number, [_plain(cell) for cell in row.cells]] for row in sheet.rows]
    kept = {"name": sheet.name, "rows": rows, "others": sheet.other_sheets, "starts_1904": sheet.starts_1904}
    return json.dumps(kept, ensure_ascii=False)


def sheet_from_text(text: str) -> Sheet:
    """Read what `sheet_to_text` made."""
    kept = json.loads(text)
    rows = tuple(Row(number, tuple(_cell(cell) for cell in cells)) for number, cells in kept["rows"])
    return Sheet(kept["name"], rows, tuple(kept["others"]), kept.get("starts_1904", False))


def heading_of(sheet: Sheet, *, row_number: int, columns: dict[str, int]) -> Heading:
    """Give the heading as a person corrected it; columns with a heading that no field took are unrecognised."""
    taken = set(columns.values())
    texts = heading_texts(sheet.head, row_number)
    return Heading(row_number, columns, tuple((index, text) for index, text in texts.items() if index not in taken))


def entry_to_json(entry: PersonEntry) -> dict[str, Any]:
    """Give the JSON form of an entry."""
    return {name: _days_as_text(value) for name, value in asdict(entry).items()}


def entry_from_json(kept: dict[str, Any]) -> PersonEntry:
    """Read what `entry_to_json` made; what was kept before a field was there has its default."""
    rows: dict[str, Any] = {
        "documents": tuple(DocumentEntry(**_days_from_text(each)) for each in kept["documents"]),
        "name_periods": tuple(NamePeriod(**_days_from_text(each)) for each in kept.get("name_periods", ())),
        "kin": tuple(KinEntry(**each) for each in kept.get("kin", ())),
    }
    pairs = {name: tuple(map(tuple, kept.get(name, ()))) for name in ("other_names", "nationality_statuses")}
    plain = {name: tuple(value) for name, value in kept.items() if isinstance(value, list)}
    return PersonEntry(**kept | plain | pairs | rows)


def _days_as_text(kept: Any) -> Any:
    match kept:
        case date():
            return kept.isoformat()
        case dict():
            return {name: _days_as_text(value) for name, value in kept.items()}
        case list() | tuple():
            return [_days_as_text(value) for value in kept]
        case _:
            return kept


def _days_from_text(kept: dict[str, Any]) -> dict[str, Any]:
    days = {name: date.fromisoformat(kept[name]) for name in _DAYS & set(kept) if kept[name] is not None}
    return kept | days


def _plain(cell: Cell) -> Any:
    match cell:
        case datetime():
            return {"datetime": cell.isoformat()}
        case date():
            return {"date": cell.isoformat()}
        case _:
            return cell


def _cell(kept: Any) -> Cell:
    if isinstance(kept, dict):
        (kind, text), *_none = kept.items()
        return datetime.fromisoformat(text) if kind == "datetime" else date.fromisoformat(text)
    return float(kept) if isinstance(kept, int) else kept  # JSON writes 1.0 as it is; an int never was a cell
