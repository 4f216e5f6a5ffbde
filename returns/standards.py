"""How much a halt at a border needs for so many heads: the figures of Sphere, and where it has none, our own. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from returns.enums import NeedKind, Unit

LITRES_PER_DAY = 15
SQUARE_METRES = 3.5
PEOPLE_PER_TOILET_AT_FIRST = 50

UNIT_OF: dict[str, Unit] = {
    NeedKind.TESTS: Unit.TEST,
    NeedKind.BLANKETS: Unit.PIECE,
    NeedKind.WATER: Unit.LITRE,
    NeedKind.FOOD: Unit.RATION,
    NeedKind.HOT_FOOD: Unit.MEAL,
    NeedKind.SHELTER: Unit.SQUARE_METRE,
    NeedKind.HYGIENE: Unit.KIT,
    NeedKind.TOILETS: Unit.PIECE,
    NeedKind.OTHER: Unit.PIECE,
}
"""In what each kind of need is counted."""
IN_COUNT = {
    "blankets": (NeedKind.BLANKETS, NeedKind.SHELTER),
    "water": (NeedKind.WATER,),
    "food": (NeedKind.FOOD, NeedKind.HOT_FOOD),
    "toilets": (NeedKind.TOILETS,),
}
"""What the words of a head count ask for."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """So much of one kind for a head count."""

    kind: NeedKind
    quantity: int
    unit: Unit


_PER_HEADS: tuple[tuple[NeedKind, Callable[[int, int], float]], ...] = (
    (NeedKind.BLANKETS, lambda heads, days: heads),
    (NeedKind.SHELTER, lambda heads, days: heads * SQUARE_METRES),
    (NeedKind.HOT_FOOD, lambda heads, days: heads * days),
    (NeedKind.WATER, lambda heads, days: heads * LITRES_PER_DAY * days),
    (NeedKind.FOOD, lambda heads, days: heads * days),
    (NeedKind.HYGIENE, lambda heads, days: heads),
    (NeedKind.TOILETS, lambda heads, days: heads / PEOPLE_PER_TOILET_AT_FIRST),
)
"""Hygiene kits and hot meals (one a day) are our own figures; the others are those of Sphere: a food ration is 2,100 kcal,
and a toilet is for 50 at first (for 20 where people stay on)."""


def propose(heads: int, *, days: int = 1) -> list[Proposal]:
    """Give what `heads` people need for `days` days in the cold. 102 people, one day: 1,530 l, 357 m², 3 toilets."""
    return [Proposal(kind, ceil(amount(heads, days)), UNIT_OF[kind]) for kind, amount in _PER_HEADS]
