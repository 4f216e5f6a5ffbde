"""Give a list back: the same rows with a column that says what to mend, and CSV that no program can run."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.utils.translation import gettext, override

from common.printable import printable

from .model import Cell, Row, Sheet, cell_text

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_LANGUAGES = ("en", "ru", "tg", "uz")
_WIDEST = 60
_LONGEST_FOOT = 240
"""A workbook takes 255 letters."""

WORKBOOK = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""How every workbook is written: in memory, and nothing that somebody typed becomes a formula, a link or a number."""


def with_error_column(
    sheet: Sheet, errors: Mapping[int, Sequence[str]], *, heading_row: int | None = None, mark: str = ""
) -> bytes:
    """Give an XLSX with every row at its old place and one more column: what to mend, row by row.

    `errors` maps a row's number in the file to sentences; `heading_row` is where the new column gets its name (row 1
    by default). A column that an earlier return of the same file brought is written over. Texts stay texts: nothing
    becomes a formula or a link. `mark` says where the file comes from: among its properties and at the foot of paper.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, WORKBOOK) as book:
        page = book.add_worksheet(_page_name(sheet.name))
        _mark(book, page, mark)
        formats = {
            "date": book.add_format({"num_format": "dd.mm.yyyy"}),
            "datetime": book.add_format({"num_format": "dd.mm.yyyy hh:mm"}),
            "error": book.add_format({"font_color": "#B42318", "text_wrap": True, "valign": "top"}),
            "name": book.add_format({"bold": True}),
        }
        place = place_of_errors(sheet.rows)
        for row in sheet.rows:
            for index, cell in enumerate(row.cells[:place]):
                _write(page, row.number - 1, index, cell, formats)
        page.write_string((heading_row or 1) - 1, place, gettext("What to mend"), formats["name"])
        for number, sentences in errors.items():
            page.write_string(number - 1, place, "\n".join(sentences)[:32_000], formats["error"])
        _widen(page, sheet, place)
    return buffer.getvalue()


def write_csv(rows: Iterable[Sequence[Cell]], *, delimiter: str = ",") -> bytes:
    """Give CSV in UTF-8 with its mark, so that every spreadsheet program reads the letters and runs nothing."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter)
    for row in rows:
        writer.writerow([defused(cell) if isinstance(cell, str) else cell_text(cell) for cell in row])
    return buffer.getvalue().encode("utf-8-sig")


def write_xlsx(rows: Iterable[Sequence[Cell]], *, name: str, heading_row: int = 1, mark: str = "") -> bytes:
    """Give an XLSX of one page; `heading_row` (from 1) stands in bold. Nothing becomes a formula, a link or a number.

    `mark` says where the file comes from: among its properties and at the foot of paper.
    """
    sheet = Sheet(name, tuple(Row(number, tuple(cells)) for number, cells in enumerate(rows, start=1)))
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, WORKBOOK) as book:
        page = book.add_worksheet(_page_name(sheet.name))
        _mark(book, page, mark)
        formats = {
            "date": book.add_format({"num_format": "dd.mm.yyyy"}),
            "datetime": book.add_format({"num_format": "dd.mm.yyyy hh:mm"}),
        }
        for row in sheet.rows:
            for index, cell in enumerate(row.cells):
                _write(page, row.number - 1, index, cell, formats)
        page.set_row(heading_row - 1, None, book.add_format({"bold": True}))
        for index in range(sheet.width):
            below = [row.cells[index] for row in sheet.rows if row.number >= heading_row and index < len(row.cells)]
            page.set_column(index, index, min(max((len(cell_text(cell)) + 2 for cell in below), default=8), 40))
    return buffer.getvalue()


def defused(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet program would take for a formula or a command."""
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) or text.startswith(DANGEROUS) else text


def place_of_errors(rows: Iterable[Row]) -> int:
    """Give the index of the column for what to mend: that of an earlier return, else one past the last."""
    names = set()
    for language in _LANGUAGES:
        with override(language):
            names.add(gettext("What to mend"))
    width, earlier = 0, []
    for row in rows:
        width = max(width, len(row.cells))
        earlier += [row.cells.index(name) for name in names if name in row.cells]
    return min(earlier, default=width)


def _mark(book: Any, page: Any, mark: str) -> None:
    """Put the mark among the properties, and on each printed page; an ampersand would begin a code there."""
    if mark := printable(mark):
        book.set_properties({"comments": mark, "subject": mark[:200]})
        page.set_footer("&L&8" + mark.replace("&", "&&")[:_LONGEST_FOOT])


def _write(page: Any, row: int, column: int, cell: Cell, formats: Mapping[str, Any]) -> None:
    match cell:
        case None:
            pass
        case date() if cell.year < 1900:  # a workbook's calendar begins later
            page.write_string(row, column, cell_text(cell))
        case datetime():
            page.write_datetime(row, column, cell, formats["datetime"])
        case date():
            page.write_datetime(row, column, cell, formats["date"])
        case float():
            page.write_number(row, column, cell)
        case str():
            page.write_string(row, column, cell)


def _widen(page: Any, sheet: Sheet, place: int) -> None:
    for index in range(place):
        longest = max((len(cell_text(row.cells[index])) for row in sheet.rows if index < len(row.cells)), default=8)
        page.set_column(index, index, min(max(longest + 2, 8), 40))
    page.set_column(place, place, _WIDEST)


def _page_name(name: str) -> str:
    """Give a name that a workbook allows: 31 letters, none of []:*?/\\ and no apostrophe at its ends."""
    plain = "".join(letter for letter in name if letter not in "[]:*?/\\").strip("' ")[:31].strip("' ")
    return plain if plain and plain.lower() != "history" else "Sheet1"
