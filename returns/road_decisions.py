"""What is decided about buses that something stops on the way: wait, turn back, or go on because a party has said so."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from partners.models import Organisation
from returns.enums import CheckpointKind, MovementState, RoadAnswer
from returns.models import Movement, RoadDecision, Vehicle
from returns.movement_alerts import parties_of, tell_of_way
from returns.movements import MovementError, locked
from returns.progress import follow
from returns.stages import freeze_stages

GONE = (MovementState.HANDED_OVER, MovementState.CALLED_OFF, MovementState.TURNED_BACK)


class RoadDecisionError(MovementError):
    """A decision that cannot be written down. `field` names what to mend, `sentence` how."""


@transaction.atomic
def decide_on_the_road(
    *,
    movement: Movement,
    answer: str,
    why: str,
    authority: Organisation | None = None,
    reference: str = "",
    vehicles: Collection[Vehicle] = (),
    by: Actor,
    at: datetime,
) -> RoadDecision:
    """Write down that the buses wait, that some turn back, or that they go on although the corridor does not stand.

    Going on is never ours to say: it needs a party of the corridor and the reference of its call or letter (rule 8). It
    covers what stopped the buses until then; a stop that comes later asks anew, and about people on board it says nothing.
    The clock of a transit runs on meanwhile. `vehicles` are those that turn back: they are counted apart when they are
    home, their people wait again, and no case ends. Of several decisions the newest counts. Raises RoadDecisionError.
    """
    movement = locked(movement)
    if movement.ended_at is not None or movement.state in GONE:
        raise RoadDecisionError("movement", _("This movement is over; there is nothing to decide any more."))
    if answer not in RoadAnswer.values:
        raise RoadDecisionError("answer", _("Choose whether the buses wait, go on or turn back."))
    if not why.strip():
        raise RoadDecisionError("why", _("Say why, so that whoever takes over at night knows."))
    if answer == RoadAnswer.GO_ON:
        if authority is None or authority not in parties_of(movement.corridor_version):
            raise RoadDecisionError("authority", _("Choose the party of the corridor that said the buses may go on."))
        if not reference.strip():
            raise RoadDecisionError("reference", _("Give the number that was called and the hour, or of the letter."))
    row = RoadDecision.objects.create(
        movement=movement,
        mission_id=movement.mission_id,
        answer=answer,
        why=" ".join(why.split())[:300],
        authority=authority,
        reference=" ".join(reference.split())[:120],
        decided_at=at,
        by=by,
    )
    audit.record("decided on the road", row, by=by, at=at, why=answer)
    if answer == RoadAnswer.TURN_BACK:
        _turn(movement, vehicles, by=by, at=at)
    return row


def _turn(movement: Movement, vehicles: Collection[Vehicle], *, by: Actor, at: datetime) -> None:
    """Let these buses turn back. Raises RoadDecisionError for one that is through, or turns already; nothing changes then."""
    if not movement.checkpoints.filter(kind=CheckpointKind.EXITED).exists():
        raise RoadDecisionError(
            "answer", _("No bus has left yet: take people off, or call the movement off. Nobody has to turn back.")
        )
    buses = list(movement.vehicles.filter(pk__in=[vehicle.pk for vehicle in vehicles]))
    if not buses or len(buses) != len(vehicles):
        raise RoadDecisionError("vehicles", _("Choose the buses of this movement that turn back."))
    through = set(movement.checkpoints.filter(kind=CheckpointKind.LEFT).values_list("vehicle", flat=True))
    for bus in buses:
        if bus.pk in through:
            sentence = _("%(bus)s has left the transit country already; it cannot turn back.")
            raise RoadDecisionError("vehicles", sentence % {"bus": bus})
        if bus.turned_back_at is not None:
            raise RoadDecisionError("vehicles", _("%(bus)s turns back already.") % {"bus": bus})
        bus.turned_back_at = at
    Vehicle.objects.bulk_update(buses, ["turned_back_at"])
    audit.record_many((("bus turns back", bus) for bus in buses), by=by, at=at)
    had_left, was_through = movement.exited_at, movement.left_at
    follow(movement)
    freeze_stages(movement, by=by, at=at)
    tell_of_way(movement, had_left=had_left, was_through=was_through, by=by, at=at)


def allowed_since(movement: Movement) -> datetime | None:
    """Give the hour at which somebody said that the buses may go on, where that is the newest word; None otherwise."""
    newest = movement.decisions.order_by("-decided_at", "-pk").first()
    return newest.decided_at if newest is not None and newest.answer == RoadAnswer.GO_ON else None
