"""How a list writes its dates, as its columns show when they are looked at as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from common.sheets import Heading, Row
from migrants.written_dates import USUAL, DateCustoms, order_shown

LOOKED_AT = 5_000
"""So many rows tell the order of day and month."""

_OF_EXPIRY = replace(USUAL, to_come=True)
_PAST = ("vaccinated_on", "covid_vaccination")
_OF_PROOFS = (*_PAST, "permit_expires", "guarantee_expires", "quarantine_from", "quarantine_until", "quota_on")


@dataclass(frozen=True, slots=True)
class ListCustoms:
    """The customs of the columns that hold dates."""

    birth: DateCustoms = USUAL
    expiry: DateCustoms = _OF_EXPIRY
    proofs: Mapping[str, DateCustoms] = field(default_factory=dict)

    def of(self, name: str) -> DateCustoms:
        """Give those of a column of what can be shown at a barrier."""
        return self.proofs.get(name, USUAL if name in _PAST else _OF_EXPIRY)


def customs_of(rows: Iterable[Row], heading: Heading, *, starts_1904: bool = False) -> ListCustoms:
    """Look at the dates of a list: in a column with a day above 12 at the second place the month stands first.

    A column in which both orders are seen, or neither, leaves open what 03/04/1986 means: it is read with the day first,
    and said so. `rows` may be those of the whole list; the first 5,000 are looked at.
    """
    dated = ("birth_date", "document_expires", *(each for each in _OF_PROOFS if each in heading.columns))
    shown: dict[str, Counter[str]] = {each: Counter() for each in dated}
    for place, row in enumerate(rows):
        if place == LOOKED_AT:
            break
        for each, counts in shown.items():
            cell = heading.value(row, each)
            if isinstance(cell, str) and ("/" in cell or "-" in cell):
                counts[order_shown(cell)] += 1
    found = {each: _order(counts, starts_1904=starts_1904) for each, counts in shown.items()}
    birth, expiry = found.pop("birth_date"), found.pop("document_expires")
    proofs = {each: replace(order, to_come=each not in _PAST) for each, order in found.items()}
    return ListCustoms(birth, replace(expiry, to_come=True), proofs)


def _order(counts: Counter[str], *, starts_1904: bool) -> DateCustoms:
    is_sure = bool(counts["day"]) != bool(counts["month"])
    return DateCustoms(month_first=is_sure and bool(counts["month"]), is_sure=is_sure, starts_1904=starts_1904)
