"""What the corridor of a movement says against its manifest: it is not open, another hour, a changed rule, its caps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from corridors.enums import CorridorState
from corridors.standings import standing_of
from corridors.terms import Terms, opens_next, window_of_terms
from corridors.windows import zones_meant
from migrants.models import Migrant
from returns.enums import MovementState
from returns.models import Manifest, ManifestEntry, Movement, Vehicle


@dataclass(frozen=True, slots=True)
class Stop:
    """What stops a manifest: the sentence, what to do, and the person where it is about one."""

    sentence: str
    remedy: str
    person: Migrant | None = None


def corridor_stops(movement: Movement, terms: Terms, heads: int, *, at: datetime) -> list[Stop]:
    """Give what the corridor, on its `terms`, says against so many `heads` of this movement `at` that time."""
    version = movement.corridor_version
    standing = standing_of(version, at=at)
    stops = []
    if standing.state != CorridorState.OPEN:
        stops.append(
            Stop(
                _("The corridor is not open: %(state)s.") % {"state": standing.words},
                _("See on its page who holds it up; nobody leaves before every party has approved this version."),
            )
        )
    if terms.opens_at and terms.closes_at and terms.is_possible and not terms.covers(movement.depart_at):
        zones = zones_meant(version)
        outside = _("The planned hour at the barrier is outside the window of the corridor: %(window)s.")
        remedy = _("Plan the group for an hour inside the window, or have another window agreed.")
        stops.append(
            Stop(
                outside % {"window": window_of_terms(terms, zones)},
                f"{remedy} {opens_next(terms, zones, at=at)}" if terms.hours else remedy,
            )
        )
    if version.requirement_changed_at is not None:
        stops.append(
            Stop(
                _("A requirement on the way has changed since this version of the corridor was agreed."),
                _("Have a new version of the corridor decided, and plan the group on it."),
            )
        )
    return [
        *stops,
        *_cap_stops(movement, heads, cap=terms.head_count_cap),
        *_vehicle_stops(movement, cap=terms.vehicle_cap),
    ]


def _cap_stops(movement: Movement, heads: int, *, cap: int) -> list[Stop]:
    """The cap is of the corridor: whoever is frozen on another movement through the same version takes part of it.

    Whoever sits in a bus that turned back does not pass, and takes none.
    """
    version = movement.corridor_version
    others = Manifest.objects.filter(movement__corridor_version=version).exclude(movement=movement.pk)
    rows = others.exclude(movement__state__in=(MovementState.CALLED_OFF, MovementState.TURNED_BACK)).order_by("number")
    frozen = {group: (key, people) for group, key, people in rows.values_list("movement", "pk", "people")}  # the newest
    turned = ManifestEntry.objects.filter(
        manifest__in=[key for key, _people in frozen.values()], vehicle__turned_back_at__isnull=False
    )
    taken = sum(people for _key, people in frozen.values()) - (turned.count() if frozen else 0)
    if heads + taken <= cap:
        return []
    sentence = _("The corridor is for at most %(cap)d people; %(n)d have a seat.")
    if taken:
        sentence = _(
            "The corridor is for at most %(cap)d people; %(n)d have a seat, and %(taken)d travel with other movements "
            "through it."
        )
    return [
        Stop(
            sentence % {"cap": cap, "n": heads, "taken": taken},
            _("Leave somebody for the next movement, or have a larger number agreed."),
        )
    ]


def _vehicle_stops(movement: Movement, *, cap: int | None) -> list[Stop]:
    """The same for vehicles, where a number of them was agreed."""
    if cap is None:
        return []
    others = Movement.objects.filter(corridor_version=movement.corridor_version_id, manifests__isnull=False)
    others = others.exclude(pk=movement.pk).exclude(state=MovementState.CALLED_OFF)
    taken = Vehicle.objects.filter(movement__in=others, turned_back_at__isnull=True).count()
    own = movement.vehicles.count()
    if own + taken <= cap:
        return []
    sentence = _("The corridor is for at most %(cap)d vehicles; this movement has %(n)d, and %(taken)d go with others.")
    return [
        Stop(
            sentence % {"cap": cap, "n": own, "taken": taken},
            _("Take fewer buses, or have a larger number agreed."),
        )
    ]
