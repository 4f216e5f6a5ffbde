"""Read an uploaded list of any common kind into numbered rows. The content decides what it is, never its name."""

from contextlib import ExitStack
from pathlib import PurePath
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from common.uploads import MAX_BYTES

from .model import LONGEST_CELL, OpenSheet, Row, Sheet, SheetError, column_name
from .texts import open_text
from .workbooks import is_workbook, open_workbook

_OTHERS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"{\\rtf", "RTF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
)
_WORKBOOK_NAMES = {".xlsx": "XLSX", ".xlsm": "XLSX", ".xls": "XLS", ".ods": "ODS"}


def open_rows(file: BinaryIO, *, name: str, size: int | None = None, sheet: str = "") -> OpenSheet:
    """Open XLSX, XLS, ODS, CSV or TSV, to be read row by row; use it in a `with`.

    `name` is the uploaded file's name, `size` its length in bytes if known: a file that is too large is refused by
    size alone, before a byte is read. `sheet` is the one to read of a workbook, else the first that holds anything.
    Raises SheetError with what is wrong and how to mend it, here and by its rows.
    """
    if size is not None and size > MAX_BYTES:
        raise _too_big(size)
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise _too_big(None)
    if not content.strip():
        raise SheetError(_("The file is empty. Choose the file that has the list."))
    if is_workbook(content):
        return _tidied(open_workbook(content, sheet=sheet))
    _refuse_pretence(content, name)
    return _tidied(open_text(content, name=PurePath(name).name))


def read_rows(file: BinaryIO, *, name: str, size: int | None = None, sheet: str = "") -> Sheet:
    """Read the whole sheet at once; arguments and errors as of `open_rows`."""
    with open_rows(file, name=name, size=size, sheet=sheet) as opened:
        return opened.whole()


def _too_big(size: int | None) -> SheetError:
    most = MAX_BYTES // 1024 // 1024
    if size is None:
        sentence = _("The file is larger than the %(most)d MB that are read. Upload only the list, without pictures.")
        return SheetError(sentence % {"most": most})
    sentence = _("The file has %(size)d MB; at most %(most)d MB are read. Upload only the list, without pictures.")
    return SheetError(sentence % {"size": -(-size // 1024 // 1024), "most": most})


def _refuse_pretence(content: bytes, name: str) -> None:
    """Refuse what is known not to be a list, and a workbook by name that is none by content."""
    for start, kind in (*_OTHERS, (content[:4] + b"ftyphe", "HEIC")):
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


def _tidied(sheet: OpenSheet) -> OpenSheet:
    """Refuse cells that are far too long, and fold line breaks inside of the others to spaces."""
    with ExitStack() as unless_ready:
        unless_ready.callback(sheet.close)
        tidy = OpenSheet(
            sheet.name,
            (_tidy(row) for row in sheet.rows()),
            starts_1904=sheet.starts_1904,
            others=lambda: sheet.other_sheets,
            close=sheet.close,
        )
        unless_ready.pop_all()
    return tidy


def _tidy(row: Row) -> Row:
    return Row(
        row.number,
        tuple(
            [_tidy_text(cell, row.number, place) if type(cell) is str else cell for place, cell in enumerate(row.cells)]
        ),
    )


def _tidy_text(text: str, number: int, place: int) -> str | None:
    if len(text) > LONGEST_CELL:
        sentence = _(
            "Row %(row)d, column %(column)s: the cell has more than %(most)d letters. "
            "Shorten it; in a CSV file look for a quotation mark that is not closed."
        )
        column = column_name(place)
        raise SheetError(sentence % {"row": number, "column": column, "most": LONGEST_CELL}, row=number, column=column)
    return " ".join(text.replace("\x00", "").split()) or None
