"""Tell the people below a heading from totals, signatures, repeated headings and empty numbers; nothing goes silently."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .folding import fold, fold_heading
from .headings import LONGEST_NAME, Heading, Names, Vocabulary, find_heading, heading_of_row
from .model import Cell, Row, Sheet, cell_text

_FOUR_DIGITS = re.compile(r"\d\D?\d\D?\d\D?\d")
ORDINAL = "ordinal"
"""The field of a vocabulary in which a list numbers its rows, if it has one."""
_LABELS = tuple(
    fold_heading(label) + " "
    for label in (
        "итого", "всего", "общее количество", "количество", "подпись", "подписи", "начальник", "руководитель", "исполнитель",
        "исп", "составил", "составила", "ответственный", "ответственное лицо", "утверждаю", "согласовано", "старший",
        "м п", "мп",
        "дата составления", "список составил", "список составлен", "дежурный",
        "total", "totals", "grand total", "subtotal", "sum", "signature", "signed", "head of", "chief", "officer",
        "prepared by", "approved by", "checked by", "stamp",
        "ҳамагӣ", "ҷамъ", "ҷамъулҷамъ", "имзо", "сардор", "роҳбар", "иҷрокунанда", "тартибдиҳанда",
        "jami", "hammasi", "imzo", "boshliq", "rahbar", "mas'ul", "tuzuvchi", "bajaruvchi",
        "жами", "ҳаммаси", "бошлиқ", "раҳбар", "масъул", "тузувчи", "бажарувчи",
        "барлығы", "жиыны", "қолы", "бастық", "басшы", "орындаған",
        "баары", "бардыгы", "жалпы", "колу", "башчы", "жетекчи", "түзгөн",
        "جمع", "جمع کل", "مجموع", "امضا", "امضاء", "رییس", "مسئول", "تهیه کننده",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row below the heading that is no entry of the list, with its text and the reason."""

    number: int
    text: str
    reason: str | Promise


@dataclass(frozen=True, slots=True)
class Table:
    """A list as found in a sheet: heading, entries, and every row that was left out, with the reason.

    `blank` are rows between the heading and the last row in which nothing stands.
    """

    heading: Heading
    rows: tuple[Row, ...]
    skipped: tuple[SkippedRow, ...] = field(default=())
    blank: int = 0


def read_table(sheet: Sheet, vocabulary: Vocabulary, *, heading: Heading | None = None) -> Table:
    """Give the entries below the heading (found, or as a person corrected it). Raises SheetError without a heading."""
    heading = heading or find_heading(sheet, vocabulary)
    rows: list[Row] = []
    skipped: list[SkippedRow] = []
    for row in entries(sheet.rows, vocabulary, heading):
        if isinstance(row, SkippedRow):
            skipped.append(row)
        else:
            rows.append(row)
    numbers = [row.number for row in rows] + [row.number for row in skipped]
    last = max(numbers, default=heading.row_number)
    blank = last - heading.row_number - len(rows) - len(skipped)
    return Table(heading, tuple(rows), tuple(skipped), blank)


def entries(rows: Iterable[Row], vocabulary: Vocabulary, heading: Heading) -> Iterator[Row | SkippedRow]:
    """Give what stands below the heading, one after the other: an entry, or a row that is none, with the reason."""
    names = Names(vocabulary)
    for row in rows:
        if row.number <= heading.row_number or row.is_blank():
            continue
        reason = _reason_to_skip(row, heading, names)
        if reason is None:
            yield row
        else:
            text = " ".join(filter(None, map(cell_text, row.cells)))
            yield SkippedRow(row.number, text[:200], reason)


def _reason_to_skip(row: Row, heading: Heading, names: Names) -> str | Promise | None:
    filled = [(index, cell) for index, cell in enumerate(row.cells) if cell is not None]
    cells = [cell for _index, cell in filled]
    if _may_be_heading(cells) and len(heading_of_row(row, names).columns) >= max(2, len(heading.columns) * 0.6):
        return _("the heading once more")
    if len(cells) >= 3 and _count_up(cells):
        return _("numbers of the columns")
    if len(filled) == 1 and filled[0][0] == heading.columns.get(ORDINAL):
        if _is_number(cells[0]):
            return _("only a number of the row, and nothing else")
        return _("a line of text, and no person")
    if _is_label(cells):
        return _("a total or a signature, not a person")
    return None


def _may_be_heading(cells: Sequence[Cell]) -> bool:
    """Spare most rows the closer look: a heading has words only, and nothing like a date or a number of a document."""
    return len(cells) >= 2 and not any(
        not isinstance(cell, str) or len(cell) > LONGEST_NAME or _FOUR_DIGITS.search(cell) for cell in cells
    )


def _count_up(cells: Sequence[Cell]) -> bool:
    """Tell 1, 2, 3 and so on; most rows are known by their first cell."""
    return cell_text(cells[0]) == "1" and all(cell_text(cell) == str(place) for place, cell in enumerate(cells, 1))


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, float) or (isinstance(cell, str) and fold(cell).isdigit())


def _is_label(filled: Sequence[Cell]) -> bool:
    """Tell a total or signature line: it begins with such a word, and no cell looks like a date or a document."""
    first, rest = filled[0], filled[1:]
    if not isinstance(first, str) or first[0].isdigit():
        return False
    if any(isinstance(cell, str) and len(cell) >= 6 and sum(map(str.isdigit, cell)) >= 6 for cell in rest):
        return False
    return f"{fold_heading(first)} ".startswith(_LABELS)
