"""How a crossing and its direction are said on a page: both sides' names and clocks, the side that is left first."""

from __future__ import annotations

from typing import Protocol

from common import countries
from corridors.models import BorderCrossing


class Directed(Protocol):
    """Anything at a crossing in a direction: a group, a plan, a requirement. The crossing's sides should be prefetched."""

    crossing: BorderCrossing
    from_country: str
    to_country: str


def way_of(row: Directed) -> str:
    """Give "Zhibek Zholy → G‘ishtko‘prik"; the country's name where the crossing has no side there."""
    return way(row.crossing, row.from_country, row.to_country)


def way(crossing: BorderCrossing, from_country: str, to_country: str) -> str:
    """The same for plain values."""
    sides = {side.country: side.name_latin for side in crossing.sides.all()}
    return " → ".join(sides.get(country) or countries.name(country) for country in (from_country, to_country))


def zones_of(row: Directed) -> list[str]:
    """Give the IANA zones of both sides, that of the side where people wait first."""
    sides = {side.country: side.zone for side in row.crossing.sides.all()}
    return [sides[country] for country in (row.from_country, row.to_country) if country in sides] or ["UTC"]
