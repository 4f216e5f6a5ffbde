"""Copy the XML of one worksheet, element by element, with one column more and without anything that could run or reach out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import IO
from xml.parsers import expat  # nosec B407  # a package with a document type was refused before (common.uploads)
from xml.sax.saxutils import escape, quoteattr  # nosec B406  # it writes, and reads nothing

from common.uploads import DAMAGED

from .model import SheetError, column_name

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_MAINS = (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
_KEPT = frozenset(["sheetViews", "sheetFormatPr", "cols", "sheetData", "mergeCells", "pageMargins"])
"""What is copied of a worksheet: how it looks, the cells, and nothing that refers to another part."""
_LEFT_OUT = frozenset(["f", "extLst"])
_WIDTH, _RED = 60, "FFB42318"
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class SheetCopy:
    """Copies once. `texts` are those of the new column (row → text), which stands at `place` (from 0)."""

    def __init__(self, *, texts: Mapping[int, str], place: int, mark: str) -> None:
        self._texts, self._place, self.mark = texts, place, mark
        self._column = column_name(place)
        self._depth = self._skipping = self._row = 0
        self._has_columns = False

    def copy(self, source: IO[bytes], target: IO[bytes]) -> None:
        """Copy the worksheet that `source` gives. Raises SheetError where its XML is broken."""
        self._target = target
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        self._write('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n')
        try:
            parser.ParseFile(source)
        except (expat.ExpatError, ValueError) as error:
            raise SheetError(DAMAGED) from error

    def _write(self, text: str) -> None:
        self._target.write(text.encode())

    def _start(self, name: str, values: dict[str, str]) -> None:
        space, _blank, local = name.rpartition(" ")
        self._depth += 1
        if self._skipping or self._leaves_out(space, local, values):
            self._skipping += 1
            return
        match local:
            case "worksheet":
                self._write(f'<worksheet xmlns="{MAIN}">')
                return
            case "sheetData" if not self._has_columns:
                self._write(f"<cols>{self._own_width()}</cols>")
            case "row":
                self._row = int(values.get("r", self._row + 1))
                values.pop("spans", None)
            case "col":
                values["max"] = str(min(int(values.get("max", "1")), self._place))
            case "cols":
                self._has_columns = True
        kept = "".join(f" {key}={quoteattr(value)}" for key, value in values.items() if " " not in key)
        keeps_spaces = ' xml:space="preserve"' if local == "t" else ""
        self._write(f"<{local}{kept}{keeps_spaces}>")

    def _leaves_out(self, space: str, local: str, values: Mapping[str, str]) -> bool:
        if space not in _MAINS or local in _LEFT_OUT or (self._depth == 2 and local not in _KEPT):
            return True
        if local == "c":
            return re.sub(r"\d", "", values.get("r", "")) == self._column
        return local == "col" and int(values.get("min", "1")) > self._place

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        self._depth -= 1
        if self._skipping:
            self._skipping -= 1
            return
        match local:
            case "row" if self._row in self._texts:
                self._write(self._own_cell(self._texts[self._row]))
            case "cols":
                self._write(self._own_width())
            case "worksheet" if self.mark:
                foot = "&L&8" + self.mark.replace("&", "&&")[:240]
                self._write(f"<headerFooter><oddFooter>{escape(foot)}</oddFooter></headerFooter>")
        self._write(f"</{local}>")

    def _data(self, text: str) -> None:
        if not self._skipping:
            self._write(escape(text))

    def _own_width(self) -> str:
        return f'<col min="{self._place + 1}" max="{self._place + 1}" width="{_WIDTH}" customWidth="1"/>'

    def _own_cell(self, text: str) -> str:
        """Give a cell of text in red; text in the cell itself touches neither the styles nor the texts of the file."""
        words = escape(_FORBIDDEN.sub("", text))
        return (
            f'<c r="{self._column}{self._row}" t="inlineStr"><is><r><rPr><color rgb="{_RED}"/></rPr>'
            f'<t xml:space="preserve">{words}</t></r></is></c>'
        )
