"""The solar calendar of Iran and Afghanistan (solar Hijri), as lists in Farsi and Dari write their dates. Pure."""

from __future__ import annotations

from datetime import date, timedelta

_KNOWN_YEAR, _KNOWN_NEW_YEAR = 1399, date(2020, 3, 20)


def is_leap_year(year: int) -> bool:
    """Tell whether the last month has 30 days: eight years in each cycle of 33, as observed from 1178 to 1633."""
    return (25 * year + 11) % 33 < 8


def common_date(year: int, month: int, day: int) -> date:
    """Give the day of the common calendar: six months of 31 days, five of 30, the last of 29 or 30."""
    first, last = sorted((year, _KNOWN_YEAR))
    leaps = sum(map(is_leap_year, range(first, last)))
    days = 365 * (last - first) + leaps
    new_year = _KNOWN_NEW_YEAR + timedelta(days=days if year > _KNOWN_YEAR else -days)
    before = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
    return new_year + timedelta(days=before + day - 1)
