"""Where the buses of a movement are, as far as anybody has counted them: at the crossing of the last count of each."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import ngettext

from corridors.models import BorderCrossing
from returns.enums import CheckpointKind, Verdict
from returns.maps import Map, Pin, drawn
from returns.movement_picture import BusLine, Picture

LEAST_SPAN = 1.5
"""Degrees of latitude: both ends of a corridor are to be told apart."""
AT_THE_EXIT = (CheckpointKind.LEFT, CheckpointKind.HANDED_OVER)
NAMED = 2
"""So many buses at one place are called by their names, more are counted."""


def road_map_of(picture: Picture) -> Map | None:
    """Give the map of a movement that is being counted: each end of the corridor with the buses last counted there. Pure.

    None before the first count, and where the crossings have no coordinates.
    """
    corridor = picture.movement.corridor_version.corridor
    start, end = corridor.entry, corridor.exit
    there: dict[int, list[str]] = {start.pk: [], end.pk: []}
    for line in picture.buses:
        if (point := _last(line)) is not None:
            there[end.pk if point in AT_THE_EXIT else start.pk].append(line.vehicle.label)
    if not any(there.values()):
        return None
    look = Verdict.MISSING if picture.is_late else Verdict.MET
    return drawn(
        (_pin(place, there[place.pk], look.value if there[place.pk] else "none") for place in (start, end)),
        least_span=LEAST_SPAN,
    )


def _last(line: BusLine) -> CheckpointKind | None:
    """The last point at which a bus was counted."""
    return next((point for point, row in reversed(line.cells) if row is not None), None)


def _pin(place: BorderCrossing, buses: Sequence[str], look: str) -> Pin:
    many = ngettext("%(n)d bus", "%(n)d buses", len(buses)) % {"n": len(buses)}
    label = many if len(buses) > NAMED else ", ".join(buses)
    return Pin(place.longitude, place.latitude, look, f"{place.code} {label}".strip())
