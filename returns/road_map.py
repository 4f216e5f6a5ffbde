"""Where the buses of a movement are, as far as anybody has counted them: at the crossing of the last count of each."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import ngettext

from corridors.legs import legs_of
from corridors.models import BorderCrossing, TransitCorridor
from returns.enums import CheckpointKind, Verdict
from returns.maps import Map, Pin, drawn
from returns.movement_picture import Picture
from returns.way_points import into, leg_of

LEAST_SPAN = 1.5
"""Degrees of latitude: both ends of a corridor are to be told apart."""
NAMED = 2
"""So many buses at one place are called by their names, more are counted."""


def road_map_of(picture: Picture) -> Map | None:
    """Give the map of a movement that is being counted: each border of the way with the buses last counted there.

    One query for a way through several countries, none for one.

    None before the first count, and where the crossings have no coordinates.
    """
    version = picture.movement.corridor_version
    legs = legs_of(version)
    places = [legs[0].entry, *(leg.exit for leg in legs)]
    there: dict[int, list[str]] = {place.pk: [] for place in places}
    for line in picture.buses:
        if (point := line.last) is not None:
            there[_where(point, version.corridor, places).pk].append(line.vehicle.label)
    if not any(there.values()):
        return None
    look = Verdict.MISSING if picture.is_late else Verdict.MET
    return drawn(
        (_pin(place, there[place.pk], look.value if there[place.pk] else "none") for place in places),
        least_span=LEAST_SPAN,
    )


def _where(point: CheckpointKind, corridor: TransitCorridor, places: Sequence[BorderCrossing]) -> BorderCrossing:
    """The border at which a point is: a country is entered at the one before it, and left at the one after it."""
    if point == CheckpointKind.HANDED_OVER:
        return places[-1]
    leg = leg_of(point, corridor)
    if leg is None:
        return places[0]
    return places[leg - 1 if point == into(leg) else leg]


def _pin(place: BorderCrossing, buses: Sequence[str], look: str) -> Pin:
    many = ngettext("%(n)d bus", "%(n)d buses", len(buses)) % {"n": len(buses)}
    label = many if len(buses) > NAMED else ", ".join(buses)
    return Pin(place.longitude, place.latitude, look, f"{place.code} {label}".strip())
