"""What an atom answers: true, false or unknown, why, and what would make it true."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from returns.facts import Because
from returns.truth import Truth


@dataclass(frozen=True, slots=True)
class Answer:
    """`cure` is what would make it true: () where nothing is needed, None where nothing helps."""

    truth: Truth
    because: tuple[Because, ...]
    cure: tuple[Because, ...] | None = ()


def true(because: Because) -> Answer:
    """Give an answer that holds."""
    return Answer(Truth.TRUE, (because,))


def false(because: Because, cure: Because | None) -> Answer:
    """Give an answer that does not hold, with its remedy or None."""
    return Answer(Truth.FALSE, (because,), None if cure is None else (cure,))


def unknown(because: Because, cure: Because) -> Answer:
    """Give an answer that nobody can give yet, and what to ask."""
    return Answer(Truth.UNKNOWN, (because,), (cure,))


def instant(at: datetime) -> str:
    """Give an instant as kept in evidence: ISO text with its offset."""
    return at.isoformat()
