"""Telling the parties of a movement: it has left, its transit ends soon or is over, heads differ, it is through.

A bus is named, never a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from common.actors import Actor
from common.audience import reaching_for
from corridors.legs import legs_of, sides_along
from corridors.models import CorridorVersion
from notifications.alerts import Told, raise_alert
from notifications.models import Alert
from partners.enums import OrganisationKind
from partners.models import Organisation
from returns.enums import CheckpointKind
from returns.incoming import arrives_at, on_board
from returns.models import Checkpoint, LegClock, Movement
from returns.movement_messages import (
    ARRIVED,
    DEPARTED,
    HEADS_AGREE,
    HEADS_DIFFER,
    KIND,
    RECEPTION,
    TRANSIT_LATE,
    TRANSIT_NEAR,
)
from returns.reconciliation import standing_counts
from returns.way_points import country_at

ANSWER_WITHIN = timedelta(days=2)


def parties_of(version: CorridorVersion) -> list[Organisation]:
    """Give the organisations that decide on this version of the corridor, and the one that asked for it; by code."""
    asked = Q(pk__in=version.approvals.values("organisation")) | Q(pk=version.requested_by_id)
    return list(Organisation.objects.filter(asked).order_by("code"))


def tell_of_transit(movement: Movement, *, late: bool, leg: LegClock | None = None, by: Actor, at: datetime) -> Alert:
    """Tell the parties that the transit ends soon, or that it is over and somebody is still inside.

    On a way through several countries it is that of one `leg`, told with its country and the hours of both its ends.
    """
    what = TRANSIT_LATE if late else TRANSIT_NEAR
    if leg is None:
        return _raise(movement, what, source=f"transit:{movement.public_id}:{what}", by=by, at=at)
    return _raise(
        movement,
        what,
        source=f"transit:{movement.public_id}:{leg.number}:{what}",
        by=by,
        at=at,
        country=leg.country,
        zones=zones_of_leg(movement, leg.number),
        started_at=leg.started_at.isoformat(),
        due_at=leg.due_at.isoformat(),
    )


def zones_of_leg(movement: Movement, number: int) -> list[str]:
    """Give the zones of both ends of one country of the way, in its order."""
    legs = [leg for leg in legs_of(movement.corridor_version) if leg.number == number]
    return list(dict.fromkeys(side.zone for side in sides_along(legs)))


def tell_of_difference(checkpoint: Checkpoint, *, by: Actor, at: datetime) -> Alert:
    """Tell the parties that the heads of one bus differ; a recount follows upon what it replaces, even when it agrees."""
    before = checkpoint.recount_of
    told = None if before is None else Alert.objects.filter(source=f"checkpoint:{before.public_id}").first()
    return _raise(
        checkpoint.movement,
        HEADS_DIFFER if checkpoint.difference else HEADS_AGREE,
        source=f"checkpoint:{checkpoint.public_id}",
        supersedes=told,
        by=by,
        at=at,
        country=country_at(CheckpointKind(checkpoint.kind), checkpoint.movement.corridor_version.corridor),
        bus=checkpoint.vehicle.label if checkpoint.vehicle else "",
        point=checkpoint.kind,
        heads=checkpoint.heads,
        expected=checkpoint.expected,
        counted_at=checkpoint.counted_at.isoformat(),
    )


def tell_of_departure(movement: Movement, *, by: Actor, at: datetime) -> None:
    """Tell the parties that the last bus has left, and ask the embassies that may expect somebody to receive them."""
    parties = parties_of(movement.corridor_version)
    _tell_of_way(DEPARTED, movement, parties, happened_at=movement.exited_at, point=CheckpointKind.EXITED, by=by, at=at)
    expecting = _embassies_expecting(movement, at=at)
    if expecting:
        left, point = movement.exited_at, CheckpointKind.EXITED
        _tell_of_way(RECEPTION, movement, expecting, happened_at=left, point=point, by=by, at=at)


def tell_of_arrival(movement: Movement, *, by: Actor, at: datetime) -> None:
    """Tell the parties that the last bus has left the transit country."""
    parties = parties_of(movement.corridor_version)
    _tell_of_way(ARRIVED, movement, parties, happened_at=movement.left_at, point=CheckpointKind.LEFT, by=by, at=at)


def tell_of_way(
    movement: Movement, *, had_left: datetime | None, was_through: datetime | None, by: Actor, at: datetime
) -> None:
    """Tell the departure and the end of the transit where they are new; what the movement knew before is given."""
    if movement.exited_at and not had_left and movement.vehicles.filter(turned_back_at__isnull=True).exists():
        tell_of_departure(movement, by=by, at=at)
    if movement.left_at and not was_through:
        tell_of_arrival(movement, by=by, at=at)


@reaching_for("telling")
def _embassies_expecting(movement: Movement, *, at: datetime) -> list[Organisation]:
    """Give the embassies to which somebody on board agreed to be shown: as they see it on their own page of arrivals.

    Whoever counts the last bus may not see every consent; who is told depends on all of them.
    """
    embassies = Organisation.objects.filter(kind__in=[OrganisationKind.EMBASSY, OrganisationKind.CONSULATE])
    shown = on_board(movement, list(embassies), at=at).order_by().values("recipient")
    return list(embassies.filter(pk__in=shown).order_by("code"))


def _tell_of_way(
    kind: str,
    movement: Movement,
    organisations: Sequence[Organisation],
    *,
    happened_at: datetime | None,
    point: CheckpointKind,
    by: Actor,
    at: datetime,
) -> None:
    counted = [row for row in standing_counts(movement) if row.kind == point]
    context = {
        **journey_of(movement),
        "buses": len(counted),
        "heads": sum(row.heads for row in counted),
        "happened_at": happened_at.isoformat() if happened_at else None,
        "expected_at": arrives_at(movement).isoformat(),
        "to_country": movement.corridor_version.corridor.to_country,
    }
    raise_alert(
        kind=kind,
        source=f"{kind}:{movement.public_id}",
        subject=f"movement:{movement.public_id}",
        context=context,
        told=[Told(organisation) for organisation in organisations],
        expires_at=at + ANSWER_WITHIN,
        mission=movement.mission.organisation.code,
        by=by,
        at=at,
    )


def journey_of(movement: Movement) -> dict[str, Any]:
    """The reference of a movement, its corridor, and the zones of its sides."""
    corridor = movement.corridor_version.corridor
    sides = [*corridor.entry.way(corridor.from_country, corridor.transit_country)]
    sides += [side for side in corridor.exit.sides.all() if side.country == corridor.to_country]
    return {
        "movement": str(movement.public_id),
        "name": str(movement),
        "corridor": corridor.name,
        "zones": list(dict.fromkeys(side.zone for side in sides)),
    }


def _raise(
    movement: Movement, what: str, *, source: str, by: Actor, at: datetime, supersedes: Alert | None = None, **said: Any
) -> Alert:
    context = {
        "what": what,
        **journey_of(movement),
        "started_at": movement.clock_started_at.isoformat() if movement.clock_started_at else None,
        "due_at": movement.due_at.isoformat() if movement.due_at else None,
        **said,
    }
    return raise_alert(
        kind=KIND,
        source=source,
        subject=f"movement:{movement.public_id}",
        context=context,
        told=[Told(organisation) for organisation in parties_of(movement.corridor_version)],
        expires_at=at + ANSWER_WITHIN,
        supersedes=supersedes,
        mission=movement.mission.organisation.code,
        by=by,
        at=at,
    )
