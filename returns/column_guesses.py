"""What a column may hold whose heading nobody has met: by a name that is written almost so, or by what stands below it.

A guess is offered to a person and never read by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rapidfuzz.distance import JaroWinkler

from common.sheets import Cell, Heading, Row, Sheet, cell_text, fold_heading
from common.sheets.headings import LONGEST_NAME
from migrants.birthdates import BirthDateError, parse_birth_date
from migrants.entries import e164
from returns.manifest_columns import LABELS, VOCABULARY
from returns.manifest_rows import read_row

ALIKE = 0.9
"""How like a known name a heading must be, by Jaro and Winkler: one or two letters wrong in a word of eight."""
MOST_ROWS, FEWEST = 40, 3
SHARE = 0.8
"""Of the cells below, so many must be what is guessed."""
OLDEST = 100
_BY_CONTENT = ("sex", "nationality", "phone", "birth_date")


def guesses(sheet: Sheet, heading: Heading, *, today: date) -> dict[str, int]:
    """Give field → column (from 0) for columns that are not read, each field and each column once."""
    found: dict[str, int] = {}
    below = [row for row in sheet.rows if row.number > heading.row_number][:MOST_ROWS]
    for index, text in heading.unrecognised:
        taken = {*heading.columns, *found}
        field = _by_name(text, taken) or _by_content(below, index, taken, today)
        if field:
            found[field] = index
    return found


def _by_name(text: str, taken: set[str]) -> str:
    folded = fold_heading(text[:LONGEST_NAME])
    best, field = ALIKE, ""
    for name, written in VOCABULARY.items():
        if name in taken or name not in LABELS or not folded:
            continue
        likeness = max(JaroWinkler.similarity(folded, fold_heading(each)) for each in (name, *written))
        if likeness >= best:
            best, field = likeness, name
    return field


def _by_content(rows: Sequence[Row], index: int, taken: set[str], today: date) -> str:
    cells = [row.cells[index] for row in rows if index < len(row.cells) and row.cells[index] is not None]
    if len(cells) < FEWEST:
        return ""
    for field in _BY_CONTENT:
        if field not in taken and sum(_fits(field, cell, today) for cell in cells) >= SHARE * len(cells):
            return field
    return ""


def _fits(field: str, cell: Cell, today: date) -> bool:
    """Whether a cell would be read as this field without a fault."""
    if field == "phone":
        text = cell_text(cell)
        return text.startswith(("+", "00")) and bool(e164(text))
    if field == "birth_date":
        try:
            read = parse_birth_date(cell, today=today)
        except BirthDateError:
            return False
        return read.month is not None and read.year is not None and today.year - read.year < OLDEST
    row = read_row(Row(2, (cell,)), Heading(1, {field: 0}), today=today)
    return not any(fault.field == field for fault in row.faults)
