"""How two birth dates agree, each of whose parts may be unknown. Pure."""

from enum import StrEnum
from typing import TypeAlias

Parts: TypeAlias = tuple[int | None, int | None, int | None]
"""Year, month, day."""


class Likeness(StrEnum):
    """What comparing two birth dates tells."""

    SAME = "same"
    SWAPPED = "swapped"
    MONTH_SAME = "month_same"
    ESTIMATED = "estimated"
    YEAR_SAME = "year_same"
    ONE_PART_DIFFERS = "one_part_differs"
    DIFFERS_IN_YEAR = "differs_in_year"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


def birth_likeness(one: Parts, other: Parts) -> Likeness:
    """Compare two birth dates. A day without its month tells nothing; without a year nothing is compared."""
    if one[0] is None or other[0] is None:
        return Likeness.UNKNOWN
    if None not in one and None not in other:
        return _whole(one, other)
    if one[0] != other[0]:
        return Likeness.DIFFERS
    if one[1] is None or other[1] is None:
        return Likeness.YEAR_SAME
    return Likeness.MONTH_SAME if one[1] == other[1] else Likeness.DIFFERS_IN_YEAR


def _whole(one: Parts, other: Parts) -> Likeness:
    if one == other:
        return Likeness.SAME
    if one[0] == other[0] and (1, 1) in (one[1:], other[1:]):
        return Likeness.ESTIMATED
    if one == (other[0], other[2], other[1]):
        return Likeness.SWAPPED
    if sum(mine == theirs for mine, theirs in zip(one, other, strict=True)) == 2 and _is_slip(one, other):
        return Likeness.ONE_PART_DIFFERS
    return Likeness.DIFFERS_IN_YEAR if one[0] == other[0] else Likeness.DIFFERS


def _is_slip(one: Parts, other: Parts) -> bool:
    """Tell whether the part that differs does so by one digit, as a slip of the pen does."""
    mine, theirs = next((f"{a:04}", f"{b:04}") for a, b in zip(one, other, strict=True) if a != b)
    return sum(a != b for a, b in zip(mine, theirs, strict=True)) == 1
