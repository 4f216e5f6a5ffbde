"""Read the parts of a date as people write it in lists: each part may stay unknown, nothing is invented (domain 20). Pure."""

from __future__ import annotations

import calendar
import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from common.sheets.folding import latin_digits
from migrants.solar_calendar import common_date, is_leap_year

_DAY_ZERO, _DAY_ZERO_1904 = date(1899, 12, 30), date(1904, 1, 1)
_FIRST_SERIAL = 4_000
"""A smaller whole number in a cell is a year; as a day of a workbook's calendar this is 13 December 1910."""
_LAST_SERIAL = 80_000
_STAND_FOR_UNKNOWN = frozenset(
    [
        (1900, 1, 1),
        (1900, 1, 0),
        (1899, 12, 30),
        (1899, 12, 31),
        (1, 1, 1),
        (1111, 11, 11),
        (9999, 9, 9),
        (9999, 12, 31),
    ]
)
"""Days that programs and clerks write for “unknown”: day zero and one of a workbook, and numbers without meaning."""

_MONTHS = (
    "январ янв january jan январи yanvar қаңтар қантар ژانویه جنوری",
    "феврал фев february feb феврали fevral ақпан акпан فوریه فبروری",
    "март мар march mar марти mart наурыз مارس مارچ",
    "апрел апр april apr апрели aprel сәуір сауир آوریل اپریل",
    "май мая may майи mayi мамыр مه می",
    "июн june jun июни iyun маусым ژوئن جون",
    "июл july jul июли iyul шілде шилде ژوئیه جولای",
    "август авг august aug августи avgust тамыз اوت آگوست",
    "сентябр сен сент september sep sept сентябри sentabr sentyabr қыркүйек кыркуйек سپتامبر سپتمبر",
    "октябр окт october oct октябри oktabr oktyabr қазан казан اکتبر اکتوبر",
    "ноябр ноя ноябри november nov noyabr қараша караша نوامبر نومبر",
    "декабр дек december dec декабри dekabr желтоқсан желтоксан دسامبر دسمبر",
)
_SOLAR_MONTHS = (
    "فروردین حمل", "اردیبهشت ثور", "خرداد جوزا", "تیر سرطان", "مرداد اسد", "شهریور سنبله",
    "مهر میزان", "آبان عقرب", "آذر قوس", "دی جدی", "بهمن دلو", "اسفند حوت",
)  # fmt: skip
_MONTH_OF = {
    word: number
    for names in (_MONTHS, _SOLAR_MONTHS)
    for number, words in enumerate(names, 1)
    for word in words.split()
}
_UNKNOWN = frozenset(
    [
        "нет", "неизвестно", "неизв", "нд", "unknown", "na", "none", "номаълум", "nomalum", "yoq", "белгисиз", "белгісіз",
        "номалум", "نامعلوم", "نامشخص",
    ]
)  # fmt: skip
_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_PLAIN = re.compile(r"([1-9]|0[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.((?:19|20)\d\d)", re.ASCII)
"""What most lists hold, read at once."""
_UNKNOWN_PART = re.compile(r"^(?:0+|[x?хX<*_]+)$")
_BEFORE = re.compile(
    r"^(?:около|примерно|прибл|about|circa|ca|тахминан|taxminan|шамамен|болжол менен|حدود|~|≈|род|р|г\s*\.?\s*р)\s*\.?\s+"
    r"|^[~≈]\s*"
)
_BEHIND = re.compile(
    r"\s*(?:года? рождения|г\s*\.?\s*р\s*\.?|года?|г\s*\.?|йил|yil|соли таваллуд|соли|сол|year|ж\s*\.?\s*т\s*\.?|жылы|жыл)\s*$"
)
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class WrittenDateError(ValueError):
    """A date that cannot be. `sentence` says what to write instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class DateCustoms:
    """How the dates of one column are written, as its other cells show.

    `month_first`: 07/25/1986. `is_sure` is False where nothing in the column tells, so that 03/04/1986 is read with a
    remark. `starts_1904`: numbers of days count from 1904. `to_come`: of two digits the year may be to come.
    """

    month_first: bool = False
    is_sure: bool = True
    starts_1904: bool = False
    to_come: bool = False


USUAL = DateCustoms()


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """Year, month and day, each known or not; `remark` says what was not taken as written."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    remark: str = ""


