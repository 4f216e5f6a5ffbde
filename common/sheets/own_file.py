"""Give a list back in the file that was sent, with a column that says what to mend: an XLSX keeps its looks, a CSV its commas.

Of a workbook only the sheet that was read, its styles and its texts go into a new package; formulas leave their values,
and links, drawings, macros and other sheets stay behind. Other kinds come back as a plain XLSX (`writing`).
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.parsers import expat  # nosec B407  # a package with a document type was refused before (common.uploads)
from xml.sax.saxutils import escape, quoteattr  # nosec B406  # it writes, and reads nothing

from django.utils.translation import gettext

from common.uploads import ZIP

from .model import OpenSheet
from .reading import open_rows
from .sheet_xml import MAIN, SheetCopy
from .texts import how_written, text_rows
from .workbooks import starts_1904
from .writing import defused, place_of_errors, with_error_column

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KINDS = {
    "styles": "spreadsheetml.styles+xml",
    "sharedStrings": "spreadsheetml.sharedStrings+xml",
    "theme": "theme+xml",
}
_TYPE = "application/vnd.openxmlformats-officedocument."
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
Errors = Mapping[int, Sequence[str]]
"""Number of the row in the file → sentences."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A file to give back; `kind` is the ending of its name: xlsx or csv."""

    content: bytes
    kind: str


def with_errors_in_own_file(
    content: bytes, *, name: str, errors: Errors, heading_row: int, mark: str = "", sheet: str = ""
) -> Mended:
    """Give the file back with one more column: what to mend, row by row. A column of an earlier return is written over.

    `heading_row` is where the column gets its name; `mark` says where the file comes from. Raises SheetError as reading.
    """
    with open_rows(io.BytesIO(content), name=name, sheet=sheet) as opened:
        if content.startswith(ZIP) and (parts := _parts_of(content, opened.name)):
            place = place_of_errors(opened.rows())
            column = SheetCopy(texts=_texts(errors, heading_row), place=place, mark=mark)
            return Mended(_workbook(content, parts, opened.name, column), "xlsx")
        if not content.startswith((ZIP, b"\xd0\xcf\x11\xe0")):
            return Mended(_text(content, opened, _texts(errors, heading_row)), "csv")
        whole = opened.whole()
    return Mended(with_error_column(whole, errors, heading_row=heading_row, mark=mark), "xlsx")


def _texts(errors: Errors, heading_row: int) -> dict[int, str]:
    return {heading_row: gettext("What to mend")} | {row: "\n".join(said)[:32_000] for row, said in errors.items()}


def _text(content: bytes, sheet: OpenSheet, texts: Mapping[int, str]) -> bytes:
    """Give CSV in UTF-8 with its mark, which every program reads, and with the delimiter that was found."""
    written = how_written(content)
    place = place_of_errors(sheet.rows())
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=written.delimiter)
    for number, values in text_rows(content, written):
        cells = [*values[:place], *[""] * (place - len(values))] if number in texts else values[:place]
        writer.writerow([defused(cell) for cell in (*cells, *filter(None, [texts.get(number)]))])
    return buffer.getvalue().encode("utf-8-sig")


def _parts_of(content: bytes, sheet_name: str) -> dict[str, str]:
    """Give the names of the parts of a workbook in XML: the sheet of this name ("sheet"), its styles, texts and theme."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        try:
            book = _elements(package.read("xl/workbook.xml"), "sheet")
            relations = _elements(package.read("xl/_rels/workbook.xml.rels"), "Relationship")
        except (KeyError, expat.ExpatError):
            return {}
        targets = {each.get("Id"): each for each in relations}
        ids = [each.get(f"{_OFFICE} id") for each in book if each.get("name") == sheet_name]
        found = {
            kind: each.get("Target", "")
            for each in relations
            for kind in _KINDS
            if each.get("Type", "").endswith(f"/{kind}")
        }
        if not ids or ids[0] not in targets:
            return {}
        found["sheet"] = targets[ids[0]].get("Target", "")
        parts = {kind: part[1:] if part.startswith("/") else f"xl/{part}" for kind, part in found.items()}
        names = set(package.namelist())
        return {kind: part for kind, part in parts.items() if part in names} if parts["sheet"] in names else {}


def _elements(content: bytes, wanted: str) -> list[dict[str, str]]:
    """Give the attributes of every element of this local name."""
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, values: (
        found.append(values) if name.rpartition(" ")[2] == wanted else None
    )
    parser.Parse(content, True)
    return found


def _workbook(content: bytes, parts: Mapping[str, str], name: str, column: SheetCopy) -> bytes:
    """Put the sheet, its styles and its texts into a new package, with the column."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        kept = {kind: f"{kind}.xml" for kind in _KINDS if kind in parts}
        for part, text in _frame(kept, name, column.mark, starts_1904=starts_1904(content)).items():
            new.writestr(part, _HEAD + text)
        for kind, target in kept.items():
            new.writestr(f"xl/{target}", old.read(parts[kind]))
        with old.open(parts["sheet"]) as source, new.open("xl/worksheets/sheet1.xml", "w") as target_file:
            column.copy(source, target_file)
    return buffer.getvalue()


def _frame(kept: Mapping[str, str], name: str, mark: str, *, starts_1904: bool) -> dict[str, str]:
    """Give the parts around the sheet: kinds of content, relations, the list of sheets, and where the file comes from."""
    types = {
        "xl/workbook.xml": f"{_TYPE}spreadsheetml.sheet.main+xml",
        "xl/worksheets/sheet1.xml": f"{_TYPE}spreadsheetml.worksheet+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    types |= {f"xl/{target}": _TYPE + _KINDS[kind] for kind, target in kept.items()}
    overrides = "".join(f'<Override PartName="/{part}" ContentType="{kind}"/>' for part, kind in types.items())
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate({"worksheet": "worksheets/sheet1.xml", **kept}.items(), start=1)
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/><Relationship Id="rId2" '
        f'Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>',
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description>{escape(mark)}</dc:description></cp:coreProperties>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><workbookPr date1904="{int(starts_1904)}"/>'
        f'<sheets><sheet name={quoteattr(name)} sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
    }
