"""Telling the parties of a movement: the transit ends soon or is over, or heads differ. A bus is named, never a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from common.actors import Actor
from corridors.models import CorridorVersion
from notifications.alerts import Told, raise_alert
from notifications.models import Alert
from partners.models import Organisation
from returns.models import Checkpoint, Movement
from returns.movement_messages import HEADS_AGREE, HEADS_DIFFER, KIND, TRANSIT_LATE, TRANSIT_NEAR

ANSWER_WITHIN = timedelta(days=2)


def parties_of(version: CorridorVersion) -> list[Organisation]:
    """Give the organisations that decide on this version of the corridor, and the one that asked for it; by code."""
    asked = Q(pk__in=version.approvals.values("organisation")) | Q(pk=version.requested_by_id)
    return list(Organisation.objects.filter(asked).order_by("code"))


def tell_of_transit(movement: Movement, *, late: bool, by: Actor, at: datetime) -> Alert:
    """Tell the parties that the transit ends soon, or that it is over and somebody is still inside."""
    what = TRANSIT_LATE if late else TRANSIT_NEAR
    return _raise(movement, what, source=f"transit:{movement.public_id}:{what}", by=by, at=at)


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
        bus=checkpoint.vehicle.label if checkpoint.vehicle else "",
        point=checkpoint.kind,
        heads=checkpoint.heads,
        expected=checkpoint.expected,
        counted_at=checkpoint.counted_at.isoformat(),
    )


def _raise(
    movement: Movement, what: str, *, source: str, by: Actor, at: datetime, supersedes: Alert | None = None, **said: Any
) -> Alert:
    version = movement.corridor_version
    corridor = version.corridor
    sides = [*corridor.entry.way(corridor.from_country, corridor.transit_country)]
    sides += [side for side in corridor.exit.sides.all() if side.country == corridor.to_country]
    context = {
        "what": what,
        "movement": str(movement.public_id),
        "name": str(movement),
        "corridor": corridor.name,
        "zones": list(dict.fromkeys(side.zone for side in sides)),
        "started_at": movement.clock_started_at.isoformat() if movement.clock_started_at else None,
        "due_at": movement.due_at.isoformat() if movement.due_at else None,
        **said,
    }
    return raise_alert(
        kind=KIND,
        source=source,
        subject=f"movement:{movement.public_id}",
        context=context,
        told=[Told(organisation) for organisation in parties_of(version)],
        expires_at=at + ANSWER_WITHIN,
        supersedes=supersedes,
        by=by,
        at=at,
    )