def read_date(cell: str | float | date | datetime | None, *, today: date, customs: DateCustoms = USUAL) -> WrittenDate:
    """Read one cell: a date, a workbook's day number, or text such as "04.07.1986", "4 июля 1986", "07.1986", "1986".

    Parts written as 0, ?, x or < are unknown; an empty cell or "unknown" gives no part at all, and so do 01.01.1900 and
    day zero of a workbook, with a remark. In text the day stands before the month, unless `customs` say otherwise or
    only the reverse exists. Years 1300 to 1450 are those of the solar calendar of Iran and Afghanistan: a whole date is
    converted, with a remark. Raises WrittenDateError for a day that does not exist and for anything else.
    """
    match cell:
        case None:
            return WrittenDate()
        case date():
            return _of_day(cell, customs)
        case bool():
            raise _unreadable(str(cell))
        case int() | float():
            return _number(cell, today, customs)
        case _:
            return _text(cell, today, customs)


def order_shown(text: str) -> str:
    """Say what a cell shows of the order in its column: "day", "month", "either", or "" where it shows nothing."""
    found = re.fullmatch(r"\s*(\d{1,2})\s*[/-]\s*(\d{1,2})\s*[/-]\s*(\d{2}|\d{4})\D*", latin_digits(text))
    if found is None:
        return ""
    first, second = int(found[1]), int(found[2])
    if first > 12 or second > 12:
        return "day" if second <= 12 else "month" if first <= 12 else ""
    return "" if first == second else "either"


def _of_day(day: date, customs: DateCustoms) -> WrittenDate:
    if customs.starts_1904 and (day.year, day.month, day.day) == (1904, 1, 1):
        return _stands_for_unknown()
    return _checked(day.year, day.month, day.day)


def _number(cell: float, today: date, customs: DateCustoms) -> WrittenDate:
    if not math.isfinite(cell):
        raise _unreadable(str(cell))
    if cell in (0, 1):
        return _stands_for_unknown()
    if cell != int(cell):
        return _text(f"{cell:.4f}", today, customs)  # "07.1986", which a workbook took for a number
    whole = int(cell)
    if _FIRST_SERIAL <= whole <= _LAST_SERIAL:
        return _of_day((_DAY_ZERO_1904 if customs.starts_1904 else _DAY_ZERO) + timedelta(days=whole), customs)
    return _text(str(whole).zfill(8) if whole > 999_999 else str(whole), today, customs)


def _text(text: str, today: date, customs: DateCustoms) -> WrittenDate:
    if found := _PLAIN.fullmatch(text):
        return _checked(int(found[3]), int(found[2]), int(found[1]))
    plain = " ".join(_UNSEEN.sub("", latin_digits(text)).casefold().replace("ё", "е").replace("ي", "ی").split())
    bare = _BEHIND.sub("", _BEFORE.sub("", plain))
    if not bare or re.sub(r"[\W_]", "", bare) in _UNKNOWN or not re.search(r"[^\W_]", bare):
        return WrittenDate()
    parts = [part for part in re.split(r"[\s.,/\\\-–—]+", bare) if part]
    if len(parts) == 4 and re.fullmatch(r"\d\d?:\d\d(:\d\d)?", parts[3]):
        parts.pop()  # "1986-07-04 00:00:00", as programs write a day
    if len(parts) == 1 and parts[0].isdigit() and len(parts[0]) == 8:
        parts = _cut(parts[0])
    numbers = [_part(part, text) for part in parts]
    if not any(numbers):
        return _stands_for_unknown()
    if len(parts) <= 3 and _is_year(parts[0]):
        return _checked(*numbers, *[None] * (3 - len(parts)))
    if len(parts) == 2 and _is_year(parts[1]):
        return _checked(numbers[1], numbers[0], None)
    if len(parts) == 3 and (_is_year(parts[2]) or (len(parts[2]) == 2 and numbers[2] is not None)):
        numbers[2] = _whole_year(numbers[2] or 0, parts[2], today, customs)
        return _day_month_year(numbers, parts, plain, customs)
    raise _unreadable(text)


