"""Where a line of requirements concerns somebody: the directions in which groups wait, or are planned to cross, under it."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from corridors.models import Requirement
from migrants.models import TravelGroup
from returns.ledgers import Direction
from returns.models import Plan

_DIRECTION = ("crossing", "from_country", "to_country")


def directions_of(line: Requirement) -> set[Direction]:
    """Give the one direction of a crossing's own line; of a line of every crossing, those in which anybody waits or is planned.

    Two queries at most.
    """
    if line.crossing_id is not None:
        return {(line.crossing_id, line.from_country, line.to_country)}
    way = Q(**{name: getattr(line, name) for name in _DIRECTION[1:] if getattr(line, name)})
    waiting = TravelGroup.objects.waiting().filter(way).values_list(*_DIRECTION)
    planned = Plan.objects.filter(way, group__closed_at__isnull=True).values_list(*_DIRECTION)
    return {*waiting.distinct(), *planned.distinct()}


def in_directions(directions: Collection[Direction], *, path: str = "") -> Q:
    """Select the groups or plans of `directions`, or what reaches one by `path`; of none, nobody."""
    wanted = Q(pk__in=[])
    names = [f"{path}{name}" for name in _DIRECTION]
    for direction in directions:
        wanted |= Q(**dict(zip(names, direction, strict=True)))
    return wanted
