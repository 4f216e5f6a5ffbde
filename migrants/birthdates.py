"""Read a birth date as people write it in lists; each part may stay unknown and nothing is invented (domain 20). Pure."""

from __future__ import annotations

import calendar
import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

OLDEST = 120
"""Years of age above which a birth date is taken for a slip."""
_SERIAL_DAY_ZERO = date(1899, 12, 30)
_FIRST_SERIAL = 4_000
"""A smaller whole number in a cell is a year; as a day of a workbook's calendar this is 13 December 1910."""

_MONTHS = (
    "январ янв january jan январи yanvar қаңтар",
    "феврал фев february feb феврали fevral ақпан",
    "март мар march mar марти mart наурыз",
    "апрел апр april apr апрели aprel сәуір",
    "май мая may майи mayi мамыр",
    "июн june jun июни iyun маусым",
    "июл july jul июли iyul шілде",
    "август авг august aug августи avgust тамыз",
    "сентябр сен сент september sep sept сентябри sentabr sentyabr қыркүйек",
    "октябр окт october oct октябри oktabr oktyabr қазан",
    "ноябр ноя ноябри november nov noyabr қараша",
    "декабр дек december dec декабри dekabr желтоқсан",
)
_MONTH_OF = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_UNKNOWN = frozenset(
    ["нет", "неизвестно", "неизв", "нд", "unknown", "na", "none", "номаълум", "nomalum", "yoq", "белгисиз", "белгісіз"]
)
_UNKNOWN_PART = re.compile(r"^(?:0+|[x?хX<*_]+)$")
_AROUND = re.compile(r"^(?:около|примерно|прибл|about|circa|ca|тахминан|taxminan|~|≈)\s*\.?\s*")
_BEHIND = re.compile(r"\s*(?:года? рождения|г\s*\.?\s*р\s*\.?|года?|г\s*\.?|йил|yil|соли|сол|year)\s*$")


class BirthDateError(ValueError):
    """A birth date that cannot be right. `sentence` says what to write instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class BirthDate:
    """Year, month and day, each known or not; `remark` says what was not taken as written."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    remark: str = ""


def parse_birth_date(cell: str | float | date | datetime | None, *, today: date) -> BirthDate:
    """Read one cell: a date, a workbook's day number, or text such as "04.07.1986", "4 июля 1986", "07.1986", "1986".

    Parts written as 0, ?, x or < are unknown; an empty cell or "unknown" gives no part at all, and so does
    01.01.1900, with a remark. In text the day stands before the month, unless only the reverse exists.
    Raises BirthDateError for a day that does not exist, a date to come, an age above 120, and anything else.
    """
    match cell:
        case None:
            return BirthDate()
        case date():
            return _checked(cell.year, cell.month, cell.day, today)
        case bool():
            raise _unreadable(str(cell))
        case int() | float():
            return _number(cell, today)
        case _:
            return _text(cell, today)


def _number(cell: float, today: date) -> BirthDate:
    if not math.isfinite(cell):
        raise _unreadable(str(cell))
    if cell != int(cell):
        return _text(f"{cell:.4f}", today)  # "07.1986", which a workbook took for a number
    whole = int(cell)
    if _FIRST_SERIAL <= whole <= (today - _SERIAL_DAY_ZERO).days + 366:
        day = _SERIAL_DAY_ZERO + timedelta(days=whole)
        return _checked(day.year, day.month, day.day, today)
    return _text(str(whole).zfill(8) if whole > 999_999 else str(whole), today)


def _text(text: str, today: date) -> BirthDate:
    plain = " ".join(text.casefold().replace("ё", "е").split())
    bare = _BEHIND.sub("", _AROUND.sub("", plain))
    if not bare or re.sub(r"[\W_]", "", bare) in _UNKNOWN or not re.search(r"[^\W_]", bare):
        return BirthDate()
    parts = [part for part in re.split(r"[\s.,/\\\-–—]+", bare) if part]
    if len(parts) == 1 and parts[0].isdigit() and len(parts[0]) == 8:
        parts = _cut(parts[0])
    numbers = [_part(part, text) for part in parts]
    match numbers:
        case [int(year)] if _is_year(parts[0]):
            return _checked(year, None, None, today)
        case [month, int(year)] if _is_year(parts[1]):
            return _checked(year, month, None, today)
        case [int(year), month] if _is_year(parts[0]):
            return _checked(year, month, None, today)
        case [int(year), month, day] if _is_year(parts[0]):
            return _checked(year, month, day, today)
        case [day, month, int(year)] if _is_year(parts[2]) or len(parts[2]) == 2:
            if parts[0].isalpha() or (month is not None and month > 12 and (day or 13) <= 12):
                day, month = month, day  # "July 4 1986" and "07/25/1986"
            return _checked(_whole_year(year, parts[2], today), month, day, today)
        case _:
            raise _unreadable(text)


def _is_year(part: str) -> bool:
    return len(part) == 4 and part.isdigit() and part[:2] in ("00", "11", "18", "19", "20", "21")


def _cut(digits: str) -> list[str]:
    """Cut eight digits: year first where they begin with a year, else day first."""
    if digits[:2] in ("19", "20") and 1 <= int(digits[4:6]) <= 12:
        return [digits[:4], digits[4:6], digits[6:]]
    return [digits[:2], digits[2:4], digits[4:]]


def _part(part: str, text: str) -> int | None:
    """Give a part as a number; None where it is written as unknown."""
    if _UNKNOWN_PART.match(part):
        return None
    if part.isascii() and part.isdigit() and len(part) <= 4:
        return int(part)
    word = part.strip("'’‘`")
    for written in (word, word.rstrip("ьяйиа")):
        if written in _MONTH_OF:
            return _MONTH_OF[written]
    raise _unreadable(text)


def _whole_year(year: int, written: str, today: date) -> int:
    """Give the year of two digits as the latest that is not to come."""
    if len(written) == 4:
        return year
    century = today.year - today.year % 100
    return century + year if century + year <= today.year else century - 100 + year


def _checked(year: int, month: int | None, day: int | None, today: date) -> BirthDate:
    if (year, month, day) in ((1900, 1, 1), (1, 1, 1), (1111, 11, 11)):
        return BirthDate(remark=_("A date that stands for “unknown” was written; the birth date stays unknown."))
    if month is not None and not 1 <= month <= 12:
        raise BirthDateError(_("There is no month %(month)d. Write the date as day.month.year.") % {"month": month})
    longest = (
        31 if month is None else calendar.monthrange(year if day == 29 else 2000, month)[1] if 1 <= year <= 9999 else 31
    )
    if day is not None and not 1 <= day <= longest:
        raise BirthDateError(
            _("There is no such day: %(day)02d.%(month)s.%(year)d. Write the date as day.month.year.")
            % {"day": day, "month": "??" if month is None else f"{month:02}", "year": year}
        )
    if (year, month or 1, day or 1) > (today.year, today.month, today.day):
        raise BirthDateError(_("The birth date is still to come. Check the year."))
    if today.year - year > OLDEST:
        raise BirthDateError(
            _("Born in %(year)d would be older than %(most)d. Check the year.") % {"year": year, "most": OLDEST}
        )
    return BirthDate(year, month, day)


def _unreadable(text: str) -> BirthDateError:
    sentence = _("“%(text)s” is not a date. Write day.month.year, such as 04.07.1986, or only the year.")
    return BirthDateError(sentence % {"text": text[:40]})
