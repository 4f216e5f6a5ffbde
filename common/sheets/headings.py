"""Find the heading of a hand-made list, in one row or in two, among the titles above it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from django.utils.translation import gettext_lazy as _

from .folding import fold_heading
from .model import Cell, OpenSheet, Row, Sheet, SheetError, cell_text, column_name

Vocabulary: TypeAlias = Mapping[str, Iterable[str]]
"""Field → the names under which it may stand in a heading, in any language."""
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the heading ends and which column holds which field.

    `row_number` is its last row where it has two. `unrecognised` are columns with a heading that no field took: (index,
    text). `columns` may be corrected by a person: build a new Heading with the same `row_number`.
    """

    row_number: int
    columns: Mapping[str, int]
    unrecognised: tuple[tuple[int, str], ...] = ()

    def value(self, row: Row, name: str) -> Cell:
        """Give the cell of a field, or None where the list has no such column or the row ends before it."""
        index = self.columns.get(name)
        return None if index is None or index >= len(row.cells) else row.cells[index]

    def column(self, name: str) -> str | None:
        """Give the letter of a field's column, for messages."""
        return column_name(self.columns[name]) if name in self.columns else None


class Names:
    """A vocabulary, folded once; it says which field a heading means."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._field_of = {
            fold_heading(written): name for name, names in vocabulary.items() for written in (name, *names)
        }

    def exactly(self, text: str) -> str | None:
        """Give the field that is called exactly so, but for case, punctuation and what stands in brackets."""
        for each in (text, re.sub(r"\(.*?\)", " ", text)):
            if name := self._field_of.get(fold_heading(each)):
                return name
        return None

    def loosely(self, text: str) -> str | None:
        """Give the field whose name begins the text, or the longest that stands inside."""
        if found := self.exactly(text):
            return found
        words = fold_heading(text).split()
        parts = [" ".join(words[start:end]) for start in range(len(words)) for end in range(start + 1, len(words) + 1)]
        inside = [part for part in parts if part in self._field_of and (len(part) >= 4 or part == words[0])]
        return self._field_of[max(inside, key=len)] if inside else None

    def of_cell(self, cell: Cell) -> str | None:
        """Give the field that a cell of a heading names."""
        return self.loosely(cell) if isinstance(cell, str) and len(cell) <= LONGEST_NAME else None

    def of_pair(self, above: str, below: str) -> str | None:
        """Give the field of two cells one over the other, such as "passport" over "number"."""
        for text in (f"{above} {below}", f"{below} {above}", below):
            if found := self.exactly(text):
                return found
        return self.loosely(below) or self.loosely(f"{above} {below}") if below else self.loosely(above)


def find_heading(sheet: Sheet | OpenSheet, vocabulary: Vocabulary) -> Heading:
    """Find the row, or the two rows, in which most columns carry a name of the vocabulary, within the first 50 rows.

    Case, ё/е, punctuation and spaces do not matter. In two rows a name above spans the columns below it, as merged cells
    do. One recognised column is enough only where the row has no other. Raises SheetError if there is no such row.
    """
    names = Names(vocabulary)
    best: Heading | None = None
    for row, following in zip(sheet.head, (*sheet.head[1:], None), strict=True):
        found = [heading_of_row(row, names)]
        if following is not None and following.number == row.number + 1 and may_be_below(row, following):
            found.append(_heading_of_two(row, following, names))
        for heading in found:
            if best is None or len(heading.columns) > len(best.columns):
                best = heading
    if best is None or not best.columns or (len(best.columns) == 1 and best.unrecognised):
        known = ", ".join(f"“{next(iter(written), name)}”" for name, written in list(vocabulary.items())[:8])
        sentence = _("No heading row is found. Write the names of the columns above the list, such as: %(names)s.")
        raise SheetError(sentence % {"names": known})
    return best


def heading_of_row(row: Row, names: Names) -> Heading:
    """Read a row as a heading; of two columns with one name the first is taken."""
    texts = [(index, cell) for index, cell in enumerate(row.cells) if cell is not None]
    return _heading(row.number, [(index, cell_text(cell), names.of_cell(cell)) for index, cell in texts])


def heading_texts(head: Sequence[Row], row_number: int) -> dict[int, str]:
    """Give what stands above each column: in the heading, and where nothing does, in the row over it."""
    by_number = {row.number: row for row in head}
    texts: dict[int, str] = {}
    for number in (row_number - 1, row_number):
        cells = by_number[number].cells if number in by_number else ()
        filled = {index: cell_text(cell) for index, cell in enumerate(cells) if cell is not None}
        if number == row_number or len(filled) > 1:  # one cell alone is a title
            texts |= filled
    return texts


def may_be_below(row: Row, following: Row) -> bool:
    """Tell whether a row may be the second of a heading: words only, not a digit, below more than a title."""
    words = [cell for cell in following.cells if cell is not None]
    above = [cell for cell in row.cells if cell is not None]
    return len(above) > 1 and all(isinstance(cell, str) and not any(map(str.isdigit, cell)) for cell in words)


def _heading_of_two(row: Row, following: Row, names: Names) -> Heading:
    """Read two rows as one heading: a cell above spans the empty ones to its right as far as there is something below.

    Half of what stands below must be names of columns, by themselves or with what stands above: else it is a person.
    """
    found, above, known, filled = [], "", 0, 0
    for index in range(max(len(row.cells), len(following.cells))):
        over = cell_text(row.cells[index]) if index < len(row.cells) else ""
        under = cell_text(following.cells[index]) if index < len(following.cells) else ""
        above = over or (above if under else "")
        text = " ".join(filter(None, (above, under)))
        if over or under:
            is_short = len(text) <= LONGEST_NAME
            found.append((index, text, names.of_pair(above, under) if is_short else None))
        if under:
            filled += 1
            known += bool(names.exactly(under) or names.exactly(text))
    return _heading(following.number, found if 2 * known >= filled else ())


def _heading(number: int, found: Iterable[tuple[int, str, str | None]]) -> Heading:
    columns: dict[str, int] = {}
    unrecognised = []
    for index, text, name in found:
        if name is None or name in columns:
            unrecognised.append((index, text))
        else:
            columns[name] = index
    return Heading(number, columns, tuple(unrecognised))
