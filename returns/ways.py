"""How a crossing and its direction are said on a page: both sides' names and clocks, the side that is left first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from common import countries
from corridors.lines import every_crossing
from corridors.models import BorderCrossing, Requirement


class Directed(Protocol):
    """Anything at a crossing in a direction: a group, a plan, a requirement. The crossing's sides should be prefetched."""

    crossing: BorderCrossing
    from_country: str
    to_country: str


def way_of(row: Directed) -> str:
    """Give "Zhibek Zholy → G‘ishtko‘prik"; the country's name where the crossing has no side there."""
    return way(row.crossing, row.from_country, row.to_country)


def way_of_line(line: Requirement) -> str:
    """The same of a line of requirements; "all crossings …" of one that is asked at every crossing."""
    if line.crossing is None:
        return every_crossing(line.from_country, line.to_country)
    return way(line.crossing, line.from_country, line.to_country)


def way(crossing: BorderCrossing, from_country: str, to_country: str) -> str:
    """The same for plain values."""
    sides = {side.country: side.name_latin for side in crossing.sides.all()}
    return " → ".join(sides.get(country) or countries.name(country) for country in (from_country, to_country))


def both_sides(crossing: BorderCrossing) -> str:
    """Give the names of a crossing on its sides, for where no direction is meant: "Zhibek Zholy / G‘ishtko‘prik"."""
    return " / ".join(side.name_latin for side in crossing.sides.all())


def ways_of(crossings: Iterable[BorderCrossing]) -> list[tuple[BorderCrossing, str, str, str]]:
    """Give every crossing in each of its directions, with its name in words.

    Names repeat (domain 32): where two ways are called alike, the code of the crossing stands behind.
    """
    every = []
    for crossing in crossings:
        countries_of = [side.country for side in crossing.sides.all()]
        every += [
            (crossing, one, other, way(crossing, one, other))
            for one in countries_of
            for other in countries_of
            if one != other
        ]
    times = Counter(words for *_place, words in every)
    return [
        (crossing, one, other, words if times[words] == 1 else f"{words} · {crossing.code}")
        for crossing, one, other, words in every
    ]


def zones_of(row: Directed) -> list[str]:
    """Give the IANA zones of both sides, that of the side where people wait first."""
    sides = {side.country: side.zone for side in row.crossing.sides.all()}
    return [sides[country] for country in (row.from_country, row.to_country) if country in sides] or ["UTC"]
