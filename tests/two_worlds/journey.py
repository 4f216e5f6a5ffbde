"""Two worlds that differ by a woman of the very group that travels: listed, seated and on the first manifest, then held.

In the other world nobody ever wrote her down. Heads were counted alike in both; nobody counts her among those who travel.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from common.actors import Actor
from corridors import transit
from corridors.models import Approval, BorderCrossing, CorridorVersion
from corridors.windows import Window
from migrants.entries import PersonEntry
from migrants.models import HeadCount, Migrant, TravelGroup
from migrants.registration import register_many
from partners.enums import OrganisationKind
from partners.models import Interest, Office, Organisation
from returns import (
    arrival_needs,
    boarding,
    cases,
    checkpoints,
    document_requests,
    freezing,
    handover,
    holding,
    incoming,
    movements,
    outside,
    reception,
    road_day,
    seating,
)
from returns.models import Movement
from tests.cast import COMMAND, NOW, OYBEK, make_crossing
from tests.two_worlds.worlds import BEFORE, HER_NAME, agree, entry

FROZEN = NOW + timedelta(hours=22)
ENTERED = FROZEN + timedelta(hours=1)
LEFT = ENTERED + timedelta(hours=4)
RECEIVED = LEFT + timedelta(hours=1)
TRAVELLERS = (("Қодиров Умед", "TJK"), ("Раҳимова Гулнора", "TJK"), ("Юсуфов Далер", "TJK"), ("Шарипова Зебо", "TJK"),
              ("Рахимзода Парвиз", "AFG"), ("Назаров Фирдавс", "TJK"))  # fmt: skip


WITHOUT_DOCUMENT = "Шарипова Зебо"
HERS = PersonEntry(full_name=HER_NAME, birth_year=1990, nationalities=("TJK",))
"""She has no document either; the embassy is asked for those of the others alone."""


def the_region() -> Organisation:
    """The regional government where the group arrives, which serves the halt there."""
    region: Organisation = Organisation.objects.create(
        code="tj-region", kind=OrganisationKind.REGION, country="TJK", name_en="Sughd region"
    )
    Office.objects.create(organisation=region, name="Sughd region", zone="Asia/Dushanbe")
    Interest.objects.create(organisation=region, subject="crossing:UZ-TJ-01", serves_halt=True)
    return region


def the_carrier() -> Organisation:
    """Who drives the second bus, in which she has a seat."""
    carrier: Organisation = Organisation.objects.create(
        code="bus-kz", kind=OrganisationKind.CARRIER, country="KAZ", name_en="A carrier"
    )
    Office.objects.create(organisation=carrier, name="A carrier", zone="Asia/Almaty")
    return carrier


def an_open_corridor(entry_at: BorderCrossing, organisations: dict[str, Organisation]) -> CorridorVersion:
    """Through Uzbekistan in four hours; its party agreed."""
    leave = make_crossing(*OYBEK)
    corridor = transit.make_corridor(
        code="KZ-TJ-A", name="Zhibek Zholy to Oybek", entry=entry_at, exit=leave, from_country="KAZ",
        transit_country="UZB", to_country="TJK", by=COMMAND, at=BEFORE,
    )  # fmt: skip
    version = transit.make_version(
        corridor=corridor, longest_transit=timedelta(hours=4), conditions=["no stop"], head_count_cap=102,
        window=Window(datetime(2020, 10, 2, 6), datetime(2020, 10, 2, 10), "Asia/Tashkent"),
        requested_by=organisations["tj-emb-uz"], document_reference="Note 7", by=COMMAND, at=BEFORE,
    )  # fmt: skip
    Approval.objects.create(
        version=version, organisation=organisations["kz-border"], state="approved", asked_at=BEFORE, asked_by=COMMAND,
        answer_by=NOW, decided_at=NOW, decided_how="page", name="Officer", function="duty", by=COMMAND,
    )  # fmt: skip
    return version


def gets_ready(
    group: TravelGroup, crossing: BorderCrossing, organisations: dict[str, Organisation], *, with_her: bool
) -> Movement:
    """Six travellers with seats in three buses; she, where she was registered, has a seat in the second."""
    embassy = organisations["tj-emb-uz"]
    version = an_open_corridor(crossing, organisations)
    HeadCount.objects.create(
        group=group, mission=group.mission, counted_at=BEFORE, recorded_at=BEFORE, total=6, by=COMMAND
    )
    entries = [
        PersonEntry(full_name=name, birth_year=1990, nationalities=(nationality,))
        if name == WITHOUT_DOCUMENT
        else entry(name, nationality)
        for name, nationality in TRAVELLERS
    ]
    people = register_many(group=group, mission=group.mission, entries=entries, by=COMMAND, at=BEFORE)
    cases.open_cases(people=people, by=COMMAND, at=BEFORE)
    agree(people, embassy)
    agree(people, organisations["kz-border"], purpose="receive")
    cases.set_plan(
        group=group, crossing=crossing, corridor_version=version, local_time=datetime(2020, 10, 2, 8),
        zone="Asia/Almaty", queue_minutes=120, by=COMMAND, at=BEFORE,
    )  # fmt: skip
    movement = movements.make_movement(group=group, by=COMMAND, at=NOW)
    movements.add_vehicles(movement=movement, how_many=3, seats=3, by=COMMAND, at=NOW)
    seating.propose_seats(movement=movement, by=COMMAND, at=NOW)
    if with_her:
        her = register_many(group=group, mission=group.mission, entries=[HERS], by=COMMAND, at=BEFORE)[0]
        cases.open_cases(people=[her], by=COMMAND, at=BEFORE)
        agree([her], embassy)
        agree([her], organisations["kz-border"], purpose="receive")
        seating.propose_seats(movement=movement, by=COMMAND, at=NOW)
        freezing.freeze(movement=movement, by=COMMAND, at=FROZEN - timedelta(hours=1))
        _is_held(her)
    second = movement.vehicles.get(rank=2)
    carrier = Organisation.objects.filter(kind=OrganisationKind.CARRIER).first()
    road_day.choose_carriers(movement=movement, carriers={second.pk: carrier}, by=COMMAND, at=NOW)
    arrival_needs.write(movement=movement, needs={"stretcher": 1, "meals": 6}, by=COMMAND, at=FROZEN)
    why = "one stays" if with_her else ""
    document_requests.ask(group=group, recipient=embassy, answer_by=LEFT, by=COMMAND, at=FROZEN)
    reception.confirm(
        movement=movement, organisation=embassy, places=40, place="School 4", transport="", ready_from=LEFT,
        name="Consul on duty", function="consul", by=COMMAND, at=FROZEN,
    )  # fmt: skip
    freezing.freeze(movement=movement, why=why, by=COMMAND, at=FROZEN)
    return movement


def _is_held(her: Migrant) -> None:
    holding.hold(person=her, reason="fears to return", against=["TJK"], by=Actor.command("closed room"), at=FROZEN)


def hours_of(movement: Movement, embassy: Organisation) -> Iterator[tuple[str, datetime]]:
    """The way, hour by hour: `(name, at)` each time when there is something to look at."""
    newest = movement.manifests.latest("number").number
    seats = list(movement.seats.filter(vehicle__isnull=False).values_list("public_id", flat=True))
    yield "frozen", FROZEN
    boarding.board(movement=movement, manifest=newest, seats=seats, by=COMMAND, at=FROZEN)
    for kind, at in (("boarded", FROZEN), ("exited", ENTERED), ("entered", ENTERED)):
        _all_counted(movement, kind, at)
    outside.announce(movement=movement, by=COMMAND, at=ENTERED)
    yield "on the road", ENTERED
    _all_counted(movement, "left", LEFT)
    yield "arrived", LEFT
    rows = list(incoming.on_board(movement, [embassy], at=RECEIVED))
    said: dict[str, Any] = {"name": "Consul on duty", "function": "consul", "received_at": RECEIVED}
    answers = {row.public_id: "present" for row in rows}
    handover.receive(movement=movement, receiver=embassy, heads=6, answers=answers, **said, by=COMMAND, at=RECEIVED)
    yield "received", RECEIVED


def _all_counted(movement: Movement, kind: str, at: datetime) -> None:
    for vehicle in movement.vehicles.order_by("rank"):
        heads = vehicle.taken.count()
        checkpoints.count(
            movement=movement, vehicle=vehicle, kind=kind, heads=heads, counted_at=at, by=COMMAND, at=at
        )  # fmt: skip
    movement.refresh_from_db()
