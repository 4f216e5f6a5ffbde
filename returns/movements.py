"""A movement from its plan to its end: made for a group, given buses, called off or closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants.models import TravelGroup
from returns import absences, cases, follow_ups, reconciliation
from returns.enums import CaseOutcome, CheckpointKind, MovementState
from returns.models import Checkpoint, Movement, Plan, Vehicle

MOST_SEATS = 120
MOST_VEHICLES = 40
BEFORE_THE_ROAD = (MovementState.PLANNED, MovementState.BOARDED)
"""States in which buses, seats and the manifest may still change."""


class MovementError(RefusalError):
    """Something that a movement cannot do now. `field` names what to mend, `sentence` says why and what to do."""


def locked(movement: Movement) -> Movement:
    """Give the row as it stands, locked until the transaction ends: whoever changes a movement takes turns."""
    return (
        Movement.objects.select_for_update(of=("self",))
        .select_related("corridor_version__corridor")
        .get(pk=movement.pk)
    )


def refuse_after_departure(movement: Movement) -> None:
    """Raise MovementError where the buses are on the road, or the movement has ended."""
    if movement.state not in BEFORE_THE_ROAD:
        raise MovementError(
            "movement", _("The buses have left: nothing can be changed here any more. Explain differences instead.")
        )


def buses_out(movement: Movement) -> frozenset[int]:
    """Give the buses (keys) that were counted out at the exit, or turned back: who sits in them can change no more."""
    rows = Checkpoint.objects.filter(movement=movement, kind=CheckpointKind.EXITED, vehicle__isnull=False)
    back = movement.vehicles.filter(turned_back_at__isnull=False)
    return frozenset(rows.values_list("vehicle_id", flat=True).union(back.values_list("pk", flat=True)))


@transaction.atomic
def make_movement(*, group: TravelGroup, by: Actor, at: datetime) -> Movement:
    """Make the journey of a group from its plan: through the corridor version and at the hour that were agreed.

    Until it is frozen the movement follows the plan. Raises MovementError without a plan through a corridor, or while
    another movement of the group runs.
    """
    TravelGroup.objects.select_for_update().get(pk=group.pk)
    plan = Plan.objects.filter(group=group).first()
    if group.closed_at is not None:
        raise MovementError("group", _("This group is closed; nobody of it travels any more."))
    if plan is None or plan.corridor_version_id is None:
        raise MovementError("group", _("Agree on an hour at the barrier and on a corridor first."))
    if Movement.objects.running().filter(group=group).exists():
        raise MovementError("group", _("This group has a movement already; end that one first."))
    last = Movement.objects.filter(group=group).aggregate(last=Max("number"))["last"] or 0
    movement = Movement.objects.create(
        group=group,
        mission_id=group.mission_id,
        number=last + 1,
        corridor_version_id=plan.corridor_version_id,
        depart_at=plan.cross_at,
        made_at=at,
        by=by,
    )
    audit.record("movement made", movement, by=by, at=at)
    return movement


@transaction.atomic
def add_vehicles(
    *, movement: Movement, how_many: int = 1, seats: int, label: str = "", plate: str = "", by: Actor, at: datetime
) -> list[Vehicle]:
    """Add buses with so many seats each; without a label they are called "Bus 1", "Bus 2", … Raises MovementError."""
    movement = locked(movement)
    refuse_after_departure(movement)
    if not 1 <= seats <= MOST_SEATS:
        raise MovementError("seats", _("A bus has between 1 and %(most)d seats.") % {"most": MOST_SEATS})
    there = set(movement.vehicles.values_list("label", flat=True))
    if not 1 <= how_many <= MOST_VEHICLES - len(there):
        raise MovementError("how_many", _("A movement has between 1 and %(most)d buses.") % {"most": MOST_VEHICLES})
    if label.strip() and (how_many > 1 or label.strip() in there):
        raise MovementError("label", _("There is a bus of that name already; give each its own."))
    names = [label.strip()] if label.strip() else _free_names(there, how_many)
    vehicles = Vehicle.objects.bulk_create(
        Vehicle(movement=movement, label=name, plate=plate.strip(), seats=seats, rank=len(there) + rank)
        for rank, name in enumerate(names, start=1)
    )
    audit.record_many((("bus added", vehicle) for vehicle in vehicles), by=by, at=at)
    return vehicles


def _free_names(taken: Iterable[str], how_many: int) -> list[str]:
    known = set(taken)
    names = (_("Bus %(n)d") % {"n": n} for n in range(1, MOST_VEHICLES + len(known) + 1))
    return [name for name in names if name not in known][:how_many]


@transaction.atomic
def remove_vehicle(*, vehicle: Vehicle, by: Actor, at: datetime) -> None:
    """Take an empty bus away. Raises MovementError while somebody has a seat in it, or a manifest names it."""
    refuse_after_departure(locked(vehicle.movement))
    if vehicle.taken.exists():
        raise MovementError("vehicle", _("Somebody has a seat in this bus. Move them to another one first."))
    if vehicle.entries.exists() or vehicle.checkpoints.exists():
        raise MovementError("vehicle", _("A manifest names this bus; it stays, empty."))
    audit.record("bus taken away", vehicle, by=by, at=at)
    vehicle.delete()


@transaction.atomic
def call_off(*, movement: Movement, why: str, by: Actor, at: datetime) -> Movement:
    """End a movement of which no bus has left: the group goes on waiting. Raises MovementError."""
    movement = locked(movement)
    refuse_after_departure(movement)
    if buses_out(movement):
        raise MovementError(
            "movement",
            _("A bus has left already: the movement cannot be called off. Let its buses turn back, or let them go on."),
        )
    if not why.strip():
        raise MovementError("why", _("Say why the movement is called off."))
    movement.state, movement.ended_at = MovementState.CALLED_OFF, at
    movement.save(update_fields=["state", "ended_at"])
    audit.record("movement called off", movement, by=by, at=at, why=why.strip())
    return movement


@transaction.atomic
def close(*, movement: Movement, why: str, by: Actor, at: datetime) -> Movement:
    """Close a movement that was handed over or has turned back: every difference is explained, and the missing have names.

    Only the cases of those who arrived end at home (`absences.ending_of`); whoever changed their mind has ended so, and
    the case of anybody else who is missing, or whose bus turned back, stays open. Closing it again changes nothing.
    Raises MovementError.
    """
    movement = locked(movement)
    if movement.ended_at is not None:
        return movement
    if movement.state not in (MovementState.HANDED_OVER, MovementState.TURNED_BACK):
        raise MovementError("movement", _("Only a movement that was handed over or has turned back can be closed."))
    if not why.strip():
        raise MovementError("why", _("Say how the movement ended."))
    if reconciliation.open_differences(movement):
        raise MovementError("movement", _("A difference between two counts is not explained yet. Explain it first."))
    if unnamed := sum(row.heads - row.absences.count() for row in absences.without_name(movement)):
        raise MovementError("movement", _nobody_named(unnamed))
    ending = absences.ending_of(movement)
    movement.ended_at = at
    movement.save(update_fields=["ended_at"])
    audit.record("movement closed", movement, by=by, at=at, why=why.strip())
    cases.close_cases(cases=ending.home, why=why, outcome=CaseOutcome.HOME, by=by, at=at)
    follow_ups.plan(movement=movement, people=[case.person for case in ending.home], by=by, at=at)
    if ending.changed_mind:
        said = _("changed their mind on the way")
        cases.close_cases(cases=ending.changed_mind, why=said, outcome=CaseOutcome.CHANGED_MIND, by=by, at=at)
    return movement


def _nobody_named(heads: int) -> str:
    return ngettext(
        "%(n)d head is explained as missing, and nobody is named. Say who it was: that case must not end at home.",
        "%(n)d heads are explained as missing, and nobody is named. Say who they were: those cases must not end at home.",
        heads,
    ) % {"n": heads}
