"""A window that opens again and again: on some days of the week, between two hours, between its two dates.

The days and hours are those of the clock on the wall of one place, whatever it is put to; hours that end before they begin
end on the day after.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from common.refusals import RefusalError
from common.templatetags.ui_times import city
from corridors.rules.kinds import WEEK
from corridors.rules.leaf_wording import days_of_week

MOST = 5
ONE_DAY = timedelta(days=1)
Span = tuple[datetime, datetime]
"""From when until when, in UTC; the end is exclusive."""


class HoursError(RefusalError):
    """Days and hours that cannot be agreed. `field` names what to mend, `sentence` how."""


@dataclass(frozen=True, slots=True)
class Hours:
    """On which days ("mon" to "sun", none of them: every day) and between which hours; twice the same hour is all day."""

    days: tuple[str, ...]
    opens: time
    closes: time

    def stored(self) -> dict[str, object]:
        """The same as a version keeps it."""
        days = [day for day in WEEK if day in self.days] or list(WEEK)
        return {"days": days, "opens": f"{self.opens:%H:%M}", "closes": f"{self.closes:%H:%M}"}

    def on(self, day: date, zone: ZoneInfo) -> Span:
        """When it is open on one day."""
        last = day if self.opens < self.closes else day + ONE_DAY
        first, end = (datetime.combine(*at, tzinfo=zone) for at in ((day, self.opens), (last, self.closes)))
        return first.astimezone(UTC), end.astimezone(UTC)


def hours_of(stored: Iterable[Mapping[str, object]]) -> tuple[Hours, ...]:
    """What a version keeps, read."""
    return tuple(
        Hours(
            tuple(row["days"]),  # type: ignore[arg-type]  # as `stored` writes it
            *(time.fromisoformat(str(row[end])) for end in ("opens", "closes")),
        )
        for row in stored
    )


def hours_worded(said: Sequence[Hours]) -> list[dict[str, object]]:
    """Rows to store. Raises HoursError for days that are none, and for more than anybody keeps in mind."""
    if len(said) > MOST:
        raise HoursError("hours", _("Say at most %(n)d rows of days and hours.") % {"n": MOST})
    if any(set(hours.days) - set(WEEK) for hours in said):
        raise HoursError("hours", _("Choose days of the week."))
    return [hours.stored() for hours in said]


def spans(opens_at: datetime, closes_at: datetime, hours: Sequence[Hours], zone: str) -> list[Span]:
    """When people may enter between two instants, in order and without overlaps; without hours, all of that time."""
    if opens_at >= closes_at:
        return []
    if not hours:
        return [(opens_at, closes_at)]
    found: list[Span] = []
    for opens, closes in sorted(_each_day(opens_at, closes_at, hours, ZoneInfo(zone))):
        opens, closes = max(opens, opens_at), min(closes, closes_at)  # noqa: PLW2901  # the part that lies between the dates
        if opens >= closes:
            continue
        if found and opens <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], closes))
        else:
            found.append((opens, closes))
    return found


def _each_day(opens_at: datetime, closes_at: datetime, hours: Sequence[Hours], zone: ZoneInfo) -> Iterator[Span]:
    day = opens_at.astimezone(zone).date() - ONE_DAY
    while day <= closes_at.astimezone(zone).date():
        for row in hours:
            if not row.days or WEEK[day.weekday()] in row.days:
                yield row.on(day, zone)
        day += ONE_DAY


def covers(opened: Iterable[Span], at: datetime) -> bool:
    """Whether it is open at an instant."""
    return any(opens <= at < closes for opens, closes in opened)


def next_span(opened: Iterable[Span], at: datetime) -> Span | None:
    """The time that is open at an instant, else the next one; None where it opens no more."""
    return next(((opens, closes) for opens, closes in opened if at < closes), None)


def hours_in_words(hours: Sequence[Hours], zone: str) -> str:
    """ "Tuesday, Thursday 06:00–12:00 and Saturday 14:00–18:00 (Almaty)"; empty where no hours are said."""
    if not hours:
        return ""
    said = [_days_and_hours(row) for row in hours]
    return _("%(hours)s on the clock of %(city)s") % {"hours": "; ".join(said), "city": city(zone)}


def _days_and_hours(row: Hours) -> str:
    days = _("every day") if len(row.days) in (0, len(WEEK)) else ", ".join(days_of_week(row.days))
    if row.opens == row.closes:
        return _("%(days)s, the whole day") % {"days": days}
    return f"{days}, {row.opens:%H:%M}–{row.closes:%H:%M}"
