"""A group that is ready to go: a corridor through Uzbekistan, ready people, three buses. For tests of the journey."""

from datetime import datetime, timedelta

import pytest

from corridors import transit
from corridors.models import Approval
from corridors.windows import Window
from returns import boarding, cases, checkpoints, freezing, movements, seating
from tests.cast import COMMAND, NOW, OYBEK, make_crossing

FROZEN = NOW + timedelta(hours=22)
"""2 October 2020, 07:00 in Almaty."""
ENTERED = FROZEN + timedelta(hours=1)


@pytest.fixture
def exit_crossing(db):
    """Oybek → Fotehobod."""
    return make_crossing(*OYBEK)


@pytest.fixture
def corridor_version(crossing, exit_crossing, organisations):
    """From Kazakhstan through Uzbekistan in four hours."""
    corridor = transit.make_corridor(
        code="ZHIBEK-OYBEK", name="Zhibek Zholy – Oybek", entry=crossing, exit=exit_crossing, from_country="KAZ",
        transit_country="UZB", to_country="TJK", by=COMMAND, at=NOW,
    )  # fmt: skip
    return agreed(corridor, organisations, longest_transit=timedelta(hours=4), conditions=["no stop"])


def agreed(corridor, organisations, **wording):
    """A version for 102 people, from 06:00 to 10:00 in Tashkent, of which `wording` says the rest; its party agreed."""
    window = Window(datetime(2020, 10, 2, 6, 0), datetime(2020, 10, 2, 10, 0), "Asia/Tashkent")
    version = transit.make_version(
        corridor=corridor, head_count_cap=102, window=window, requested_by=organisations["tj-emb-uz"],
        document_reference="note 1", by=COMMAND, at=NOW, **wording,
    )  # fmt: skip
    Approval.objects.create(
        version=version, organisation=organisations["uz-border"], state="approved", asked_at=NOW, asked_by=COMMAND,
        answer_by=NOW, decided_at=NOW, decided_how="page", name="Officer", function="duty", by=COMMAND,
    )  # fmt: skip
    return version


@pytest.fixture
def travellers(make_person, group, crossing, corridor_version):
    """Six people who lack nothing, with cases and a plan through the corridor at 08:00 in Almaty."""
    people = [make_person() for _ in range(6)]
    cases.open_cases(people=people, by=COMMAND, at=NOW)
    cases.set_plan(
        group=group, crossing=crossing, corridor_version=corridor_version, local_time=datetime(2020, 10, 2, 8, 0),
        zone="Asia/Almaty", queue_minutes=120, by=COMMAND, at=NOW,
    )  # fmt: skip
    return people


@pytest.fixture
def movement(group, travellers):
    """Their movement with three buses of two seats, everybody seated."""
    made = movements.make_movement(group=group, by=COMMAND, at=NOW)
    movements.add_vehicles(movement=made, how_many=3, seats=3, by=COMMAND, at=NOW)
    seating.propose_seats(movement=made, by=COMMAND, at=NOW)
    return made


@pytest.fixture
def boarded(movement):
    """Frozen, everybody ticked, two heads counted in each bus."""
    freezing.freeze(movement=movement, by=COMMAND, at=FROZEN)
    seats = [seat.public_id for seat in movement.seats.all()]
    boarding.board(movement=movement, manifest=1, seats=seats, by=COMMAND, at=FROZEN)
    count_all(movement, "boarded", FROZEN)
    movement.refresh_from_db()
    return movement


def count_one(movement, bus, kind, at, *, heads=2, public_id=None, known_at=None):
    """Count one bus (by its place in the order) at a point of the way."""
    vehicle = None if bus is None else movement.vehicles.get(rank=bus)
    return checkpoints.count(
        public_id=public_id, movement=movement, vehicle=vehicle, kind=kind, heads=heads, counted_at=at, by=COMMAND,
        at=known_at or at,
    )  # fmt: skip


def count_all(movement, kind, at, heads=2):
    """Count every bus at a point of the way."""
    for vehicle in movement.vehicles.all():
        count_one(movement, vehicle.rank, kind, at, heads=heads)
    movement.refresh_from_db()
