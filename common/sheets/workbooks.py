"""Read XLSX, XLS and ODS: look before unpacking, parse in a limited process of its own."""

import json
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from common.uploads import BOMB, DAMAGED, ENCRYPTED, OLE, ZIP, UploadError, check_old_workbook, check_package

from .model import MAX_COLUMNS, MAX_ROWS, Cell, Row, Sheet, SheetError

_CHILD = Path(__file__).with_name("child.py")
_PATIENCE_SECONDS = 60

EMPTY = _("The workbook is empty: no visible sheet holds anything. Choose the file that has the list.")


def is_workbook(content: bytes) -> bool:
    """Tell whether the first bytes are those of a packed (XLSX, ODS) or old (XLS) workbook."""
    return content.startswith((ZIP, OLE))


def read_workbook(content: bytes) -> Sheet:
    """Read the first visible sheet that holds anything. Raises SheetError."""
    try:
        check_package(content) if content.startswith(ZIP) else check_old_workbook(content)
    except UploadError as error:
        raise SheetError(error.sentence) from error
    answer = _parsed(content)
    match answer.get("problem"):
        case None:
            rows = tuple(Row(number, tuple(map(_cell, cells))) for number, cells in answer["rows"])
            return Sheet(answer["name"], rows, tuple(answer["others"]))
        case "encrypted":
            raise SheetError(ENCRYPTED)
        case "empty":
            raise SheetError(EMPTY)
        case "large":
            raise too_large(answer["rows"], answer["columns"])
        case _:
            raise SheetError(DAMAGED)


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


def _parsed(content: bytes) -> dict[str, Any]:
    """Give what the child says; a child that dies or takes too long met a damaged or boundless workbook."""
    try:
        done = subprocess.run(  # noqa: S603  # our own script; the file goes in as data
            [sys.executable, "-I", str(_CHILD), str(MAX_ROWS), str(MAX_COLUMNS)],
            input=content,
            capture_output=True,
            timeout=_PATIENCE_SECONDS,
            check=True,
        )
        return dict(json.loads(done.stdout))
    except subprocess.TimeoutExpired as error:
        raise SheetError(BOMB) from error
    except subprocess.CalledProcessError as error:
        is_out_of_bounds = error.returncode < 0 or b"memory" in error.stderr.lower()
        raise SheetError(BOMB if is_out_of_bounds else DAMAGED) from error


def _cell(value: Any) -> Cell:
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        return datetime.fromisoformat(text) if kind == "datetime" else date.fromisoformat(text)
    return value  # type: ignore[no-any-return]
