"""A movement as its pages show it: buses with their counts, who has a seat, the versions, and the one thing to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from common import countries
from corridors.legs import legs_of as legs_of_version
from corridors.legs import sides_along
from corridors.models import Leg as CorridorLeg
from migrants.models import Migrant
from returns import transit_clock
from returns.absences import without_name
from returns.corridor_stops import Stop
from returns.crew import not_named
from returns.departing import stops_before_exit
from returns.enums import CheckpointKind, MovementState
from returns.freezing import is_current, stops_of
from returns.models import (
    Checkpoint,
    CrewMember,
    Difference,
    LegClock,
    Manifest,
    ManifestStage,
    Movement,
    RoadDecision,
    Seat,
    Vehicle,
)
from returns.movements import BEFORE_THE_ROAD
from returns.reconciliation import (
    Leg,
    OpenDifference,
    differences,
    legs_of,
    stages_in_words,
    standing_counts,
)
from returns.seating import unseated
from returns.taking_off import concerned
from returns.way_points import counted_by_bus, point_in_words


class Next(StrEnum):
    """The one thing to do next, of which a page makes its primary button."""

    ADD_BUSES = "add buses"
    SEAT = "seat"
    MEND = "mend"
    FREEZE = "freeze"
    BOARD = "board"
    COUNT = "count"
    EXPLAIN = "explain"
    HALT = "halt"
    RECEIVE = "receive"
    NAME = "name"
    CLOSE = "close"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class BusLine:
    """One bus: how many have a seat and are ticked, and its counts by point (None: not yet).

    The points are those of its way (`counted_by_bus`), and the way back where a bus of the movement has turned.
    """

    vehicle: Vehicle
    seated: int
    on_board: int
    points: tuple[CheckpointKind, ...]
    words: tuple[str, ...]
    counts: tuple[Checkpoint | None, ...]

    @property
    def waits_to_leave(self) -> bool:
        """Tell whether it has not left the waiting side, and is to."""
        return self.count_at(CheckpointKind.EXITED) is None and self.vehicle.turned_back_at is None

    @property
    def cells(self) -> list[tuple[str, Checkpoint | None]]:
        """Its counts with the words for the point of each, for a row of the table."""
        return list(zip(self.words, self.counts, strict=True))

    @property
    def last(self) -> CheckpointKind | None:
        """The last point at which it was counted."""
        pairs = zip(reversed(self.points), reversed(self.counts), strict=True)
        return next((point for point, row in pairs if row is not None), None)

    def count_at(self, point: CheckpointKind) -> Checkpoint | None:
        """Its count at one point of the way."""
        return self.counts[self.points.index(point)]


@dataclass(frozen=True, slots=True)
class Crossed:
    """One country of a way through several: how it is entered and left, the zones of both borders, and its clock."""

    leg: CorridorLeg
    zones: tuple[str, ...]
    clock: LegClock | None
    left: timedelta | None
    is_late: bool

    @property
    def country(self) -> str:
        """Its name in the language at hand."""
        return countries.name(self.leg.country)


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that stands on the page of a movement; a constant number of queries."""

    movement: Movement
    buses: tuple[BusLine, ...]
    legs: tuple[Leg, ...]
    differences: tuple[OpenDifference, ...]
    manifests: tuple[Manifest, ...]
    is_frozen: bool
    without_seat: int
    left_out: int
    stops: tuple[Stop, ...]
    departing: tuple[Stop, ...]
    unnamed: tuple[Difference, ...]
    concerned: tuple[Migrant, ...]
    crew: tuple[CrewMember, ...]
    crew_lacks: tuple[str, ...]
    decisions: tuple[RoadDecision, ...]
    stages: tuple[tuple[str, ManifestStage], ...]
    crossed: tuple[Crossed, ...]
    left: timedelta | None
    is_late: bool
    is_near: bool

    @property
    def seated(self) -> int:
        return sum(bus.seated for bus in self.buses)

    @property
    def on_board(self) -> int:
        return sum(bus.on_board for bus in self.buses)

    @property
    def newest(self) -> Manifest | None:
        return self.manifests[-1] if self.manifests else None

    @property
    def open(self) -> int:
        """Heads that differ and are not explained."""
        return sum(found.open for found in self.differences)

    @property
    def turning(self) -> list[Vehicle]:
        """Buses that turned back and are not counted at home yet."""
        buses = (bus.vehicle for bus in self.buses)
        return [bus for bus in buses if bus.turned_back_at is not None and bus.returned_at is None]

    @property
    def not_out(self) -> list[Vehicle]:
        """Buses that are still to leave the waiting side."""
        return [bus.vehicle for bus in self.buses if bus.waits_to_leave]

    @property
    def some_out(self) -> bool:
        """Tell whether a bus has left the waiting side."""
        return any(bus.count_at(CheckpointKind.EXITED) is not None for bus in self.buses)

    @property
    def some_turned(self) -> bool:
        """Tell whether a bus has turned back: no count of all of them on the road has it any more."""
        return any(bus.vehicle.turned_back_at is not None for bus in self.buses)

    @property
    def may_turn(self) -> list[Vehicle]:
        """Buses that can still turn back: some bus is out, and they are not through."""
        lines = [bus for bus in self.buses if bus.vehicle.turned_back_at is None]
        if not self.some_out or self.movement.ended_at is not None:
            return []
        return [bus.vehicle for bus in lines if bus.count_at(CheckpointKind.LEFT) is None]

    @property
    def runs(self) -> bool:
        """Tell whether the transit clock is running."""
        movement = self.movement
        return movement.clock_started_at is not None and movement.left_at is None and movement.ended_at is None

    @property
    def next(self) -> Next:
        """The first thing that is not done."""
        movement = self.movement
        thawed = movement.state in BEFORE_THE_ROAD and not self.is_frozen
        turns = (
            (movement.ended_at is not None, Next.NOTHING),
            (bool(self.open), Next.EXPLAIN),
            (thawed and not self.buses, Next.ADD_BUSES),
            (thawed and bool(self.without_seat or not self.seated), Next.SEAT),
            (thawed and bool(self.stops), Next.MEND),
            (thawed, Next.FREEZE),
            (bool(self.departing), Next.HALT),
            (self.on_board < self.seated, Next.BOARD),
            (movement.state == MovementState.LEFT, Next.RECEIVE),
            (bool(self.unnamed), Next.NAME),
            (movement.state in (MovementState.HANDED_OVER, MovementState.TURNED_BACK), Next.CLOSE),
        )
        return next((act for is_due, act in turns if is_due), Next.COUNT)


