"""Read an uploaded list of any common kind into numbered rows. The content decides what it is, never its name."""

from pathlib import PurePath
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from common.uploads import MAX_BYTES

from .model import LONGEST_CELL, Cell, Row, Sheet, SheetError, column_name
from .texts import read_text
from .workbooks import is_workbook, read_workbook

_OTHERS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"{\\rtf", "RTF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
)
_WORKBOOK_NAMES = {".xlsx": "XLSX", ".xlsm": "XLSX", ".xls": "XLS", ".ods": "ODS"}


def read_rows(file: BinaryIO, *, name: str, size: int | None = None) -> Sheet:
    """Read XLSX, XLS, ODS, CSV or TSV.

    `name` is the uploaded file's name, `size` its length in bytes if known: a file that is too large is refused by
    size alone, before a byte is read. Raises SheetError with what is wrong and how to mend it.
    """
    if size is not None and size > MAX_BYTES:
        raise _too_big(size)
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise _too_big(None)
    if not content.strip():
        raise SheetError(_("The file is empty. Choose the file that has the list."))
    if is_workbook(content):
        return _checked(read_workbook(content))
    _refuse_pretence(content, name)
    return _checked(read_text(content, name=PurePath(name).name))


def _too_big(size: int | None) -> SheetError:
    most = MAX_BYTES // 1024 // 1024
    if size is None:
        sentence = _("The file is larger than the %(most)d MB that are read. Upload only the list, without pictures.")
        return SheetError(sentence % {"most": most})
    sentence = _("The file has %(size)d MB; at most %(most)d MB are read. Upload only the list, without pictures.")
    return SheetError(sentence % {"size": -(-size // 1024 // 1024), "most": most})


def _refuse_pretence(content: bytes, name: str) -> None:
    """Refuse what is known not to be a list, and a workbook by name that is none by content."""
    for start, kind in _OTHERS:
        if content.startswith(start):
            sentence = _("This is a %(kind)s file, not a list. Upload the list as XLSX, XLS, ODS or CSV.")
            raise SheetError(sentence % {"kind": kind})
    claimed = _WORKBOOK_NAMES.get(PurePath(name).suffix.lower())
    if claimed is not None:
        sentence = _(
            "The file is named %(kind)s, but its content is not. Open it in the program that made it, "
            "save it as XLSX or CSV and upload that file."
        )
        raise SheetError(sentence % {"kind": claimed})


def _checked(sheet: Sheet) -> Sheet:
    """Refuse cells that are far too long, and fold line breaks inside of the others to spaces."""
    return Sheet(sheet.name, tuple(_tidy(row) for row in sheet.rows), sheet.other_sheets)


def _tidy(row: Row) -> Row:
    return Row(row.number, tuple(_tidy_cell(cell, row.number, place) for place, cell in enumerate(row.cells)))


def _tidy_cell(cell: Cell, number: int, place: int) -> Cell:
    if not isinstance(cell, str):
        return cell
    if len(cell) > LONGEST_CELL:
        sentence = _(
            "Row %(row)d, column %(column)s: the cell has more than %(most)d letters. "
            "Shorten it; in a CSV file look for a quotation mark that is not closed."
        )
        column = column_name(place)
        raise SheetError(sentence % {"row": number, "column": column, "most": LONGEST_CELL}, row=number, column=column)
    return " ".join(cell.replace("\x00", "").split()) or None
