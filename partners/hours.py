"""Working hours as a person writes them: "Mo-Fr 09:00-13:00, 14:00-18:00; Sa 10:00-13:00", in the zone of the office. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from common.refusals import RefusalError

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
ALWAYS = "24/7"
_WRITTEN = {
    **{name.lower(): number for number, name in enumerate(DAYS)},
    **{name: number for number, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))},
    **{name: number for number, name in enumerate(("пн", "вт", "ср", "чт", "пт", "сб", "вс"))},
}
_SPAN = re.compile(r"(\d{1,2})[:.](\d\d)\s*[-–—]\s*(\d{1,2})[:.](\d\d)")
_PART = re.compile(r"\s*([^\d:]+?)\s+(\d.*)")
_MOST_HOLIDAYS = 60
_MIDNIGHT = 24 * 60


class HoursError(RefusalError):
    """Hours or holidays that cannot be read; the sentence shows how they are written."""


@dataclass(frozen=True, slots=True)
class Hours:
    """`spans` holds for each weekday (0 is Monday) the minutes of the day at which work begins and ends.

    An end that is not after its beginning lies on the next day. No span at all means that nobody has said.
    """

    spans: tuple[tuple[tuple[int, int], ...], ...] = ((),) * 7

    @property
    def are_known(self) -> bool:
        return any(self.spans)

    def are_open(self, at: datetime, *, zone: str, holidays: Iterable[str] = ()) -> bool:
        """Whether somebody works at the instant `at`; a holiday (ISO date) has no hours, but the night before runs out."""
        local, closed = at.astimezone(ZoneInfo(zone)), set(holidays)
        minute = local.hour * 60 + local.minute
        today, before = local.date(), local.date() - timedelta(days=1)
        if today.isoformat() not in closed and any(
            begins <= minute and (minute < ends or ends <= begins) for begins, ends in self.spans[today.weekday()]
        ):
            return True
        return before.isoformat() not in closed and any(
            ends <= begins and minute < ends for begins, ends in self.spans[before.weekday()]
        )

    def __str__(self) -> str:
        """Give them as they are written, the days that are alike together."""
        if all(spans == ((0, _MIDNIGHT),) for spans in self.spans):
            return ALWAYS
        parts: list[str] = []
        number = 0
        while number < 7:
            last = number
            while last < 6 and self.spans[last + 1] == self.spans[number]:
                last += 1
            if self.spans[number]:
                days = DAYS[number] if last == number else f"{DAYS[number]}-{DAYS[last]}"
                parts.append(f"{days} {', '.join(map(_span_words, self.spans[number]))}")
            number = last + 1
        return "; ".join(parts)


UNKNOWN = Hours()


@lru_cache(maxsize=512)
def parse_hours(text: str, *, field: str = "hours") -> Hours:
    """Read working hours; empty text means that they are not known. Raises HoursError."""
    if not (text := " ".join(text.split())):
        return UNKNOWN
    if text == ALWAYS:
        return Hours((((0, _MIDNIGHT),),) * 7)
    spans: list[tuple[tuple[int, int], ...]] = [()] * 7
    for part in filter(str.strip, text.split(";")):
        found = _PART.fullmatch(part)
        written = [span.strip() for span in found[2].split(",")] if found else []
        matches = [_SPAN.fullmatch(span) for span in written]
        if found is None or not all(matches):
            raise HoursError(field, _refused(part))
        day_spans = tuple(sorted(_minutes(match, part, field) for match in matches if match))
        for day in _days(found[1], part, field):
            spans[day] = tuple(sorted({*spans[day], *day_spans}))
    return Hours(tuple(spans))


def parse_holidays(text: str, *, field: str = "holidays") -> list[str]:
    """Read the days on which nobody works, as ISO dates, in order, each once. Raises HoursError."""
    days: set[str] = set()
    for written in re.split(r"[\s,;]+", text.strip()):
        if not written:
            continue
        try:
            days.add(date.fromisoformat(written).isoformat())
        except ValueError as error:
            raise HoursError(
                field,
                _("“%(written)s” is no day. Write the holidays as year-month-day, such as 2026-03-21, 2026-03-22.")
                % {"written": written},
            ) from error
    if len(days) > _MOST_HOLIDAYS:
        raise HoursError(field, _("More than 60 holidays. Name those of the coming year alone."))
    return sorted(days)


def _days(text: str, part: str, field: str) -> list[int]:
    days: list[int] = []
    for piece in text.replace(" ", "").split(","):
        ends = [_WRITTEN.get(each.lower().rstrip(".")) for each in re.split(r"[-–—]", piece)]
        if None in ends or len(ends) > 2:
            raise HoursError(field, _refused(part))
        first, last = ends[0] or 0, ends[-1] or 0
        days += [day % 7 for day in range(first, last + 1 if last >= first else last + 8)]
    return days


def _minutes(match: re.Match[str], part: str, field: str) -> tuple[int, int]:
    begins, ends = (int(match[place]) * 60 + int(match[place + 1]) for place in (1, 3))
    if int(match[2]) > 59 or int(match[4]) > 59 or begins >= _MIDNIGHT or ends > _MIDNIGHT:
        raise HoursError(field, _refused(part))
    return begins, ends


def _refused(part: str) -> str:
    return _(
        "“%(part)s” cannot be read as hours. Write days and times, such as Mo-Fr 09:00-13:00, 14:00-18:00; Sa 10:00-13:00,"
        " or 24/7."
    ) % {"part": part.strip()}


def _span_words(span: tuple[int, int]) -> str:
    begins, ends = span
    words = "24:00" if ends == _MIDNIGHT else f"{time(ends // 60, ends % 60):%H:%M}"
    return f"{time(begins // 60, begins % 60):%H:%M}-{words}"