def picture_of(movement: Movement, *, at: datetime) -> Picture:
    """Read the movement as it stands at business time `at`. What stops a freeze is judged only before departure."""
    counts = standing_counts(movement)
    seats = list(movement.seats.values_list("vehicle", "boarded_at"))
    manifests = tuple(movement.manifests.all())
    before = movement.state in BEFORE_THE_ROAD
    frozen = bool(manifests) and (not before or is_current(manifests[-1]))
    left = transit_clock.left(movement, at=at)
    late = transit_clock.is_late(movement, at=at)
    departing = tuple(stops_before_exit(movement, at=at)) if before and frozen else ()
    named = [stop.person for stop in departing if stop.person is not None]
    return Picture(
        movement=movement,
        buses=tuple(_buses(movement, seats, counts)),
        legs=tuple(legs_of(movement)),
        differences=tuple(differences(movement, counts)),
        manifests=manifests,
        is_frozen=frozen,
        without_seat=len(unseated(movement)) if before else 0,
        left_out=sum(vehicle is None for vehicle, _ticked in seats),
        stops=tuple(stops_of(movement, at=at)) if before and not frozen and seats else (),
        departing=departing,
        concerned=tuple(concerned(movement, named)) if named else (),
        crew=tuple(movement.crew.select_related("vehicle")),
        crew_lacks=tuple(not_named(movement)) if before else (),
        decisions=tuple(movement.decisions.select_related("authority")),
        stages=tuple(stages_in_words(manifests[-1], movement)) if manifests else (),
        crossed=tuple(_crossed(movement, at=at)),
        unnamed=tuple(without_name(movement)) if movement.state == MovementState.HANDED_OVER else (),
        left=left,
        is_late=late,
        is_near=left is not None and not late and left <= transit_clock.WARNING and movement.left_at is None,
    )


def _buses(
    movement: Movement, seats: Sequence[tuple[int | None, datetime | None]], counts: Sequence[Checkpoint]
) -> list[BusLine]:
    seated = Counter(vehicle for vehicle, _ticked in seats)
    on_board = Counter(vehicle for vehicle, ticked in seats if ticked is not None)
    by_place = {(row.vehicle_id, row.kind): row for row in counts}
    vehicles = list(movement.vehicles.all())
    corridor = movement.corridor_version.corridor
    points = counted_by_bus(corridor)
    if any(bus.turned_back_at is not None for bus in vehicles):
        points = (*points, CheckpointKind.RETURNED)
    return [
        BusLine(
            vehicle=vehicle,
            seated=seated[vehicle.pk],
            on_board=on_board[vehicle.pk],
            points=points,
            words=tuple(point_in_words(point, corridor) for point in points),
            counts=tuple(by_place.get((vehicle.pk, point.value)) for point in points),
        )
        for vehicle in vehicles
    ]


def _crossed(movement: Movement, *, at: datetime) -> list[Crossed]:
    """Each country of a way through several with its clock; nothing, and no query, of a way through one."""
    version = movement.corridor_version
    if not version.corridor.is_chain:
        return []
    clocks = {clock.number: clock for clock in movement.leg_clocks.all()}
    rows = []
    for leg in legs_of_version(version):
        clock, zones = clocks.get(leg.number), (side.zone for side in sides_along([leg]))
        remaining = clock.due_at - (clock.left_at or at) if clock and (clock.is_running or clock.left_at) else None
        late = remaining is not None and remaining < timedelta(0)
        rows.append(Crossed(leg, tuple(dict.fromkeys(zones)), clock, remaining, late))
    return rows


def next_count(picture: Picture) -> tuple[CheckpointKind, Vehicle | None] | None:
    """Give what is to be counted next: the first point that is not counted, and the first bus not counted there."""
    for point in counted_by_bus(picture.movement.corridor_version.corridor):
        for bus in picture.buses:
            if bus.vehicle.turned_back_at is None and bus.count_at(point) is None:
                return point, bus.vehicle
    for coming in picture.turning:
        return CheckpointKind.RETURNED, coming
    return None


def seats_by_bus(movement: Movement) -> list[tuple[Vehicle | None, list[Seat]]]:
    """Give who sits in each bus, in the order of the manifest, and last (None) who does not travel; two queries."""
    rows = list(
        movement.seats.select_related("person", "person__family", "vehicle").order_by(
            "person__full_name", "person__number"
        )
    )
    buses: list[Vehicle | None] = [*movement.vehicles.all(), None]
    return [(bus, [row for row in rows if row.vehicle_id == (bus.pk if bus else None)]) for bus in buses]
