"""The clock of a transit: begun by the first bus that enters, a warning before its end, an alarm the first second after.

A way through one country has one clock, on the movement itself. On a way through several each country has its own, begun by
the first bus that enters it (`LegClock`): nobody may save hours in one country and spend them in the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from common import audit
from common.actors import Actor
from corridors.legs import legs_of
from corridors.models import Leg
from returns import movement_alerts
from returns.enums import CheckpointKind
from returns.models import Checkpoint, LegClock, Movement, Vehicle
from returns.way_points import into, out_of

WARNING = timedelta(minutes=30)
"""How long before the end of the longest transit everybody is warned."""


def follow(movement: Movement, vehicles: Sequence[Vehicle], counts: Sequence[Checkpoint]) -> None:
    """Start the clocks, or move one to an earlier entry that comes in late. The caller holds the lock, and saves."""
    if movement.corridor_version.corridor.is_chain:
        _follow_legs(movement, vehicles, counts)
    elif entered := [row.counted_at for row in counts if row.kind == CheckpointKind.ENTERED]:
        _start(movement, min(entered), movement.corridor_version.longest_transit)


def _start(clock: Movement, entered_at: datetime, longest: timedelta) -> None:
    """Start the clock of a way through one country at the earliest entry."""
    if clock.clock_started_at is not None and clock.clock_started_at <= entered_at:
        return
    clock.clock_started_at, clock.due_at = entered_at, entered_at + longest
    clock.warn_at = max(entered_at, clock.due_at - WARNING)


def _follow_legs(movement: Movement, vehicles: Sequence[Vehicle], counts: Sequence[Checkpoint]) -> None:
    """Store the clock of each country that a bus has entered, and repeat on the movement the one that presses most."""
    legs = legs_of(movement.corridor_version)
    known = {clock.number: clock for clock in movement.leg_clocks.all()}
    clocks = []
    for leg in legs:
        entered = [row.counted_at for row in counts if row.kind == into(leg.number)]
        if not entered:
            break
        clock = known.get(leg.number) or LegClock(
            movement=movement, mission_id=movement.mission_id, number=leg.number, country=leg.country
        )
        clock.started_at = min(entered)
        clock.due_at = clock.started_at + leg.longest_transit
        clock.warn_at = max(clock.started_at, clock.due_at - WARNING)
        _mark(clock, movement, vehicles, counts)
        clock.save()
        clocks.append(clock)
    _repeat(movement, clocks, legs)


def _mark(clock: LegClock, movement: Movement, vehicles: Sequence[Vehicle], counts: Sequence[Checkpoint]) -> None:
    """Say when the last bus was in and out, and whether one is inside: also one that comes back from there."""
    corridor = movement.corridor_version.corridor
    going = {bus.pk for bus in vehicles if bus.turned_back_at is None}
    clock.entered_at = _of_all(counts, into(clock.number), going)
    clock.left_at = _of_all(counts, out_of(clock.number, corridor), going)
    here, beyond = into(clock.number), into(clock.number + 1) if clock.number < len(corridor.through) else None
    inside = {row.vehicle_id for row in counts if row.kind == here} - {
        row.vehicle_id for row in counts if row.kind in (beyond, CheckpointKind.RETURNED)
    }
    still_out = {bus.pk for bus in vehicles if bus.turned_back_at is not None and bus.returned_at is None}
    clock.is_running = (bool(going) and clock.left_at is None) or bool(inside & still_out)


def _of_all(counts: Sequence[Checkpoint], point: CheckpointKind, going: set[int]) -> datetime | None:
    """When the last of the buses that go through was counted at a point; None while one was not."""
    there = {row.vehicle_id: row.counted_at for row in counts if row.kind == point and row.vehicle_id in going}
    return max(there.values()) if going and there.keys() == going else None


def _repeat(movement: Movement, clocks: Sequence[LegClock], legs: Sequence[Leg]) -> None:
    """Repeat on the movement the clock that ends first of those that run, and by when the whole way ends.

    Between two countries none runs. Once all are over it is the one that was late, or the last.
    """
    shown = min((clock for clock in clocks if clock.is_running), key=lambda clock: clock.due_at, default=None)
    if shown is None and movement.left_at is not None:
        shown = next((clock for clock in clocks if clock.left_at and clock.left_at > clock.due_at), clocks[-1])
    movement.clock_started_at = shown.started_at if shown else None
    movement.warn_at, movement.due_at = (shown.warn_at, shown.due_at) if shown else (None, None)
    movement.warned_at, movement.alarmed_at = (shown.warned_at, shown.alarmed_at) if shown else (None, None)
    if clocks:
        ahead = sum((leg.longest_transit for leg in legs[len(clocks) :]), timedelta(0))
        movement.way_ends_at = (clocks[-1].left_at or clocks[-1].due_at) + ahead


def left(movement: Movement, *, at: datetime) -> timedelta | None:
    """Give what is left of the longest transit, negative once it is over; None where no clock runs."""
    return None if movement.due_at is None else movement.due_at - (movement.left_at or at)


def is_late(movement: Movement, *, at: datetime) -> bool:
    """Tell whether the longest transit is over: from the first second after, and for good once it was left too late."""
    return movement.due_at is not None and (movement.left_at or at) > movement.due_at


def ends_at(movement: Movement) -> datetime | None:
    """Give by when the last bus has to be out of the last country; None while no bus has entered."""
    return movement.way_ends_at or movement.due_at


def sound(*, by: Actor, at: datetime) -> int:
    """Warn of every transit that ends soon and alarm for every one that is over, each once; returns how many."""
    done = 0
    while _sound_one(by=by, at=at) or _sound_one_of_legs(by=by, at=at):
        done += 1
    return done


def _to_be_told(at: datetime) -> Q:
    over = Q(due_at__lt=at, alarmed_at__isnull=True)
    return over | Q(warn_at__lte=at, warned_at__isnull=True, alarmed_at__isnull=True)


@transaction.atomic
def _sound_one(*, by: Actor, at: datetime) -> bool:
    movement = (
        Movement.objects.on_the_clock()
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("corridor_version__corridor")
        .filter(_to_be_told(at), corridor_version__corridor__further_countries=[])
        .order_by("warn_at")
        .first()
    )
    if movement is None or movement.due_at is None:
        return False
    late = at > movement.due_at  # whoever is on the clock is inside, also where the other buses were out in time
    if late:
        movement.alarmed_at = at
    else:
        movement.warned_at = at
    movement.save(update_fields=["alarmed_at", "warned_at"])
    audit.record("transit alarm" if late else "transit warning", movement, by=by, at=at)
    movement_alerts.tell_of_transit(movement, late=late, by=by, at=at)
    return True


@transaction.atomic
def _sound_one_of_legs(*, by: Actor, at: datetime) -> bool:
    """The same for one country of a way through several. The movement is locked, as whoever counts a bus locks it."""
    due = LegClock.objects.filter(_to_be_told(at), is_running=True).order_by("warn_at")
    waiting = due.filter(movement=OuterRef("pk"))
    movement = (
        Movement.objects.filter(Exists(waiting), ended_at__isnull=True)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("corridor_version__corridor")
        .order_by("pk")
        .first()
    )
    clock = due.filter(movement=movement).first() if movement else None
    if movement is None or clock is None:
        return False
    late = at > clock.due_at
    if late:
        clock.alarmed_at = at
    else:
        clock.warned_at = at
    clock.save(update_fields=["alarmed_at", "warned_at"])
    if movement.due_at == clock.due_at:
        movement.warned_at, movement.alarmed_at = clock.warned_at, clock.alarmed_at
        movement.save(update_fields=["alarmed_at", "warned_at"])
    audit.record("transit alarm" if late else "transit warning", clock, by=by, at=at)
    movement_alerts.tell_of_transit(movement, late=late, leg=clock, by=by, at=at)
    return True
