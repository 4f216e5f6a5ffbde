"""Ages from birth dates whose parts may be unknown (rules 15 and 20). Pure."""

from __future__ import annotations

from datetime import date

Parts = tuple[int | None, int | None, int | None]
"""Year, month, day of birth; each may be None."""
ADULT = 18


def age_range(birth: Parts, *, on: date) -> tuple[int, int] | None:
    """Give the youngest and the oldest age in whole years that the known parts allow; None without a year."""
    year, month, day = birth
    if year is None:
        return None
    earliest = (month or 1, day or 1) if month else (1, 1)
    latest = (month, day or 31) if month else (12, 31)
    youngest = _age(year, latest, on)
    return max(0, youngest), max(0, _age(year, earliest, on))


def may_be_child(birth: Parts, *, on: date) -> bool:
    """Tell whether the person is, or may be, under 18: what is not known counts for the child (rule 15)."""
    span = age_range(birth, on=on)
    return span is None or span[0] < ADULT


def age_words(birth: Parts, *, on: date) -> str:
    """Give "34", "33–34" or "" where no year is known."""
    span = age_range(birth, on=on)
    if span is None:
        return ""
    return str(span[0]) if span[0] == span[1] else f"{span[0]}–{span[1]}"


def birth_words(birth: Parts) -> str:
    """Give a birth date as far as it is known: "04.07.1986", "07.1986", "1986", "" for nothing."""
    year, month, day = birth
    parts = [f"{day:02d}" if day and month else "", f"{month:02d}" if month else "", str(year) if year else ""]
    return ".".join(part for part in parts if part) if year else ""


def _age(year: int, month_day: tuple[int, int], on: date) -> int:
    return on.year - year - ((on.month, on.day) < month_day)
