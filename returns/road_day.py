"""What a carrier and the country of arrival need for the day, and nothing else: hours, places, heads, the own buses.

No list and no name: heads were counted, and whose bus it is says who carries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from partners.enums import OrganisationKind
from partners.models import Organisation
from returns import arrival_needs, bus_names, serving
from returns.arrival_figures import figures_of
from returns.enums import MovementState
from returns.incoming import arrives_at, zones_of_arrival
from returns.models import Movement, Vehicle
from returns.movements import locked
from returns.ways import way, way_of, zones_of

NEAR = timedelta(days=1)
"""Yesterday and tomorrow at most."""
MOST = 50


class CarrierError(RefusalError):
    """A carrier that cannot carry this bus; the sentence says why."""


@dataclass(frozen=True, slots=True)
class OwnBus:
    """A bus that the organisation drives; `heads` None: not counted yet."""

    label: str
    plate: str
    seats: int
    heads: int | None


@dataclass(frozen=True, slots=True)
class Journey:
    """A movement of the day. `buses` are the own ones of a carrier; whoever receives has heads, bands and needs instead."""

    code: str
    departs_from: str
    departs_at: datetime
    departs_zones: tuple[str, ...]
    arrives_in: str
    arrives_at: datetime
    arrives_zones: tuple[str, ...]
    state: str
    conditions: tuple[str, ...]
    buses: tuple[OwnBus, ...]
    heads: int | None
    bands: tuple[tuple[str, int], ...]
    needs: arrival_needs.Needs
    is_received: bool


def journeys_of(organisations: Sequence[Organisation], *, at: datetime) -> list[Journey]:
    """Give the journeys from yesterday to tomorrow that these organisations carry or receive, by hour; 11 queries."""
    halts, countries = serving.served(organisations), serving.countries_of(organisations)
    carries = Q(vehicles__carrier__in=[each.pk for each in organisations])
    receives = Q(corridor_version__corridor__exit__code__in=halts, corridor_version__corridor__to_country__in=countries)
    rows = list(
        Movement.objects.exclude(state=MovementState.CALLED_OFF)
        .filter(carries | receives, depart_at__gt=at - NEAR, depart_at__lt=at + NEAR)
        .select_related("group__crossing", "corridor_version__corridor__exit")
        .prefetch_related("group__crossing__sides", "corridor_version__corridor__exit__sides", "vehicles")
        .distinct()
        .order_by("depart_at", "pk")[:MOST]
    )
    figures = figures_of(rows)
    own = {each.pk for each in organisations}
    journeys = []
    for row in rows:
        corridor = row.corridor_version.corridor
        is_received = corridor.exit.code in halts and corridor.to_country in countries
        counted = {bus.bus: bus.heads for bus in figures[row.pk].by_bus}
        journeys.append(
            Journey(
                code=str(row),
                departs_from=way_of(row.group),
                departs_at=row.depart_at,
                departs_zones=tuple(zones_of(row.group)),
                arrives_in=way(corridor.exit, corridor.last_country, corridor.to_country),
                arrives_at=arrives_at(row),
                arrives_zones=tuple(zones_of_arrival(row)),
                state=str(MovementState(row.state).label),
                conditions=tuple(row.corridor_version.conditions_in_words),
                buses=tuple(
                    OwnBus(bus_names.in_words(bus.label), bus.plate, bus.seats, counted.get(bus.pk))
                    for bus in row.vehicles.all()
                    if bus.carrier_id in own
                ),
                heads=figures[row.pk].heads if is_received else None,
                bands=figures[row.pk].ages if is_received else (),
                needs=arrival_needs.in_words(row) if is_received else (),
                is_received=is_received,
            )
        )
    return journeys


@transaction.atomic
def choose_carriers(*, movement: Movement, carriers: Mapping[int, Organisation | None], by: Actor, at: datetime) -> int:
    """Say who drives which bus (by key); returns how many changed. Raises CarrierError for who is no carrier."""
    if any(each is not None and each.kind != OrganisationKind.CARRIER for each in carriers.values()):
        raise CarrierError(
            "", _("Only a carrier drives a bus. Choose one from the list, or write it into the directory.")
        )
    movement = locked(movement)
    changed = []
    for bus in movement.vehicles.filter(pk__in=carriers):
        carrier = carriers[bus.pk]
        if bus.carrier_id != (carrier.pk if carrier else None):
            bus.carrier = carrier
            changed.append(bus)
    Vehicle.objects.bulk_update(changed, ["carrier"])
    audit.record_many((("carrier chosen", bus) for bus in changed), by=by, at=at)
    return len(changed)
