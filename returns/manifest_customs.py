"""How a list writes its dates, as its columns show when they are looked at as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from common.sheets import Heading, Row
from migrants.written_dates import USUAL, DateCustoms, order_shown

LOOKED_AT = 5_000
"""So many rows tell the order of day and month."""

_OF_EXPIRY = replace(USUAL, to_come=True)


@dataclass(frozen=True, slots=True)
class ListCustoms:
    """The customs of the columns that hold dates."""

    birth: DateCustoms = USUAL
    expiry: DateCustoms = _OF_EXPIRY


def customs_of(rows: Iterable[Row], heading: Heading, *, starts_1904: bool = False) -> ListCustoms:
    """Look at the dates of a list: in a column with a day above 12 at the second place the month stands first.

    A column in which both orders are seen, or neither, leaves open what 03/04/1986 means: it is read with the day first,
    and said so. `rows` may be those of the whole list; the first 5,000 are looked at.
    """
    shown: dict[str, Counter[str]] = {"birth_date": Counter(), "document_expires": Counter()}
    for place, row in enumerate(rows):
        if place == LOOKED_AT:
            break
        for field, counts in shown.items():
            cell = heading.value(row, field)
            if isinstance(cell, str) and ("/" in cell or "-" in cell):
                counts[order_shown(cell)] += 1
    birth, expiry = (_order(counts, starts_1904=starts_1904) for counts in shown.values())
    return ListCustoms(birth, replace(expiry, to_come=True))


def _order(counts: Counter[str], *, starts_1904: bool) -> DateCustoms:
    is_sure = bool(counts["day"]) != bool(counts["month"])
    return DateCustoms(month_first=is_sure and bool(counts["month"]), is_sure=is_sure, starts_1904=starts_1904)
