"""Read XLSX, XLS and ODS: look before unpacking, parse in a limited process of its own."""

import io
import json
import subprocess
import sys
import zipfile
import zlib
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from .model import MAX_COLUMNS, MAX_ROWS, Cell, Row, Sheet, SheetError

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 200
"""A workbook of repeated rows packs to a hundredth; a bomb to less than a thousandth."""
MAX_PARTS = 2_000
_CHILD = Path(__file__).with_name("child.py")
_PATIENCE_SECONDS = 60

DAMAGED = _("The workbook is damaged. Open it in a spreadsheet program, save it again as XLSX and upload that file.")
ENCRYPTED = _("The workbook is protected by a password. Save it without a password and upload that file.")
EMPTY = _("The workbook is empty: no visible sheet holds anything. Choose the file that has the list.")
BOMB = _(
    "The workbook would unpack to far more than it should. Copy only the list into a new workbook and upload that."
)


def is_workbook(content: bytes) -> bool:
    """Tell whether the first bytes are those of a packed (XLSX, ODS) or old (XLS) workbook."""
    return content.startswith((ZIP, OLE))


def read_workbook(content: bytes) -> Sheet:
    """Read the first visible sheet that holds anything. Raises SheetError."""
    if content.startswith(ZIP):
        _inspect_parts(content)
    elif "EncryptedPackage".encode("utf-16-le") in content:
        raise SheetError(ENCRYPTED)
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


def _inspect_parts(content: bytes) -> None:
    """Refuse a packed file that is no workbook, is encrypted, or says that it unpacks out of all proportion."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            names = {part.filename for part in parts}
            is_encrypted = any(part.flag_bits & 1 for part in parts)
            if "META-INF/manifest.xml" in names and not is_encrypted and len(parts) <= MAX_PARTS:
                manifest = package.getinfo("META-INF/manifest.xml")
                is_encrypted = manifest.file_size < 1 << 20 and b"encryption-data" in package.read(manifest)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, zlib.error) as error:
        raise SheetError(DAMAGED) from error
    if is_encrypted:
        raise SheetError(ENCRYPTED)
    if not names & {"[Content_Types].xml", "content.xml"} or not any(
        name.startswith("xl/") or name == "content.xml" for name in names
    ):
        raise SheetError(_("This is a packed file, but not a workbook. Upload the list itself as XLSX, ODS or CSV."))
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or unpacked > max(MAX_RATIO * len(content), 1 << 20):
        raise SheetError(BOMB)


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
