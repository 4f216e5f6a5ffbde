"""On board by the slip: a scanned code, or the number written on it, ticks one person; everybody else is named nowhere."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from returns import boarding
from returns.models import Movement, Seat, Vehicle
from returns.movements import MovementError, locked, refuse_after_departure
from returns.slips import SlipError, person_of


@transaction.atomic
def board_by_slip(
    *,
    movement: Movement,
    manifest: int,
    scanned: str,
    vehicle: Vehicle | None = None,
    scanned_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> tuple[Seat, bool]:
    """Tick whoever's slip was scanned as on board, by version `manifest`; give the seat, and whether it is new.

    `vehicle` is the bus at whose door it was scanned, `scanned_at` the hour, where it waited on a phone until now. The same
    slip again changes nothing. Raises MovementError: for a slip of nobody here (whatever the reason), another bus, an old
    version, an hour that cannot be, and once the buses have left.
    """
    movement = locked(movement)
    refuse_after_departure(movement)
    boarding.newest_manifest(movement, number=manifest)
    try:
        seat = person_of(scanned=scanned, movement=movement)
    except SlipError as error:
        raise MovementError("scanned", error.sentence) from error
    if vehicle is not None and seat.vehicle_id != vehicle.pk:
        raise MovementError(
            "scanned",
            _("%(number)s has a seat in %(bus)s, not here. Send them to that door.")
            % {"number": seat.person.number, "bus": seat.vehicle},
        )
    ticked = boarding.board(
        movement=movement, manifest=manifest, seats=[seat.public_id], seen_at=scanned_at, by=by, at=at
    )
    return seat, bool(ticked)
