"""How far a movement has come: its state is what the last bus has reached, by the counts that stand."""

from __future__ import annotations

from common.audience import reaching_for
from returns import board_counts, transit_clock
from returns.enums import CheckpointKind, MovementState
from returns.models import Movement
from returns.reconciliation import WAY, standing_counts

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
    """Store the state that the last bus has reached, and start or stop the transit clock; the caller holds the lock.

    It counts everybody on board, whoever made the last step: a receiver sees only those who are shown to it.
    """
    counts = standing_counts(movement)
    buses = set(movement.vehicles.values_list("pk", flat=True))
    was_waiting, movement.state = movement.exited_at is None, MovementState.PLANNED
    for point in WAY:
        here = [row for row in counts if row.kind == point]
        if point == CheckpointKind.ENTERED and here:
            transit_clock.start(movement, entered_at=min(row.counted_at for row in here))
        reached = bool(here) if point == CheckpointKind.HANDED_OVER else {row.vehicle_id for row in here} == buses
        if not reached or (point == CheckpointKind.BOARDED and not is_boarded(movement)):
            break
        movement.state = MovementState(point.value)
        if point in _REACHED:
            setattr(movement, _REACHED[point], max(row.counted_at for row in here))
    movement.save()
    if was_waiting and movement.exited_at is not None:
        board_counts.refresh_group(movement.group)
