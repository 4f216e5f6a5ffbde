"""An hour as a notice prints it: the local time of each side, with city and distance from UTC."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from common.templatetags.ui_times import city, written_day


def local_times(at: datetime | None, zones: Iterable[str]) -> str:
    """ "1 October 2020, 08:05 Tashkent (UTC+5) = 09:05 Almaty (UTC+6)"; the day again where it is another one there."""
    if at is None:
        return "–"
    said: list[str] = []
    day_said = ""
    for zone in dict.fromkeys(zones):
        local = at.astimezone(ZoneInfo(zone))
        day = written_day(local)
        said.append(f"{'' if day == day_said else f'{day}, '}{local:%H:%M} {city(zone)} ({offset(local)})")
        day_said = day
    return " = ".join(said)


def offset(moment: datetime) -> str:
    """How far the local clock stands from UTC: "UTC+5", "UTC+5:30"."""
    minutes = int((moment.utcoffset() or timedelta()).total_seconds()) // 60
    whole, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{whole}" + (f":{rest:02d}" if rest else "")
