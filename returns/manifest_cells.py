"""What cells of a list have in common: that nothing is there, yes, a day; and the fault of one that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from common.sheets import Cell, cell_text, fold
from migrants.written_dates import DateCustoms, WrittenDateError, read_date

NOTHING = frozenset(
    fold(words)
    for words in (
        "none", "no", "no document", "without document", "no passport", "нет", "нет документа", "нет документов", "отсутствует",
        "без документа", "без документов", "без паспорта", "нет паспорта", "утерян", "утеряно", "надорад", "ҳуҷҷат надорад",
        "yo'q", "hujjati yo'q", "йўқ", "ҳужжати йўқ", "жоқ", "құжаты жоқ", "жок", "документи жок", "ندارد", "بدون مدرک",
    )
)  # fmt: skip
_YES = frozenset(
    fold(words)
    for words in (
        "yes", "y", "x", "v", "да", "д", "есть", "имеется", "ҳа", "бале", "ҳаст", "дорад", "ha", "bor", "ҳа", "бор", "иә", "ия",
        "бар", "ооба", "بله", "بلی", "دارد",
    )
)  # fmt: skip
_SIGNS_OF_YES = frozenset("+✓✔☑")


class RowError(ValueError):
    """A cell that cannot be read: the field of its column, and a sentence with the remedy."""

    def __init__(self, field: str, sentence: str | Promise) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, str(sentence)


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading the cells of one row needs: the day, the customs of its columns; what is only told goes to `remarks`."""

    today: date
    customs: DateCustoms
    remarks: list[str]


@lru_cache(maxsize=1024)
def folded(word: str) -> str:
    """Fold a word of which a list has few, for kinds and sexes."""
    return fold(word)


def is_nothing(text: str) -> bool:
    """Tell whether a cell is empty, says that there is nothing, or holds signs alone ("–")."""
    return not text or folded(text) in NOTHING or (not any(map(str.isalnum, text)) and text not in _SIGNS_OF_YES)


def is_yes(text: str) -> bool:
    """Tell whether a cell says yes and no more."""
    return text in _SIGNS_OF_YES or folded(text) in _YES


def day_of(cell: Cell, field: str, reading: Reading, *, not_whole: str | Promise) -> date | None:
    """Read the day that a cell names; where a part is missing it stays unknown, which `not_whole` tells. Raises RowError."""
    if isinstance(cell, str) and not cell[:1].isdigit() and is_nothing(cell):
        return None
    try:
        read = read_date(cell, today=reading.today, customs=reading.customs)
    except WrittenDateError as error:
        sentence = _("“%(text)s” is no date. Write it as day.month.year, such as 31.12.2027.")
        raise RowError(field, sentence % {"text": cell_text(cell)[:40]}) from error
    if read.remark:
        reading.remarks.append(read.remark)
    if read.year is None or read.month is None or read.day is None:
        if read.year is not None:
            reading.remarks.append(str(not_whole))
        return None
    return date(read.year, read.month, read.day)
