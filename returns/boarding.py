"""On board: each person ticked at the door of the bus, against the manifest that was frozen."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from returns.freezing import is_current
from returns.models import Manifest, Movement, Seat
from returns.movements import MovementError, buses_out, locked, refuse_after_departure
from returns.progress import follow

CLOCK_TOLERANCE = timedelta(minutes=10)
"""Phones keep time badly; an hour further ahead than this is refused."""
KEPT_AT_MOST = timedelta(days=1)
"""How long a tick may have waited on a phone; what is older belongs to another day's buses."""


def newest_manifest(movement: Movement, *, number: int) -> Manifest:
    """Give the newest manifest, if it is version `number` and nobody has changed a seat since. Raises MovementError."""
    newest = movement.manifests.last()
    if newest is None:
        raise MovementError("manifest", _("Freeze the manifest before anybody boards."))
    if newest.number != number:
        raise MovementError(
            "manifest",
            _("You are boarding by version %(old)d; version %(new)d is in force now. Open the page again.")
            % {"old": number, "new": newest.number},
        )
    if not is_current(newest):
        raise MovementError(
            "manifest",
            _("Seats were changed after version %(n)d was frozen. Freeze a new version before boarding goes on.")
            % {"n": newest.number},
        )
    return newest


@transaction.atomic
def board(
    *,
    movement: Movement,
    manifest: int,
    seats: Collection[UUID],
    seen_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> int:
    """Tick the people of these seats (public ids) as on board, by version `manifest`; returns how many are new.

    `seen_at` is when they stood at the door, where that waited on a phone until now. Two officers at one door add up: a tick
    is never taken away here. Raises MovementError.
    """
    if seen_at is not None:
        _refuse_hour(seen_at, at=at)
    movement = locked(movement)
    refuse_after_departure(movement)
    newest_manifest(movement, number=manifest)
    rows = list(movement.seats.filter(public_id__in=seats, vehicle__isnull=False))
    if len(rows) != len(set(seats)):
        raise MovementError("seats", _("Somebody of this list has no seat any more. Open the page again."))
    fresh = [row for row in rows if row.boarded_at is None]
    for row in fresh:
        row.boarded_at, row.boarded_by = min(seen_at or at, at), by
    Seat.objects.bulk_update(fresh, ["boarded_at", "boarded_by"])
    audit.record_many((("person boarded", row) for row in fresh), by=by, at=at)
    follow(movement)
    return len(fresh)


def _refuse_hour(seen_at: datetime, *, at: datetime) -> None:
    if seen_at > at + CLOCK_TOLERANCE:
        raise MovementError(
            "counted_at", _("The hour of this slip lies in the future. Set the clock of this phone and scan it again.")
        )
    if seen_at < at - KEPT_AT_MOST:
        raise MovementError(
            "counted_at",
            _("This slip was scanned more than a day ago. Look whether they are on board, and scan again."),
        )


@transaction.atomic
def step_down(*, movement: Movement, seat: Seat, by: Actor, at: datetime) -> None:
    """Take a tick back: the person is not on board after all. Raises MovementError once that bus has left."""
    movement = locked(movement)
    refuse_after_departure(movement)
    seat = movement.seats.get(pk=seat.pk)
    if seat.boarded_at is None:
        return
    if seat.vehicle_id in buses_out(movement):
        raise MovementError("vehicle", _("That bus has left already: who sits in it stays as it is."))
    seat.boarded_at, seat.boarded_by = None, None
    seat.save(update_fields=["boarded_at", "boarded_by"])
    audit.record("person stepped down", seat, by=by, at=at)
    follow(movement)
