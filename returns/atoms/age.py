"""Whole years of age on the local day at the barrier. Unknown parts of a birth date stay unknown (domain 20)."""

from collections.abc import Iterator
from datetime import date, datetime, time, tzinfo

from psycopg.sql import SQL, Composable, Literal

from corridors.rules import Age
from returns.atoms.answers import Answer, false, true, unknown
from returns.atoms.twins import Moment, Twin
from returns.facts import Because, Facts


def holds(facts: Facts, leaf: Age, at: datetime) -> Answer:
    """Tell whether every birth date that fits what is known gives an age within the bounds."""
    ages = possible_ages(facts, at.date())
    if ages is None:
        return unknown(Because("birth_unknown"), Because("record_birth_date"))
    youngest, oldest = ages
    because = Because("age", {"youngest": youngest, "oldest": oldest})
    if _within(leaf, youngest) and _within(leaf, oldest):
        return true(because)
    if oldest < (leaf.from_age or 0) or (leaf.under is not None and youngest >= leaf.under):
        return false(because, None)
    return unknown(Because("birth_partial", {"youngest": youngest, "oldest": oldest}), Because("record_birth_date"))


def possible_ages(facts: Facts, day: date) -> tuple[int, int] | None:
    """Give the lowest and highest age on `day` that the known parts of the birth date allow; None without a year.

    Someone born on 29 February is a year older on 1 March of other years.
    """
    if facts.birth_year is None:
        return None
    first, last = _possible_birthdays(facts)
    years = day.year - facts.birth_year
    return years - ((day.month, day.day) < last), years - ((day.month, day.day) < first)


def changes(facts: Facts, leaf: Age, zone: tzinfo) -> Iterator[datetime]:
    """Yield the midnights at which the person may reach a bound."""
    if facts.birth_year is None:
        return
    for years in (leaf.from_age, leaf.under):
        for month, day in _possible_birthdays(facts):
            if years is not None and facts.birth_year + years < date.max.year:
                yield datetime.combine(_on_or_after(facts.birth_year + years, month, day), time.min, zone)


def _possible_birthdays(facts: Facts) -> tuple[tuple[int, int], tuple[int, int]]:
    """Give the first and last (month, day) that fit; a day without its month says nothing."""
    if facts.birth_month is None:
        return (1, 1), (12, 31)
    return (facts.birth_month, facts.birth_day or 1), (facts.birth_month, facts.birth_day or 31)


def _on_or_after(year: int, month: int, day: int) -> date:
    """Give the date, or the first of the next month where that month has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month + 1, 1)  # only months before December are shorter than 31 days


def _within(leaf: Age, age: int) -> bool:
    return (leaf.from_age is None or age >= leaf.from_age) and (leaf.under is None or age < leaf.under)


def twin(leaf: Age, moment: Moment) -> Twin:
    """Give the same in SQL."""
    parts = {"youngest": _age(moment, latest=True), "oldest": _age(moment, latest=False)}
    youngest, oldest = (moment.part(name) for name in parts)
    true = SQL("({} and {})").format(_within_sql(leaf, youngest), _within_sql(leaf, oldest))
    grown = SQL("false") if leaf.under is None else SQL("{} >= {}").format(youngest, Literal(leaf.under))
    beyond = SQL("({} < {} or {})").format(oldest, Literal(leaf.from_age or 0), grown)
    return Twin(true, SQL("({} and not {})").format(beyond, true), "once", parts)


def _age(moment: Moment, *, latest: bool) -> Composable:
    month, day = (Literal(number) for number in ((12, 31) if latest else (1, 1)))
    birthday = SQL(
        "case when placed.birth_month is null then {} * 100 + {}"
        " else placed.birth_month * 100 + coalesce(nullif(placed.birth_day, 0), {}) end"
    ).format(month, day, day)
    today = SQL("extract(month from {day}) * 100 + extract(day from {day})").format(day=moment.day)
    whole = SQL("(extract(year from {}) - placed.birth_year - ({} < {})::int)")
    return whole.format(moment.day, today, birthday)


def _within_sql(leaf: Age, age: Composable) -> Composable:
    bounds = [
        SQL("{} {} {}").format(age, SQL(sign), Literal(bound))
        for sign, bound in ((">=", leaf.from_age), ("<", leaf.under))
        if bound is not None
    ]
    return SQL(" and ").join(bounds) if bounds else SQL("{} is not null").format(age)
