"""Read a birth date as people write it in lists; each part may stay unknown and nothing is invented (domain 20). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from migrants.written_dates import USUAL, DateCustoms, WrittenDateError, read_date

OLDEST = 120
"""Years of age above which a birth date is taken for a slip."""


class BirthDateError(ValueError):
    """A birth date that cannot be right. `sentence` says what to write instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class BirthDate:
    """Year, month and day, each known or not; `remark` says what was not taken as written."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    remark: str = ""


def parse_birth_date(
    cell: str | float | date | datetime | None, *, today: date, customs: DateCustoms = USUAL
) -> BirthDate:
    """Read one cell as `written_dates.read_date` does.

    Raises BirthDateError for a day that does not exist, a date to come, an age above 120, and anything else.
    """
    try:
        read = read_date(cell, today=today, customs=customs)
    except WrittenDateError as error:
        raise BirthDateError(error.sentence) from error
    if read.year is None:
        return BirthDate(remark=read.remark)
    if (read.year, read.month or 1, read.day or 1) > (today.year, today.month, today.day):
        raise BirthDateError(_("The birth date is still to come. Check the year."))
    if today.year - read.year > OLDEST:
        raise BirthDateError(
            _("Born in %(year)d would be older than %(most)d. Check the year.") % {"year": read.year, "most": OLDEST}
        )
    return BirthDate(read.year, read.month, read.day, read.remark)
