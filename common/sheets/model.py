"""What a read sheet is, and the one error that every step of reading raises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from types import TracebackType
from typing import TypeAlias

from django.utils.functional import Promise

Cell: TypeAlias = str | float | date | datetime | None
"""None is an empty cell; text is stripped; numbers are floats, as a workbook stores them."""

MAX_ROWS = 200_000
MAX_COLUMNS = 100
LONGEST_CELL = 2_000
HEAD = 50
"""So many first rows are held at once: the heading is looked for among them."""


class SheetError(ValueError):
    """A file or sheet that cannot be read. `sentence` says, in the reader's language, what is wrong and how to mend it.

    `row` counts as in the file, from 1; `column` is the letter that spreadsheet programs show.
    """

    def __init__(self, sentence: str | Promise, *, row: int | None = None, column: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.row = row
        self.column = column

    def __str__(self) -> str:
        return str(self.sentence)


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `number` is its place in the file, counted from 1, blank rows included."""

    number: int
    cells: tuple[Cell, ...]

    def is_blank(self) -> bool:
        """Tell whether nothing is written in it."""
        return all(cell is None for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of the first visible sheet that holds anything, without blank ones.

    `other_sheets` names those that hold something too and were not read: the reader must be told. `starts_1904`: whether
    numbers of days count from 1904 instead of 1900, as old workbooks of a Macintosh do.
    """

    name: str
    rows: tuple[Row, ...]
    other_sheets: tuple[str, ...] = ()
    starts_1904: bool = False

    @property
    def head(self) -> tuple[Row, ...]:
        """The first rows, among which the heading is looked for."""
        return self.rows[:HEAD]

    @property
    def width(self) -> int:
        """The number of columns up to the last one that holds anything."""
        return max((len(row.cells) for row in self.rows), default=0)


class OpenSheet:
    """A sheet while it is read, row by row; however long it is, only its head stands in memory. Use it in a `with`.

    `rows()` gives every row once, the head first; `other_sheets` is known when they have ended.
    """

    def __init__(
        self,
        name: str,
        rows: Iterable[Row],
        *,
        starts_1904: bool = False,
        others: Callable[[], tuple[str, ...]] = tuple,
        close: Callable[[], object] = lambda: None,
    ) -> None:
        self.name, self.starts_1904 = name, starts_1904
        self.close = close
        self._others = others
        self._rest = iter(rows)
        self.head = tuple(islice(self._rest, HEAD))

    def rows(self) -> Iterator[Row]:
        """Every row that holds anything, in the order of the file. Raises SheetError where one cannot be read."""
        return chain(self.head, self._rest)

    @property
    def other_sheets(self) -> tuple[str, ...]:
        """The sheets that hold something too and were not read, once the rows have ended."""
        return self._others()

    def whole(self) -> Sheet:
        """Read everything."""
        rows = tuple(self.rows())
        return Sheet(self.name, rows, self.other_sheets, self.starts_1904)

    def __enter__(self) -> OpenSheet:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def column_name(index: int) -> str:
    """Give the letters of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_text(cell: Cell) -> str:
    """Give a cell as a person reads it: no ".0" behind whole numbers, dates as day.month.year, "" for nothing."""
    match cell:
        case None:
            return ""
        case float():
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case datetime():
            return cell.strftime("%d.%m.%Y %H:%M")
        case date():
            return cell.strftime("%d.%m.%Y")
        case _:
            return cell
