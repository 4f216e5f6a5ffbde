"""The legs of a version: which country is crossed from where to where, and for how long at most."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TypeVar

from django.db.models import Model, Prefetch, QuerySet
from django.utils.translation import gettext as _

from common import countries
from common.refusals import RefusalError
from common.templatetags.ui_times import lasting
from corridors.models import BorderCrossing, CorridorVersion, CrossingSide, Leg, TransitCorridor, VersionWaiver

Row = TypeVar("Row", bound=Model)
LONGEST = timedelta(days=7)
"""Nobody is in transit through one country for longer."""
MOST_COUNTRIES = 5


class LegError(RefusalError):
    """Legs that do not make a way. `field` names what to mend, `sentence` how."""


@dataclass(frozen=True, slots=True)
class LegWording:
    """One country of a way as somebody writes it down: in by `entry`, out by `exit`, at most so long in between."""

    country: str
    entry: BorderCrossing
    exit: BorderCrossing
    longest_transit: timedelta


def with_wording(rows: QuerySet[Row], path: str = "") -> QuerySet[Row]:
    """Loads what versions (or what refers to one by `path`) say in rows of their own: legs with their sides, and waivers."""
    legs = Leg.objects.select_related("entry", "exit").prefetch_related("entry__sides", "exit__sides")
    waivers = VersionWaiver.objects.select_related("requirement__crossing", "authority")
    return rows.prefetch_related(Prefetch(f"{path}legs", legs), Prefetch(f"{path}waivers", waivers))


def legs_of(version: CorridorVersion) -> list[Leg]:
    """The legs in the order in which they are crossed, never none; of a way through one country no query and no row."""
    corridor = version.corridor
    if corridor.is_chain:
        known = getattr(version, "_prefetched_objects_cache", {})
        return list(version.legs.all() if "legs" in known else version.legs.select_related("entry", "exit"))
    return [
        Leg(
            version=version,
            number=1,
            from_country=corridor.from_country,
            country=corridor.transit_country,
            to_country=corridor.to_country,
            entry=corridor.entry,
            exit=corridor.exit,
            longest_transit=version.longest_transit,
        )
    ]


def sides_along(legs: Iterable[Leg]) -> list[CrossingSide]:
    """The sides of every crossing on the way in order, each crossing once; sides should be prefetched."""
    listed = list(legs)
    sides = [side for leg in listed[:1] for side in leg.entry.way(leg.from_country, leg.country)]
    return [*sides, *(side for leg in listed for side in leg.exit.way(leg.country, leg.to_country))]


def legs_worded(corridor: TransitCorridor, said: Sequence[LegWording]) -> list[Leg]:
    """Rows (not yet saved) of what was said; none for a way through one country. Raises LegError.

    There is a leg for each country of the corridor in its order, each begins where the one before ends, and the first
    enters and the last leaves where the corridor does.
    """
    if not corridor.is_chain:
        if said:
            raise LegError("legs", _("This way leads through one country; its longest transit says it all."))
        return []
    if [leg.country for leg in said] != corridor.through:
        words = _("Say a leg for each country that is crossed, in this order: %(countries)s.")
        raise LegError("legs", words % {"countries": ", ".join(map(countries.name, corridor.through))})
    if said[0].entry != corridor.entry or said[-1].exit != corridor.exit:
        words = _("The first leg enters by %(entry)s, and the last one leaves by %(exit)s.")
        raise LegError("legs", words % {"entry": corridor.entry.code, "exit": corridor.exit.code})
    for number, (before, after) in enumerate(pairwise(said), start=1):
        _refuse_gap(number, before, after)
    for number, leg in enumerate(said, start=1):
        if not timedelta(0) < leg.longest_transit <= LONGEST:
            words = _("Give the longest transit of %(country)s in hours, more than none and at most 168.")
            raise LegError(f"leg_{number}_hours", words % {"country": countries.name(leg.country)})
    return [
        Leg(number=number, from_country=came_from, country=leg.country, to_country=leads_to, entry=leg.entry,
            exit=leg.exit, longest_transit=leg.longest_transit)
        for number, (came_from, leg, leads_to) in enumerate(
            zip(corridor.countries, said, corridor.countries[2:], strict=False), start=1
        )
    ]  # fmt: skip


def _refuse_gap(number: int, before: LegWording, after: LegWording) -> None:
    """Raises LegError where a leg does not begin where the one before ends, or its crossing joins other countries."""
    if before.exit != after.entry:
        words = _("The way through %(country)s begins where the one before ends, at %(code)s.")
        raise LegError(
            f"leg_{number}_exit", words % {"country": countries.name(after.country), "code": before.exit.code}
        )
    if not joins(before.exit, before.country, after.country):
        words = _("%(code)s does not lead that way. Choose a crossing between the two.")
        raise LegError(f"leg_{number}_exit", words % {"code": before.exit.code})


def joins(crossing: BorderCrossing, one: str, other: str) -> bool:
    """Whether a crossing has a side in either country and nowhere else; sides should be prefetched."""
    return one != other and {side.country for side in crossing.sides.all()} == {one, other}


def crossings_between(one: str, other: str, known: Collection[BorderCrossing]) -> list[BorderCrossing]:
    """Those of `known` that join two countries, by code."""
    return sorted((place for place in known if joins(place, one, other)), key=lambda place: place.code)


def refuse_countries(on_the_way: Sequence[str], field: str) -> None:
    """Raises LegError for a country that is none, comes twice in a row, or is one too many to agree with."""
    for code in on_the_way:
        if code not in countries.alpha3_to_alpha2():
            raise LegError(field, _("Choose a country for each part of the way."))
    if any(one == other for one, other in pairwise(on_the_way)):
        raise LegError(field, _("No country comes twice in a row; a border lies between one country and the next."))
    if len(on_the_way) - 2 > MOST_COUNTRIES:
        raise LegError(field, _("A corridor leads through at most %(n)d countries.") % {"n": MOST_COUNTRIES})


def refuse_no_crossing(crossed: Sequence[str], field: str) -> None:
    """Raises LegError where no crossing is known between one of the countries that are crossed and the next."""
    for one, other in pairwise(crossed):
        if not BorderCrossing.objects.filter(sides__country=one).filter(sides__country=other).exists():
            words = _("No crossing between %(one)s and %(other)s is known.")
            raise LegError(field, words % {"one": countries.name(one), "other": countries.name(other)})


def legs_in_words(legs: Sequence[Leg]) -> list[str]:
    """ "Uzbekistan: at most 4 h, then over Dostuk – Dustlik (KG-UZ-01)"; nothing of a way through one country."""
    if len(legs) < 2:
        return []
    return [leg_words(leg.country, leg.longest_transit, leg.exit.code, leg is legs[-1]) for leg in legs]


def leg_words(country: str, longest: timedelta, onward: str, is_last: bool) -> str:
    """One country of a way through several, worded in the active language; `onward` is the code of the crossing after it."""
    said = {"country": countries.name(country), "time": lasting(longest), "crossing": onward}
    words = _("%(country)s: at most %(time)s, then out by %(crossing)s")
    return (words if is_last else _("%(country)s: at most %(time)s, then on by %(crossing)s")) % said
