"""What is looked at in every uploaded file before anything reads it: size, kind by content, bombs, macros, a virus scanner.

The name of a file is never believed. Forms use `common.forms.ListField`, which calls `check_list`, `PictureField`, which draws
a picture anew (`common/pictures.py`), and `PaperField`, which does so with each page of a letter; nothing else takes files.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common import scanning

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 200
"""A workbook of repeated rows packs to a hundredth; a bomb to less than a thousandth."""
MAX_PARTS = 2_000
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LONGEST_PROLOG = 64 * 1024
_MACROS = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml|(macrosheets|activex|basic|scripts)/)", re.I)
_INSIDE = re.compile(
    r"(^|/)embeddings/|\.(zip|xls[xmb]?|od[st]|doc[xm]?|ppt[xm]?|jar|rar|7z|gz|bz2|xz|tar|exe|dll|js|vbs|bat|cmd|ps1)$",
    re.I,
)
_OLE_MACROS = "_VBA_PROJECT".encode("utf-16-le")

DAMAGED = _("The workbook is damaged. Open it in a spreadsheet program, save it again as XLSX and upload that file.")
ENCRYPTED = _("The workbook is protected by a password. Save it without a password and upload that file.")
BOMB = _(
    "The workbook would unpack to far more than it should. Copy only the list into a new workbook and upload that."
)
MACROS = _("The workbook carries macros. Save it as XLSX without macros and upload that file.")
NESTED = _("The workbook carries other files inside. Copy only the list into a new workbook and upload that.")
STRANGE = _("The workbook is built in a way that no spreadsheet program writes. Copy the list into a new one.")
INFECTED = _(
    "The virus scanner found something harmful in this file. It is locked away and the data protection officer is told. "
    "Do not open it; ask whoever sent it for a clean one."
)
NOT_SCANNED = _("The virus scanner does not answer, so no file can be taken just now. Try again in some minutes.")


class UploadError(ValueError):
    """A file that is not taken; `sentence` says, in the reader's language, what is wrong and how to mend it."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


class InfectedError(UploadError):
    """The scanner found something: `signature` is its name for it. The file belongs into quarantine."""

    def __init__(self, signature: str, *, file_name: str, content: bytes) -> None:
        super().__init__(INFECTED)
        self.signature, self.file_name, self.content = signature, file_name, content


def check_list(content: bytes, *, name: str) -> None:
    """Looks at an uploaded list before it is read; its `name` is only kept with what is found.

    Raises UploadError, or InfectedError where the scanner finds something.
    """
    check_for_harm(content, name=name)
    if content.startswith(ZIP):
        check_package(content)
    elif content.startswith(OLE):
        check_old_workbook(content)


def check_for_harm(content: bytes, *, name: str) -> None:
    """Asks the virus scanner, if one is set. Raises InfectedError, or UploadError where it does not answer."""
    try:
        found = scanning.scan(content)
    except scanning.ScannerAwayError as error:
        raise UploadError(NOT_SCANNED) from error
    if found:
        raise InfectedError(found, file_name=name, content=content)


def check_old_workbook(content: bytes) -> None:
    """Refuses an old workbook (XLS) that is encrypted or carries macros. Raises UploadError."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise UploadError(ENCRYPTED)
    if _OLE_MACROS in content:
        raise UploadError(MACROS)


def check_package(content: bytes) -> None:
    """Refuses a packed file that is no workbook, is encrypted, hides something, or unpacks out of all proportion.

    Raises UploadError. Nothing is unpacked but the first kilobytes of its XML parts.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            if len(parts) > MAX_PARTS:
                raise UploadError(BOMB)
            _check_sizes(parts, len(content))
            _check_secrecy(package, parts)
            _check_names(parts)
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _check_prolog(package, part)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, zlib.error, RuntimeError) as error:
        if isinstance(error, UploadError):
            raise
        raise UploadError(DAMAGED) from error


def _check_sizes(parts: Iterable[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED or unpacked > max(MAX_RATIO * packed, 1 << 20):
        raise UploadError(BOMB)


def _check_secrecy(package: zipfile.ZipFile, parts: Iterable[zipfile.ZipInfo]) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise UploadError(ENCRYPTED)
    if "META-INF/manifest.xml" in package.namelist():
        manifest = package.getinfo("META-INF/manifest.xml")
        if manifest.file_size < 1 << 20 and b"encryption-data" in package.read(manifest):
            raise UploadError(ENCRYPTED)


def _check_names(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename for part in parts]
    if not {"[Content_Types].xml", "content.xml"} & set(names) or not any(
        name.startswith("xl/") or name == "content.xml" for name in names
    ):
        raise UploadError(_("This is a packed file, but not a workbook. Upload the list itself as XLSX, ODS or CSV."))
    if any(_leaves_its_place(part) for part in parts) or len(set(names)) < len(names):
        raise UploadError(STRANGE)
    if any(_MACROS.search(name) for name in names):
        raise UploadError(MACROS)
    if any(_INSIDE.search(name) for name in names):
        raise UploadError(NESTED)


def _leaves_its_place(part: zipfile.ZipInfo) -> bool:
    """Whether a part would land elsewhere if somebody unpacked it: an absolute name, a step up, a drive, a link."""
    name = part.orig_filename.replace("\\", "/")
    steps = name.split("/")
    is_link = stat.S_ISLNK(part.external_attr >> 16)
    return is_link or name.startswith("/") or ".." in steps or ":" in steps[0] or "\x00" in name


def _check_prolog(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuses XML that declares anything before its root: no spreadsheet program does, but every XML bomb must."""
    with package.open(part) as file:
        start = file.read(_LONGEST_PROLOG)
    text = start.decode(_encoding_of(start), "replace")
    text = re.sub(r"<!--.*?-->|<\?.*?\?>", "", text, flags=re.S).lstrip("\ufeff \t\r\n")
    if not re.match(r"<[^!?]", text) and (text or part.file_size > _LONGEST_PROLOG):
        raise UploadError(STRANGE)
    if part.filename == "[Content_Types].xml" and "macroenabled" in text.lower():
        raise UploadError(MACROS)


def _encoding_of(start: bytes) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    return {b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}.get(start[:2], "utf-8")
