"""How far a movement has come: its state is what the last bus has reached, by the counts that stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime

from common.audience import reaching_for
from returns import board_counts, transit_clock
from returns.enums import CheckpointKind, MovementState
from returns.models import Checkpoint, Movement, Vehicle
from returns.reconciliation import standing_counts
from returns.way_points import BETWEEN, way_ahead

_OF_ALL = (CheckpointKind.BOARDED, CheckpointKind.HANDED_OVER)
"""Points that are counted of buses that turn back too, or of everybody together."""
_REACHED = {
    CheckpointKind.EXITED: "exited_at",
    CheckpointKind.ENTERED: "entered_at",
    CheckpointKind.LEFT: "left_at",
    CheckpointKind.HANDED_OVER: "handed_over_at",
}


def is_boarded(movement: Movement) -> bool:
    """Tell whether manifest and boarding agree: everybody ticked, every bus counted by the version in force."""
    newest = movement.manifests.last()
    if newest is None or movement.seats.filter(vehicle__isnull=False, boarded_at__isnull=True).exists():
        return False
    counted = {row.vehicle_id: row.expected for row in standing_counts(movement) if row.kind == CheckpointKind.BOARDED}
    listed = dict.fromkeys(movement.vehicles.values_list("pk", flat=True), 0)
    for vehicle in newest.entries.values_list("vehicle", flat=True):
        listed[vehicle] += 1
    return counted == listed


@reaching_for("a movement is followed")
def follow(movement: Movement) -> None:
    """Store the state that the last bus has reached, and start or stop the transit clocks; the caller holds the lock.

    It counts everybody on board, whoever made the last step: a receiver sees only those who are shown to it.
    """
    counts = standing_counts(movement)
    vehicles = list(movement.vehicles.all())
    buses = {bus.pk for bus in vehicles if bus.turned_back_at is None}
    was_waiting, movement.state = movement.exited_at is None, MovementState.PLANNED
    for point in way_ahead(movement.corridor_version.corridor):
        here = [row for row in counts if row.kind == point and (row.vehicle_id in buses or point in _OF_ALL)]
        everybody = {bus.pk for bus in vehicles} if point == CheckpointKind.BOARDED else buses
        reached = bool(here) if point == CheckpointKind.HANDED_OVER else {row.vehicle_id for row in here} == everybody
        if not reached or not here or (point == CheckpointKind.BOARDED and not is_boarded(movement)):
            break
        if point not in BETWEEN:
            movement.state = MovementState(point.value)
        if point in _REACHED:
            setattr(movement, _REACHED[point], max(row.counted_at for row in here))
    transit_clock.follow(movement, vehicles, counts)
    home = {row.vehicle_id: row.counted_at for row in counts if row.kind == CheckpointKind.RETURNED}
    fresh = [bus for bus in vehicles if bus.pk in home and bus.returned_at is None]
    gone = was_waiting and movement.exited_at is not None
    with board_counts.carried(groups=[movement.group]) if fresh or gone else nullcontext():
        _come_back(fresh, home)
        if vehicles and not buses:
            _turn_around(movement, vehicles, counts)
        movement.save()


def _come_back(fresh: Sequence[Vehicle], home: Mapping[int | None, datetime]) -> None:
    """Store when each bus that turned back was counted at home: whoever sat in it waits again."""
    for bus in fresh:
        bus.returned_at = home[bus.pk]
    Vehicle.objects.bulk_update(fresh, ["returned_at"])


def _turn_around(movement: Movement, vehicles: Sequence[Vehicle], counts: Sequence[Checkpoint]) -> None:
    """No bus goes through: the movement is on its way back until the last one is counted at home."""
    if all(bus.returned_at is not None for bus in vehicles):
        movement.state = MovementState.TURNED_BACK
    else:
        movement.state = MovementState.EXITED
    if movement.exited_at is None:
        movement.exited_at = max(row.counted_at for row in counts if row.kind == CheckpointKind.EXITED)
