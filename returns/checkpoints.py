"""Heads counted at the points of the way, bus by bus: in order, each stored once, a difference told at once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import audit
from common.actors import Actor
from common.audience import reaching_for
from returns import movement_alerts
from returns.boarding import CLOCK_TOLERANCE, newest_manifest
from returns.departing import refuse_exit
from returns.enums import CheckpointKind, MovementState
from returns.models import Checkpoint, Movement, Vehicle
from returns.movements import MovementError, locked
from returns.progress import follow, is_boarded
from returns.reconciliation import differences, open_differences, standing_counts
from returns.stages import freeze_stages
from returns.way_points import ORDER, point_in_words, way_ahead

MOST_HEADS = 1000


class DifferentCheckpointError(MovementError):
    """The same device id came again with other content; what is stored stays."""


@transaction.atomic
def count(
    *,
    public_id: uuid.UUID | None = None,
    movement: Movement,
    vehicle: Vehicle | None,
    kind: str,
    heads: int,
    counted_at: datetime,
    by: Actor,
    at: datetime,
) -> tuple[Checkpoint, bool]:
    """Store the heads counted in one bus at one point of the way; give the row and whether it is new.

    `public_id` comes from the device: the same count again gives the stored row. A bus whose count differs and is not
    wholly explained may be counted again. Only the handing over is counted for the whole movement, without a bus.
    Raises MovementError for a wrong order or hour, DifferentCheckpointError for another count under the same id.
    """
    movement = locked(movement)
    vehicle = Vehicle.objects.get(pk=vehicle.pk) if vehicle else None
    point = CheckpointKind(kind)
    stored = Checkpoint.objects.filter(public_id=public_id).first() if public_id else None
    if stored is not None:
        return _the_same(stored, movement, vehicle, point, heads), False
    counts = standing_counts(movement)
    before = [row for row in counts if vehicle is None or row.vehicle_id == vehicle.pk]
    _refuse_strange(movement, vehicle, point, heads)
    expected = _expected(movement, vehicle, point, before, counted_at=counted_at)
    _refuse_hour(before, point, counted_at=counted_at, at=at)
    row = Checkpoint.objects.create(
        public_id=public_id or uuid.uuid4(),
        movement=movement,
        mission_id=movement.mission_id,
        vehicle=vehicle,
        kind=point,
        heads=heads,
        expected=expected,
        counted_at=counted_at,
        recorded_at=at,
        recount_of=_recounted(movement, before, vehicle, point, expected),
        by=by,
    )
    audit.record("heads counted again" if row.recount_of else "heads counted", row, by=by, at=at)
    had_left, was_through = movement.exited_at, movement.left_at
    follow(movement)
    freeze_stages(movement, by=by, at=at)
    _tell(row, by=by, at=at)
    movement_alerts.tell_of_way(movement, had_left=had_left, was_through=was_through, by=by, at=at)
    return row, True


def _the_same(
    stored: Checkpoint, movement: Movement, vehicle: Vehicle | None, point: CheckpointKind, heads: int
) -> Checkpoint:
    said = (movement.pk, vehicle.pk if vehicle else None, point.value, heads)
    if (stored.movement_id, stored.vehicle_id, stored.kind, stored.heads) != said:
        raise DifferentCheckpointError(
            "client_id",
            _("This count was stored already with other content. Save it as a new count; the stored one stays."),
        )
    return stored


def _refuse_strange(movement: Movement, vehicle: Vehicle | None, point: CheckpointKind, heads: int) -> None:
    if movement.ended_at is not None or movement.state == MovementState.CALLED_OFF:
        raise MovementError("movement", _("This movement is closed; nothing is counted in it any more."))
    if vehicle is not None and vehicle.movement_id != movement.pk:
        raise MovementError("vehicle", _("That bus belongs to another movement. Choose one of this movement."))
    if vehicle is None and point != CheckpointKind.HANDED_OVER:
        raise MovementError("vehicle", _("Choose the bus that was counted."))
    if vehicle is not None and point == CheckpointKind.HANDED_OVER:
        raise MovementError("vehicle", _("Whoever receives the group counts everybody together; leave the bus out."))
    corridor = movement.corridor_version.corridor
    if point != CheckpointKind.RETURNED and point not in way_ahead(corridor):
        countries = len(corridor.through)
        words = ngettext(
            "That point is not on this way: it leads through %(n)d country.",
            "That point is not on this way: it leads through %(n)d countries.",
            countries,
        )
        raise MovementError("kind", words % {"n": countries})
    if not 0 <= heads <= MOST_HEADS:
        raise MovementError("heads", _("Give how many heads were counted, from 0 to %(most)d.") % {"most": MOST_HEADS})


def _expected(
    movement: Movement,
    vehicle: Vehicle | None,
    point: CheckpointKind,
    before: Sequence[Checkpoint],
    *,
    counted_at: datetime,
) -> int:
    """Give the heads that stood there before: those on the manifest at boarding, afterwards those of the last count."""
    if vehicle is None:
        return _handed_over_by(movement, before)
    if point == CheckpointKind.RETURNED:
        return _turned_back(vehicle, before)
    if vehicle.turned_back_at is not None and counted_at >= vehicle.turned_back_at:
        raise MovementError(
            "kind", _("%(bus)s turns back. Count it when it is back at the crossing.") % {"bus": vehicle.label}
        )
    if point == CheckpointKind.BOARDED:
        return _ticked(movement, vehicle)
    corridor = movement.corridor_version.corridor
    way = way_ahead(corridor)
    previous = way[way.index(point) - 1]
    last = next((row for row in before if row.kind == previous), None)
    if last is None:
        raise MovementError(
            "kind",
            _("%(bus)s was not counted at “%(before)s” yet. Count that first, then “%(point)s”.")
            % {
                "bus": vehicle.label,
                "before": point_in_words(previous, corridor),
                "point": point_in_words(point, corridor),
            },
        )
    if point == CheckpointKind.EXITED and not is_boarded(movement):
        raise MovementError(
            "kind", _("The manifest and the counts at boarding do not agree for every bus yet. Finish boarding first.")
        )
    if point == CheckpointKind.EXITED and _unexplained(movement):
        raise MovementError(
            "kind", _("A difference at boarding is not explained yet. Explain it before the buses leave.")
        )
    if point == CheckpointKind.EXITED and not any(row.kind == point for row in before):
        refuse_exit(movement, at=counted_at)
    return last.heads


def _turned_back(vehicle: Vehicle, before: Sequence[Checkpoint]) -> int:
    """Give the last count of a bus that turns back; of one that nobody ever counted, whoever has a seat in it."""
    last = next((row for row in reversed(before) if row.kind != CheckpointKind.RETURNED), None)
    if vehicle.turned_back_at is None:
        raise MovementError(
            "kind",
            _("Nobody has decided that %(bus)s turns back. Write the decision down first, then count.")
            % {"bus": vehicle.label},
        )
    return last.heads if last is not None else vehicle.taken.count()


def _ticked(movement: Movement, vehicle: Vehicle) -> int:
    """Give how many the newest manifest has in this bus, all of them ticked."""
    newest = movement.manifests.last()
    newest_manifest(movement, number=newest.number if newest else 0)
    missing = vehicle.taken.filter(boarded_at__isnull=True).count()
    if missing:
        raise MovementError(
            "vehicle",
            ngettext(
                "%(n)d person of %(bus)s is not ticked as on board. Tick them, or take them off the manifest.",
                "%(n)d people of %(bus)s are not ticked as on board. Tick them, or take them off the manifest.",
                missing,
            )
            % {"n": missing, "bus": vehicle.label},
        )
    return vehicle.taken.count()


def _handed_over_by(movement: Movement, counts: Sequence[Checkpoint]) -> int:
    left = [row for row in counts if row.kind == CheckpointKind.LEFT]
    if movement.state not in (MovementState.LEFT, MovementState.HANDED_OVER):
        raise MovementError("kind", _("Not every bus has left the transit country yet. Count them out first."))
    if _unexplained(movement):
        raise MovementError(
            "kind", _("A difference between two counts is not explained yet. Explain it, then hand over.")
        )
    return sum(row.heads for row in left)


@reaching_for("a movement is followed")
def _unexplained(movement: Movement) -> bool:
    """Tell whether a count before the handover differs without a reason, whoever asks: a receiver sees no reasons.

    Buses that turned back hold nobody else up; theirs are explained before the movement is closed.
    """
    return any(
        row.kind != CheckpointKind.HANDED_OVER and not (row.vehicle and row.vehicle.turned_back_at)
        for row in (found.checkpoint for found in open_differences(movement))
    )


def _refuse_hour(before: Sequence[Checkpoint], point: CheckpointKind, *, counted_at: datetime, at: datetime) -> None:
    if counted_at > at + CLOCK_TOLERANCE:
        raise MovementError(
            "counted_at", _("The count lies in the future. Set the clock of this phone and count again.")
        )
    earlier = [row.counted_at for row in before if ORDER.index(CheckpointKind(row.kind)) < ORDER.index(point)]
    if earlier and counted_at < max(earlier):
        raise MovementError(
            "counted_at", _("That is before the last count of this bus. Check the hour; counts follow one another.")
        )


def _recounted(
    movement: Movement, before: Sequence[Checkpoint], vehicle: Vehicle | None, point: CheckpointKind, expected: int
) -> Checkpoint | None:
    """Give the count that a new one replaces, if there is one. Raises MovementError where it needs none."""
    same = next((row for row in before if row.kind == point and row.vehicle_id == (vehicle and vehicle.pk)), None)
    if same is None:
        return None
    name = vehicle.label if vehicle else _("The group")
    if any(ORDER.index(CheckpointKind(row.kind)) > ORDER.index(point) for row in before):
        raise MovementError(
            "kind", _("%(bus)s was counted further on already; this point cannot be counted again.") % {"bus": name}
        )
    changed = same.expected != expected
    if not changed and not any(found.open for found in differences(same.movement, [same])):
        raise MovementError(
            "kind",
            _("%(bus)s was counted at “%(point)s” already: %(n)d. That count agrees, so nothing was stored.")
            % {"bus": name, "point": point_in_words(point, movement.corridor_version.corridor), "n": same.heads},
        )
    return same


def _tell(row: Checkpoint, *, by: Actor, at: datetime) -> None:
    """Tell the parties of heads that differ on the road; at boarding the manifest is put right instead."""
    replaced = row.recount_of
    if row.kind == CheckpointKind.BOARDED or not (row.difference or (replaced and replaced.alarmed_at)):
        return
    row.alarmed_at = at
    row.save(update_fields=["alarmed_at"])
    movement_alerts.tell_of_difference(row, by=by, at=at)
