"""An invented group of ten for every way, so that a list can be replayed where nobody waits. No row, no real person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from returns.barriers import Barrier, PlacedCase
from returns.facts import IN_HAND, Facts, HeldDocument, HeldProof, TestFact
from returns.ledgers import Direction

HOURS_AHEAD = timedelta(hours=24)
_FURTHER = "TJK"
"""Nationality of those on their way through: the people for whom this house was built (or UZB where Tajikistan is entered)."""


def examples(ways: Iterable[tuple[Direction, str]], *, at: datetime) -> Iterator[tuple[Any, ...]]:
    """Give for each way (with the code of its crossing): code of the group, its hour, its ways, its people and their facts.

    Of ten people five go home, three go through, one lives where they leave and one is of neither; eight have a passport,
    three a negative PCR test sampled a day before the barrier, one is a child of three. Those who go home live there and stay.
    """
    hour = at + HOURS_AHEAD
    for number, (way, code) in enumerate(ways, start=1):
        where = Barrier(way, way, hour, hour + timedelta(hours=2), hour, False, None)
        facts = {number * 100 + place: person for place, person in enumerate(_ten(way[1], way[2], hour), start=1)}
        people = tuple(PlacedCase(-key, key, number, where) for key in facts)
        yield f"example {way[1]}-{way[2]} at {code}", where, (way,), people, facts


def _ten(left: str, entered: str, hour: datetime) -> Iterator[Facts]:
    through = _FURTHER if _FURTHER not in (left, entered) else "UZB" if "UZB" not in (left, entered) else "KGZ"
    nationalities = (entered,) * 5 + (through,) * 3 + (left, "AFG")
    homes = (entered,) * 5 + (through,) * 3 + (left, left)
    for place, nationality in enumerate(nationalities):
        yield Facts(
            birth_year=hour.year - (3 if place == 4 else 20 + 4 * place),
            birth_month=1,
            birth_day=1,
            nationalities=frozenset({nationality}),
            documents=() if place in (3, 6) else (HeldDocument("passport", IN_HAND, date(hour.year + 3, 1, 1)),),
            tests=(TestFact("pcr", "negative", hour - HOURS_AHEAD),) if place in (0, 5, 8) else (),
            consent_form=True,
            proofs=(HeldProof("residence", country=homes[place]),),
            passage="transit" if homes[place] == through else "stay",
        )
