"""Read XLSX, XLS and ODS: look before unpacking, parse in a limited process of its own."""

from __future__ import annotations

import io
import json
import os
import re
import select
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from common.uploads import BOMB, DAMAGED, ENCRYPTED, OLE, ZIP, UploadError, check_old_workbook, check_package

from .model import MAX_COLUMNS, MAX_ROWS, Cell, OpenSheet, Row, SheetError

_CHILD = Path(__file__).with_name("child.py")
_PATIENCE_MILLISECONDS = 60_000
_CHUNK = 1 << 16

EMPTY = _("The workbook is empty: no visible sheet holds anything. Choose the file that has the list.")
ONLY_PICTURES = _(
    "The workbook holds only pictures. A picture of a list cannot be read: type the list, or ask for the file it was made from."
)


def is_workbook(content: bytes) -> bool:
    """Tell whether the first bytes are those of a packed (XLSX, ODS) or old (XLS) workbook."""
    return content.startswith((ZIP, OLE))


def open_workbook(content: bytes, *, sheet: str = "") -> OpenSheet:
    """Open the visible sheet of this name, or the first that holds anything. Raises SheetError."""
    try:
        check_package(content) if content.startswith(ZIP) else check_old_workbook(content)
    except UploadError as error:
        raise SheetError(error.sentence) from error
    reading = _Reading(content, sheet)
    try:
        return OpenSheet(
            reading.name(),
            reading.rows(),
            starts_1904=starts_1904(content),
            others=lambda: reading.others,
            close=reading.close,
        )
    except BaseException:
        reading.close()
        raise


def starts_1904(content: bytes) -> bool:
    """Tell whether a packed workbook counts its days from 1904 (SpreadsheetML, workbookPr/@date1904)."""
    if not content.startswith(ZIP):
        return False  # the parser gives dates of old workbooks as dates
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package, package.open("xl/workbook.xml") as part:
            start = part.read(_CHUNK)
    except (KeyError, OSError, EOFError, ValueError, zipfile.BadZipFile):
        return False
    return re.search(rb"""<(?:\w+:)?workbookPr[^>]*\bdate1904\s*=\s*["'](?:1|true)["']""", start) is not None


def too_large(rows: int, columns: int) -> SheetError:
    """Give the error for a sheet that reaches beyond what is read."""
    if rows > MAX_ROWS:
        sentence = _(
            "The sheet reaches down to row %(found)d; at most %(most)d are read. "
            "Split the list, or delete stray cells below it."
        )
        return SheetError(sentence % {"found": rows, "most": MAX_ROWS})
    sentence = _(
        "The sheet has %(found)d columns; at most %(most)d are read. Delete stray cells to the right of the list."
    )
    return SheetError(sentence % {"found": columns, "most": MAX_COLUMNS})


class _Reading:
    """The child and what it says; one that dies or falls silent met a damaged or boundless workbook."""

    def __init__(self, content: bytes, sheet: str) -> None:
        self.others: tuple[str, ...] = ()
        self._has_pictures = content.startswith(ZIP) and b"/media/" in content
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the child
        with tempfile.TemporaryFile() as file:
            file.write(content)
            file.seek(0)
            self._child = subprocess.Popen(  # noqa: S603  # our own script; the file goes in as data
                [sys.executable, "-I", str(_CHILD), str(MAX_ROWS), str(MAX_COLUMNS), sheet],
                stdin=file,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
            )
        self._said = self._lines()

    def name(self) -> str:
        """Give the name of the sheet. Raises SheetError where there is none to read."""
        said = next(self._said, None)
        if said is None or "name" not in said:
            raise self._refusal(said or {})
        return str(said["name"])

    def rows(self) -> Iterator[Row]:
        """Give the rows as they come. Raises SheetError."""
        for said in self._said:
            if isinstance(said, list):
                yield Row(said[0], tuple([_cell(cell) if type(cell) is dict else cell for cell in said[1]]))
            elif "others" in said:
                self.others = tuple(said["others"])
                return
            else:
                raise self._refusal(said)
        raise self._refusal({})

    def close(self) -> None:
        """End the child, whatever it does."""
        self._child.kill()
        self._child.wait()
        self._output.close()
        self._complaints.close()

    @property
    def _output(self) -> IO[bytes]:
        if self._child.stdout is None:
            raise AssertionError("it was started with a pipe")
        return self._child.stdout

    def _lines(self) -> Iterator[Any]:
        """Yield what the child says, line by line, waiting a minute for each part at most."""
        poll, pipe, begun = select.poll(), self._output.fileno(), b""
        poll.register(pipe, select.POLLIN | select.POLLHUP)
        while True:
            if not poll.poll(_PATIENCE_MILLISECONDS):
                raise SheetError(BOMB)
            chunk = os.read(pipe, _CHUNK)
            if not chunk:
                return
            *lines, begun = (begun + chunk).split(b"\n")
            yield from map(json.loads, lines)

    def _refusal(self, said: dict[str, Any]) -> SheetError:
        match said.get("problem"):
            case "encrypted":
                return SheetError(ENCRYPTED)
            case "empty":
                return SheetError(ONLY_PICTURES if self._has_pictures else EMPTY)
            case "another":
                sentence = _("The workbook has no sheet of that name that holds anything. It has: %(names)s.")
                return SheetError(sentence % {"names": ", ".join(said["sheets"])})
            case "large":
                return too_large(said["rows"], said["columns"])
            case "damaged":
                return SheetError(DAMAGED)
        status = self._child.wait()
        self._complaints.seek(0)
        is_out_of_bounds = status < 0 or b"memory" in self._complaints.read(_CHUNK).lower()
        return SheetError(BOMB if is_out_of_bounds else DAMAGED)


def _cell(said: dict[str, str]) -> Cell:
    ((kind, text),) = said.items()
    return datetime.fromisoformat(text) if kind == "datetime" else date.fromisoformat(text)
