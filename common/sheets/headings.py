"""Find the heading row of a hand-made list, and tell the people below it from totals and signatures."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .model import Cell, Row, Sheet, SheetError, cell_text, column_name

SEARCHED_ROWS = 50
Vocabulary = Mapping[str, Iterable[str]]
"""Field → the names under which it may stand in a heading, in any language."""

_LABELS = (
    "итого", "всего", "общее количество", "подпись", "подписи", "начальник", "руководитель", "исполнитель", "составил",
    "составила", "ответственный", "утверждаю", "старший", "м п", "мп", "дата составления",
    "total", "totals", "sum", "signature", "signed", "head of", "chief", "officer", "prepared by", "stamp",
    "ҳамагӣ", "ҷамъ", "имзо", "сардор", "роҳбар", "иҷрокунанда",
    "jami", "imzo", "boshliq", "rahbar", "mas'ul", "tuzuvchi",
    "барлығы", "жиыны", "қолы", "баары", "колу",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the heading stands and which column holds which field.

    `unrecognised` are columns with a heading that no field took: (index, text). `columns` may be corrected by a
    person: build a new Heading with the same `row_number`.
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


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row below the heading that is no entry of the list, with its text and the reason."""

    number: int
    text: str
    reason: str | Promise


@dataclass(frozen=True, slots=True)
class Table:
    """A list as found in a sheet: heading, entries, and every row that was left out, with the reason."""

    heading: Heading
    rows: tuple[Row, ...]
    skipped: tuple[SkippedRow, ...] = field(default=())


def find_heading(sheet: Sheet, vocabulary: Vocabulary) -> Heading:
    """Find the row in which most columns carry a name of the vocabulary, within the first 50 rows.

    Case, ё/е, punctuation and spaces do not matter. One recognised column is enough only where the row has no other.
    Raises SheetError if there is no such row.
    """
    words = _folded_vocabulary(vocabulary)
    best: Heading | None = None
    for row in sheet.rows[:SEARCHED_ROWS]:
        heading = _heading_of(row, words)
        if best is None or len(heading.columns) > len(best.columns):
            best = heading
    if best is None or not best.columns or (len(best.columns) == 1 and best.unrecognised):
        known = ", ".join(f"“{next(iter(names))}”" for names in vocabulary.values())
        sentence = _("No heading row is found. Write the names of the columns above the list, such as: %(names)s.")
        raise SheetError(sentence % {"names": known})
    return best


def read_table(sheet: Sheet, vocabulary: Vocabulary, *, heading: Heading | None = None) -> Table:
    """Give the entries below the heading (found, or as a person corrected it); nothing is left out silently."""
    words = _folded_vocabulary(vocabulary)
    heading = heading or find_heading(sheet, vocabulary)
    rows, skipped = [], []
    for row in sheet.rows:
        if row.number <= heading.row_number:
            continue
        reason = _reason_to_skip(row, heading, words)
        if reason is None:
            rows.append(row)
        else:
            text = " ".join(filter(None, map(cell_text, row.cells)))
            skipped.append(SkippedRow(row.number, text[:200], reason))
    return Table(heading, tuple(rows), tuple(skipped))


def fold(text: str) -> str:
    """Fold case, ё, accents of width, apostrophes, punctuation and spaces, so that written names meet their entries."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    plain = re.sub(r"[‘’ʻʼ`´']", "'", plain)
    return " ".join(re.sub(r"[^\w']+|_+", " ", plain).split())


def _folded_vocabulary(vocabulary: Vocabulary) -> dict[str, str]:
    return {fold(written): name for name, names in vocabulary.items() for written in (name, *names)}


def _heading_of(row: Row, words: Mapping[str, str]) -> Heading:
    columns: dict[str, int] = {}
    unrecognised = []
    for index, cell in enumerate(row.cells):
        if cell is None:
            continue
        name = _field(cell, words)
        if name is None or name in columns:
            unrecognised.append((index, cell_text(cell)))
        else:
            columns[name] = index
    return Heading(row.number, columns, tuple(unrecognised))


def _field(cell: Cell, words: Mapping[str, str]) -> str | None:
    """Give the field that a heading cell names: as a whole, without its brackets, or by the longest name inside."""
    if not isinstance(cell, str) or len(cell) > 80:
        return None
    for text in (cell, re.sub(r"\(.*?\)", " ", cell)):
        if fold(text) in words:
            return words[fold(text)]
    padded = f" {fold(cell)} "
    inside = [
        written
        for written in words
        if written and (padded.startswith(f" {written} ") or (len(written) >= 4 and f" {written} " in padded))
    ]
    return words[max(inside, key=len)] if inside else None


def _reason_to_skip(row: Row, heading: Heading, words: Mapping[str, str]) -> str | Promise | None:
    filled = [cell for cell in row.cells if cell is not None]
    if len(_heading_of(row, words).columns) >= max(2, len(heading.columns) * 0.6):
        return _("the heading once more")
    if len(filled) >= 3 and [cell_text(cell) for cell in filled] == [str(number + 1) for number in range(len(filled))]:
        return _("numbers of the columns")
    if _is_label(filled):
        return _("a total or a signature, not a person")
    return None


def _is_label(filled: Sequence[Cell]) -> bool:
    """Tell a total or signature line: it begins with such a word, and no cell looks like a date or a document."""
    first, rest = filled[0], filled[1:]
    if not isinstance(first, str):
        return False
    words = f"{fold(first)} "
    begins = any(words.startswith(f"{label} ") for label in _LABELS)
    return begins and not any(isinstance(cell, str) and sum(map(str.isdigit, cell)) >= 6 for cell in rest)
