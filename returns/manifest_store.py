"""How a read list and its rows are kept as sealed JSON between upload and confirmation."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from common.sheets import Cell, Heading, Row, Sheet, heading_texts
from migrants.entries import DocumentEntry, KinEntry, NamePeriod, PersonEntry, ProofEntry

_DAYS = frozenset(["expires_on", "valid_from", "valid_until", "begins_on", "last_on"])
_ROWS: dict[str, Any] = {"documents": DocumentEntry, "name_periods": NamePeriod, "kin": KinEntry, "proofs": ProofEntry}
_PARTS = {kind: tuple(each.name for each in fields(kind)) for kind in _ROWS.values()}
_PAIRS = frozenset(["other_names", "nationality_statuses"])
_NOTHING_KNOWN = tuple((each.name, each.default) for each in fields(PersonEntry))


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
    """Give the JSON form of an entry: what is not as if nothing were known. Days and amounts become text in `json_of`."""
    kept: dict[str, Any] = {}
    for name, nothing in _NOTHING_KNOWN:
        value = getattr(entry, name)
        if value != nothing:
            kept[name] = [_parts(each) for each in value] if name in _ROWS else value
    return kept


def _parts(each: Any) -> dict[str, Any]:
    """Give what `asdict` gives of plain values, which it would copy one by one."""
    return {name: getattr(each, name) for name in _PARTS[type(each)]}


def json_of(kept: Any) -> str:
    """Write JSON as it is sealed."""
    return _WRITER.encode(kept)


def entry_from_json(kept: dict[str, Any]) -> PersonEntry:
    """Read what `entry_to_json` made; what was kept before a field was there has its default."""
    given: dict[str, Any] = {}
    for name, value in kept.items():
        if name in _ROWS:
            given[name] = tuple(_ROWS[name](**_from_text(each)) for each in value)
        elif name in _PAIRS:
            given[name] = tuple(map(tuple, value))
        else:
            given[name] = tuple(value) if isinstance(value, list) else value
    return PersonEntry(**given)


def _as_text(value: date | Decimal) -> str:
    return str(value) if isinstance(value, Decimal) else value.isoformat()


_WRITER = json.JSONEncoder(ensure_ascii=False, default=_as_text)


def _from_text(kept: dict[str, Any]) -> dict[str, Any]:
    days = {name: date.fromisoformat(kept[name]) for name in _DAYS & set(kept) if kept[name] is not None}
    amount = {"amount": Decimal(kept["amount"])} if kept.get("amount") is not None else {}
    return kept | days | amount


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
