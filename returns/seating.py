"""Who sits in which bus: families together, the buses even; a person corrects it."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import audit
from common.actors import Actor
from migrants.models import Migrant
from returns.family_seats import children_apart, torn_families
from returns.models import Movement, Seat, Vehicle
from returns.movements import MovementError, buses_out, locked, refuse_after_departure


@dataclass(slots=True)
class Room:
    """A bus while seats are given out: how many are taken and how many there are."""

    key: int
    seats: int
    taken: int = 0

    @property
    def free(self) -> int:
        return self.seats - self.taken


def distribute(parties: Sequence[Collection[int]], rooms: Sequence[Room]) -> dict[int, int] | None:
    """Give each person (key) a room (key) so that no party is torn apart and the rooms fill evenly; None without room.

    The largest parties choose first, each the emptiest room; equal ones keep the order in which they are given.
    """
    seated: dict[int, int] = {}
    for party in sorted(parties, key=len, reverse=True):
        room = min((room for room in rooms if room.free >= len(party)), key=lambda room: room.taken, default=None)
        if room is None:
            return None
        room.taken += len(party)
        seated |= dict.fromkeys(party, room.key)
    return seated


@transaction.atomic
def propose_seats(*, movement: Movement, by: Actor, at: datetime) -> int:
    """Give everybody of the group who has an open case and no seat yet a seat; returns how many.

    Whoever has a seat keeps it, and who was left out stays out. Raises MovementError where a family finds no room.
    """
    movement = locked(movement)
    refuse_after_departure(movement)
    vehicles = list(movement.vehicles.annotate(filled=Count("taken")))
    if not vehicles:
        raise MovementError("vehicle", _("There is no bus yet. Add the buses first."))
    people = sorted(unseated(movement), key=lambda each: each.pk)  # who was written down together sits together
    rooms = [Room(vehicle.pk, vehicle.seats, vehicle.filled) for vehicle in vehicles]
    seated = distribute(_parties(people), rooms)
    if seated is None:
        free = sum(room.free for room in rooms)
        raise MovementError(
            "vehicle",
            ngettext(
                "There are %(free)d seats left for %(n)d person. Add a bus.",
                "There are %(free)d seats left for %(n)d people, families together. Add a bus.",
                len(people),
            )
            % {"free": sum(vehicle.seats - vehicle.filled for vehicle in vehicles) or free, "n": len(people)},
        )
    Seat.objects.bulk_create(
        Seat(movement=movement, vehicle_id=seated[person.pk], mission_id=movement.mission_id, person=person)
        for person in people
    )
    if people:
        audit.record("seats proposed", movement, by=by, at=at)
    return len(people)


def unseated(movement: Movement) -> list[Migrant]:
    """Give who has an open case in the group and neither a seat nor the decision not to travel; by number."""
    return list(
        Migrant.objects.living_records()
        .filter(group=movement.group_id, cases__closed_at__isnull=True, cases__isnull=False)
        .exclude(seats__movement=movement)
        .order_by("number")
    )


def _parties(people: Sequence[Migrant]) -> list[list[int]]:
    """Those who travel together: a family, or one alone."""
    by_family: dict[Hashable, list[int]] = {}
    for person in people:
        by_family.setdefault(person.family_id or (person.pk, "alone"), []).append(person.pk)
    return list(by_family.values())


@transaction.atomic
def move_seats(
    *, movement: Movement, wanted: Mapping[UUID, Vehicle | None], by: Actor, at: datetime, why: str = ""
) -> int:
    """Give each seat (by public id) another bus, or none: not travelling. Returns how many changed; all or nothing.

    Whoever is moved or left out is no longer ticked as on board. Raises MovementError for a full or a strange bus, one that
    has left, a child who would sit without its own, and a family torn apart without a reason (`why`).
    """
    movement = locked(movement)
    refuse_after_departure(movement)
    if any(vehicle is not None and vehicle.movement_id != movement.pk for vehicle in wanted.values()):
        raise MovementError("vehicle", _("That bus belongs to another movement. Choose one of this movement."))
    changed, left = [], buses_out(movement)
    for seat in movement.seats.filter(public_id__in=wanted).select_related("person"):
        vehicle = wanted[seat.public_id]
        if seat.vehicle_id != (vehicle.pk if vehicle else None):
            if left & {seat.vehicle_id, vehicle.pk if vehicle else None}:
                raise MovementError("vehicle", _("That bus has left already: who sits in it stays as it is."))
            seat.vehicle, seat.boarded_at, seat.boarded_by = vehicle, None, None
            changed.append(seat)
    Seat.objects.bulk_update(changed, ["vehicle", "boarded_at", "boarded_by"])
    _refuse_full(movement)
    _refuse_torn(movement, [seat for seat in changed if seat.vehicle_id], why=why, at=at)
    audit.record_many(
        (("seat changed" if seat.vehicle_id else "person left out", seat) for seat in changed), by=by, at=at, why=why
    )
    return len(changed)


def _refuse_full(movement: Movement) -> None:
    for vehicle in movement.vehicles.annotate(filled=Count("taken")):
        if vehicle.filled > vehicle.seats:
            raise MovementError(
                "vehicle",
                _("%(bus)s has %(seats)d seats and would carry %(n)d people. Choose another bus.")
                % {"bus": vehicle.label, "seats": vehicle.seats, "n": vehicle.filled},
            )


def _refuse_torn(movement: Movement, moved: Sequence[Seat], *, why: str, at: datetime) -> None:
    """A move to another bus parts no child from its own, and no family without a reason."""
    families = {seat.person.family_id for seat in moved if seat.person.family_id}
    near = {seat.person_id for seat in moved}
    alone = [
        child
        for child in (children_apart(movement, at=at) if moved else ())
        if child.pk in near or child.family_id in families
    ]
    if alone:
        raise MovementError(
            "vehicle",
            _("%(name)s is a child and would sit in a bus without anybody of the family. Seat them together.")
            % {"name": alone[0].full_name},
        )
    torn = torn_families(movement, families) if families and not why.strip() else []
    if torn:
        raise MovementError(
            "why",
            _("Family %(code)s would sit in more than one bus. Say why, or seat them together.") % {"code": torn[0]},
        )


@transaction.atomic
def leave_out(*, movement: Movement, people: Collection[Migrant], why: str = "", by: Actor, at: datetime) -> int:
    """Decide that `people` do not travel with this movement, whether they had a seat or not; returns how many changed."""
    movement = locked(movement)
    refuse_after_departure(movement)
    seated = {seat.person_id: seat for seat in movement.seats.filter(person__in=people)}
    missing = [person for person in people if person.pk not in seated and person.group_id == movement.group_id]
    made = Seat.objects.bulk_create(
        Seat(movement=movement, vehicle=None, mission_id=movement.mission_id, person=person) for person in missing
    )
    audit.record_many((("person left out", seat) for seat in made), by=by, at=at, why=why)
    wanted: dict[UUID, Vehicle | None] = {seat.public_id: None for seat in seated.values()}
    return len(made) + move_seats(movement=movement, wanted=wanted, why=why, by=by, at=at)
