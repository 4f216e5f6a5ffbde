"""Conditions without a twin in SQL, asked in Python for just the cases concerned; their bits go to the statement as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from returns import atoms, verdicts
from returns.barriers import PlacedCase
from returns.engine.bits import COLUMNS, has_twin
from returns.engine.conditions import Condition, Numbering, Waived, column, mask
from returns.facts import Facts
from returns.truth import Truth

PIECE = 2000
"""Cases whose facts are held at once."""


def without_twin(conditions: Iterable[Condition]) -> list[Condition]:
    """Give the conditions that must be asked in Python."""
    return [condition for condition in conditions if not has_twin(condition)]


def bits_by_hand(
    placed: Sequence[PlacedCase], conditions: Sequence[Condition], numbering: Numbering, *, at: datetime
) -> dict[str, list[int]]:
    """Answer `conditions` for some cases as known `at`; gives the parameters that `bits_of` takes with `by_hand`."""
    found: dict[str, list[int]] = {"hand_cases": [], **{f"hand_{name}": [] for name in COLUMNS}}
    for start in range(0, len(placed), PIECE):
        piece = placed[start : start + PIECE]
        facts = verdicts.evidence(piece, at=at).facts
        for case in piece:
            found["hand_cases"].append(case.case)
            for name, word in _words(facts[case.person], case, conditions, numbering).items():
                found[f"hand_{name}"].append(word)
    return found


def _words(facts: Facts, case: PlacedCase, conditions: Sequence[Condition], numbering: Numbering) -> dict[str, int]:
    words = dict.fromkeys(COLUMNS, 0)
    for condition in conditions:
        if isinstance(condition.atom, Waived):
            continue
        zone, bit = ZoneInfo(condition.zone), numbering.bit(condition)
        for late, hour in ((False, case.barrier.hour), (True, case.barrier.late)):
            truth = atoms.holds(facts, condition.atom, hour.astimezone(zone)).truth
            if truth is not Truth.UNKNOWN:
                words[column(bit, true=truth is Truth.TRUE, late=late)] |= mask(bit)
    return words
