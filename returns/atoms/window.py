"""Days and hours at which people may cross, on the clock of the barrier. The same for everybody, every week."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta, tzinfo

from psycopg.sql import SQL, Literal

from corridors.rules import Leaf, Window
from corridors.rules.kinds import WEEK
from returns.atoms.answers import Answer, false, instant, true
from returns.atoms.twins import Moment, Twin
from returns.facts import Because, Facts

AHEAD = timedelta(days=8)
"""Within so many days each hour of the week comes once, also where clocks change."""
_SECOND = timedelta(seconds=1)


def holds(facts: Facts, leaf: Window, at: datetime) -> Answer:
    """Tell whether `at` lies in the window; where it does not, another hour is to be planned."""
    because = Because("window", {"asked_hour": instant(at)})
    if _is_open(leaf, at):
        return true(because)
    return false(Because("window_shut", {"asked_hour": instant(at)}), Because("plan_other_hour"))


def changes(facts: Facts, leaf: Window, zone: tzinfo) -> Iterator[datetime]:
    """Yield nothing: a window turns every week, see `recurring`."""
    return iter(())


def recurring(leaf: Leaf, after: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Yield the instants in the week after `after` at which a window may open or shut; none of any other condition.

    Hours that a change of clocks repeats are given twice, and the change itself too.
    """
    if not isinstance(leaf, Window):
        return
    hours = [time.min, *(time.fromisoformat(hour) for hour in (leaf.opens, leaf.closes) if hour is not None)]
    first = after.astimezone(zone).date() - timedelta(days=1)
    for day in (first + timedelta(days=number) for number in range(AHEAD.days + 2)):
        for hour in hours:
            for fold in (0, 1):
                yield datetime.combine(day, hour, zone).replace(fold=fold).astimezone(UTC)
    yield from _clock_changes(after.astimezone(UTC), zone)


def twin(leaf: Window, moment: Moment) -> Twin:
    """Give the same in SQL."""
    local = SQL("({} at time zone {})").format(moment.hour, Literal(moment.zone))
    parts = []
    if leaf.days:
        days = [WEEK.index(day) + 1 for day in leaf.days]
        parts.append(SQL("extract(isodow from {}) = any ({}::int[])").format(local, Literal(days)))
    if leaf.opens is not None and leaf.closes is not None:
        inside = SQL("{0}::time >= {1}::time and {0}::time < {2}::time")
        over_midnight = SQL("({0}::time >= {1}::time or {0}::time < {2}::time)")
        hours = inside if leaf.opens < leaf.closes else over_midnight
        parts.append(hours.format(local, Literal(leaf.opens), Literal(leaf.closes)))
    is_open = SQL("({})").format(SQL(" and ").join(parts))
    return Twin(is_open, SQL("not {}").format(is_open))


def _is_open(leaf: Window, at: datetime) -> bool:
    if leaf.days and WEEK[at.weekday()] not in leaf.days:
        return False
    if leaf.opens is None or leaf.closes is None:
        return True
    opens, closes, now = time.fromisoformat(leaf.opens), time.fromisoformat(leaf.closes), at.time()
    return opens <= now < closes if opens < closes else now >= opens or now < closes


def _clock_changes(after: datetime, zone: tzinfo) -> Iterator[datetime]:
    """Yield the instants, to the second, at which the clocks of the zone are changed in the week after."""
    for number in range(AHEAD.days + 1):
        low, high = after + timedelta(days=number), after + timedelta(days=number + 1)
        before = low.astimezone(zone).utcoffset()
        if before == high.astimezone(zone).utcoffset():
            continue
        while high - low > _SECOND:
            middle = low + ((high - low) // 2 // _SECOND) * _SECOND
            middle = middle if low < middle < high else low + _SECOND
            low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
        yield high.replace(microsecond=0)
