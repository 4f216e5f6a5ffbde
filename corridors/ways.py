"""How a crossing is said on a page: both sides' names in the direction in which somebody crosses, and their clocks."""

from __future__ import annotations

from dataclasses import dataclass, replace

from common import countries
from corridors.lines import direction_words, every_crossing, zones_of
from corridors.models import BorderCrossing, Requirement


@dataclass(frozen=True, slots=True)
class Way:
    """`latin` and `local` are "here → there"; `zones` are those of both sides, the one that is left first."""

    latin: str
    local: str
    countries: str
    zones: list[str]

    def meant_in(self, zone: str) -> Way:
        """The same with the zone in which an hour is meant first."""
        return replace(self, zones=list(dict.fromkeys([zone, *self.zones])))


def way_of(crossing: BorderCrossing, from_country: str, to_country: str) -> Way:
    """The way of somebody who crosses from one country to the other; sides should be prefetched."""
    sides = {side.country: side for side in crossing.sides.all()}
    pair = [sides.get(code) for code in (from_country, to_country)]
    names = [
        side.name if side else countries.name(code) for side, code in zip(pair, (from_country, to_country), strict=True)
    ]
    scripts = [side.name_local or side.name_ru or side.name if side else "" for side in pair]
    return Way(
        latin=" → ".join(names),
        local=" → ".join(name for name in scripts if name),
        countries=f"{countries.name(from_country)} → {countries.name(to_country)}",
        zones=[side.zone for side in pair if side] or [side.zone for side in sides.values()],
    )


def way_in(language: str, crossing: BorderCrossing, from_country: str, to_country: str) -> str:
    """Say "here → there" as a reader of `language` knows both sides; the country where a crossing has no side there."""
    sides = {side.country: side for side in crossing.sides.all()}
    pair = (from_country, to_country)
    return " → ".join(
        sides[code].name_in(language) if code in sides else countries.name(code, language) for code in pair
    )


def way_of_line(line: Requirement) -> Way:
    """The same of a line of requirements; of one of every crossing, that it is asked at all of them."""
    if line.crossing is not None:
        return way_of(line.crossing, line.from_country, line.to_country)
    ends = (line.from_country, line.to_country)
    return Way(latin=every_crossing(*ends), local="", countries=direction_words(*ends), zones=zones_of(line))


def directions_of(crossing: BorderCrossing) -> list[tuple[str, str]]:
    """Both directions of a land crossing; none of an airport, whose other end is anywhere."""
    codes = [side.country for side in crossing.sides.all()]
    return [(codes[0], codes[1]), (codes[1], codes[0])] if len(codes) == 2 else []