def _day_month_year(numbers: list[int | None], parts: list[str], plain: str, customs: DateCustoms) -> WrittenDate:
    """Settle which of the first two is the day: a word is the month, a number above 12 the day, else as the column shows."""
    day, month, year = numbers
    is_open = order_shown(plain) == "either"
    is_turned = not parts[0].isalpha() and month is not None and month > 12 and (day or 13) <= 12
    if parts[0].isalpha() or is_turned or (is_open and customs.month_first):
        day, month = month, day
    read = _checked(year, month, day)
    if is_turned and "." in plain:  # behind dots nobody writes the month first: it may as well be a slip
        said = _("“%(text)s” is read as day %(day)d of month %(month)d; ask which was meant.")
        return WrittenDate(read.year, read.month, read.day, said % {"text": plain[:20], "day": day, "month": month})
    if not is_open or customs.is_sure or read.year is None:
        return read
    said = _("“%(text)s” is read as day %(day)d of month %(month)d: nothing in the column shows the order.")
    return WrittenDate(read.year, read.month, read.day, said % {"text": plain[:20], "day": day, "month": month})


def _is_year(part: str) -> bool:
    return len(part) == 4 and part.isdigit() and part[:2] in ("00", "11", "13", "14", "18", "19", "20", "21", "99")


def _cut(digits: str) -> list[str]:
    """Cut eight digits: year first where they begin with a year, else day first."""
    if digits[:2] in ("13", "14", "19", "20") and 1 <= int(digits[4:6]) <= 12 and 1 <= int(digits[6:]) <= 31:
        return [digits[:4], digits[4:6], digits[6:]]
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


def _whole_year(year: int, written: str, today: date, customs: DateCustoms) -> int:
    """Give the year of two digits as the latest that is not to come, or, for a day to come, of this century."""
    if len(written) == 4:
        return year
    century = today.year - today.year % 100
    return century + year if customs.to_come or century + year <= today.year else century - 100 + year


def _checked(year: int | None, month: int | None, day: int | None) -> WrittenDate:
    if year is None or (year, month, day) in _STAND_FOR_UNKNOWN:
        return _stands_for_unknown()
    if month is not None and not 1 <= month <= 12:
        raise WrittenDateError(_("There is no month %(month)d. Write the date as day.month.year.") % {"month": month})
    is_solar = 1300 <= year <= 1450
    if day is not None and not 1 <= day <= (_longest_solar(year, month) if is_solar else _longest(year, month, day)):
        raise WrittenDateError(
            _("There is no such day: %(day)02d.%(month)s.%(year)d. Write the date as day.month.year.")
            % {"day": day, "month": "??" if month is None else f"{month:02}", "year": year}
        )
    return _from_solar(year, month, day) if is_solar else WrittenDate(year, month, day)


def _longest(year: int, month: int | None, day: int) -> int:
    if month is None:
        return 31
    return 28 if month == 2 and day == 29 and not calendar.isleap(year) else _LONGEST[month - 1]


def _longest_solar(year: int, month: int | None) -> int:
    if month is None or month <= 6:
        return 31
    return 30 if month < 12 or is_leap_year(year) else 29


def _from_solar(year: int, month: int | None, day: int | None) -> WrittenDate:
    if month is None or day is None:
        said = _("Year %(year)d of the solar calendar is %(first)d or %(second)d; the date stays unknown.")
        return WrittenDate(remark=said % {"year": year, "first": year + 621, "second": year + 622})
    found = common_date(year, month, day)
    said = _("%(day)02d.%(month)02d.%(year)d of the solar calendar is taken as %(found)s.")
    words = {"day": day, "month": month, "year": year, "found": f"{found:%d.%m.%Y}"}
    return WrittenDate(found.year, found.month, found.day, said % words)


def _stands_for_unknown() -> WrittenDate:
    return WrittenDate(remark=_("A date that stands for “unknown” was written; the date stays unknown."))


def _unreadable(text: str) -> WrittenDateError:
    sentence = _("“%(text)s” is not a date. Write day.month.year, such as 04.07.1986, or only the year.")
    return WrittenDateError(sentence % {"text": text[:40]})
