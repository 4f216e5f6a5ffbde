"""Logic of three values (Kleene): what is not known stays not known unless the rest decides without it."""

from collections.abc import Iterable
from enum import IntEnum


class Truth(IntEnum):
    """False < unknown < true, so that `and` is the least and `or` the greatest."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    @classmethod
    def of(cls, value: bool | None) -> "Truth":
        """Give the truth of a fact that may never have been asked (None)."""
        return cls.UNKNOWN if value is None else cls(2 * value)

    def negated(self) -> "Truth":
        """Give `not`: unknown stays unknown."""
        return Truth(2 - self)


def every(values: Iterable[Truth]) -> Truth:
    """Give `and` over all; true of nothing."""
    return min(values, default=Truth.TRUE)


def some(values: Iterable[Truth]) -> Truth:
    """Give `or` over all; false of nothing."""
    return max(values, default=Truth.FALSE)
