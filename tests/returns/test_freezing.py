"""What stops a manifest, what is kept with it, and what a later version says."""

from datetime import datetime, time, timedelta

import pytest

from common.models import AuditEntry
from corridors.models import Approval
from corridors.opening_hours import Hours
from migrants import protection
from migrants.models import Family
from returns import boarding, cases, freezing, movements, seating
from returns.freezing import FreezeStoppedError, changes_between, freeze, stops_of
from returns.house_rules import HouseRule
from returns.models import FrozenFinding, Manifest
from returns.movements import MovementError
from returns.seating import Room, distribute
from tests.cast import COMMAND, NOW
from tests.returns.conftest import PASSPORT_RULE
from tests.returns.convoy import FROZEN, count_one

pytestmark = pytest.mark.django_db


def leave_out(movement, person):
    seating.leave_out(movement=movement, people=[person], by=COMMAND, at=NOW)


def test_102_people_of_whom_families_sit_together_fill_three_buses_evenly():
    families = [list(range(n * 10, n * 10 + size)) for n, size in enumerate((5, 4, 3, 2))]
    parties = [*families, *([1000 + n] for n in range(88))]
    rooms = [Room(key, 34) for key in (1, 2, 3)]
    seated = distribute(parties, rooms)
    assert seated is not None
    assert [room.taken for room in rooms] == [34, 34, 34]
    assert all(len({seated[person] for person in family}) == 1 for family in families)


def test_a_family_that_finds_no_room_together_is_not_torn_apart():
    assert distribute([[1, 2, 3]], [Room(1, 2), Room(2, 2)]) is None


def test_a_family_is_seated_in_one_bus(group, travellers):
    family = Family.objects.create(group=group, code="F1")
    for person in travellers[2:5]:
        person.family = family
        person.save(update_fields=["family"])
    made = movements.make_movement(group=group, by=COMMAND, at=NOW)
    movements.add_vehicles(movement=made, how_many=3, seats=3, by=COMMAND, at=NOW)
    seating.propose_seats(movement=made, by=COMMAND, at=NOW)
    assert made.seats.filter(person__family=family).values("vehicle").distinct().count() == 1


def test_a_frozen_manifest_keeps_names_findings_and_a_fingerprint(make_rule, movement):
    make_rule(PASSPORT_RULE, "travel_document")
    manifest = freeze(movement=movement, by=COMMAND, at=FROZEN)
    assert (manifest.number, manifest.people, manifest.entries.count(), len(manifest.digest)) == (1, 6, 6, 64)
    findings = FrozenFinding.objects.filter(entry__manifest=manifest)
    assert findings.count() == 6 * (1 + len(HouseRule))
    kept = findings.exclude(requirement_version=None)[0]
    assert (kept.verdict, kept.because[0]["code"], kept.facts_as_of) == ("met", "document_held", FROZEN)
    assert AuditEntry.objects.filter(verb="manifest frozen").count() == 1
    entries = list(manifest.entries.select_related("vehicle"))
    assert freezing.fingerprint(manifest, entries) == manifest.digest
    entries[0].full_name = "Another"
    assert freezing.fingerprint(manifest, entries) != manifest.digest


def stop_of(movement, person):
    return [stop for stop in stops_of(movement, at=FROZEN) if stop.person == person]


def test_whoever_lacks_something_stops_the_manifest_until_left_out(make_rule, make_person, group, movement):
    make_rule(PASSPORT_RULE, "travel_document")
    without = make_person(passport=False)
    cases.open_cases(people=[without], by=COMMAND, at=NOW)
    assert [stop.sentence for stop in stops_of(movement, at=FROZEN)] == ["1 person has neither a seat nor is left out."]
    seating.propose_seats(movement=movement, by=COMMAND, at=NOW)
    (stop,) = stop_of(movement, without)
    assert stop.remedy.startswith("Ask for the travel document")
    with pytest.raises(FreezeStoppedError):
        freeze(movement=movement, by=COMMAND, at=FROZEN)
    assert not Manifest.objects.exists()
    leave_out(movement, without)
    assert freeze(movement=movement, by=COMMAND, at=FROZEN).people == 6


def test_a_hold_against_the_destination_says_only_that_the_person_does_not_travel(movement, travellers):
    protection.set_hold(person=travellers[0], reason="fears return", against=["TJK"], by=COMMAND, at=NOW)
    (stop,) = stop_of(movement, travellers[0])
    assert stop.sentence == "Not travelling."
    assert "protection" in stop.remedy
    assert "fear" not in str(stops_of(movement, at=FROZEN)).lower()


def test_a_missing_consent_form_and_a_child_alone_stop_it_and_say_what_to_do(make_person, movement):
    unsigned, child = make_person(consent=False), make_person(born=2008, alone="unaccompanied")
    cases.open_cases(people=[unsigned, child], by=COMMAND, at=NOW)
    seating.propose_seats(movement=movement, by=COMMAND, at=NOW)
    assert stop_of(movement, unsigned)[0].remedy == "Explain the journey and ask for consent."
    assert stop_of(movement, child)[0].remedy == "Decide best interests, escort and receiver."


def test_heads_that_nobody_registered_stop_it(movement, count_heads):
    count_heads(8)
    assert [stop.sentence for stop in stops_of(movement, at=FROZEN)] == [
        "2 heads were counted that nobody has registered."
    ]


def test_more_people_than_the_corridor_takes_and_a_changed_requirement_stop_it(movement, corridor_version):
    corridor_version.head_count_cap, corridor_version.requirement_changed_at = 5, NOW
    corridor_version.save()
    movement.refresh_from_db()
    sentences = [stop.sentence for stop in stops_of(movement, at=FROZEN)]
    assert "at most 5 people; 6" in sentences[1]
    assert "has changed" in sentences[0]


def test_more_buses_than_the_corridor_takes_stop_it(movement, corridor_version):
    corridor_version.vehicle_cap = movement.vehicles.count()
    corridor_version.save()
    movement.refresh_from_db()
    assert stops_of(movement, at=FROZEN) == []
    movements.add_vehicles(movement=movement, how_many=1, seats=3, by=COMMAND, at=NOW)
    n = corridor_version.vehicle_cap
    assert [stop.sentence for stop in stops_of(movement, at=FROZEN)] == [
        f"The corridor is for at most {n} vehicles; this movement has {n + 1}, and 0 go with others."
    ]


def test_a_party_that_allows_fewer_than_were_asked_for_stops_those_above(movement, corridor_version, organisations):
    Approval.objects.create(
        version=corridor_version, organisation=organisations["kz-border"], state="conditional", head_count_cap=5,
        asked_at=NOW, asked_by=COMMAND, answer_by=NOW + timedelta(hours=1), decided_at=NOW,
    )  # fmt: skip
    assert "at most 5 people; 6" in stops_of(movement, at=FROZEN)[0].sentence


def test_a_corridor_that_is_not_open_or_an_hour_outside_its_window_stops_it(
    group, crossing, movement, corridor_version, organisations
):
    Approval.objects.create(
        version=corridor_version, organisation=organisations["kz-border"], asked_at=NOW, asked_by=COMMAND,
        answer_by=FROZEN + timedelta(hours=1),
    )  # fmt: skip
    cases.set_plan(
        group=group, crossing=crossing, corridor_version=corridor_version, local_time=datetime(2020, 10, 2, 11, 0),
        zone="Asia/Almaty", queue_minutes=0, by=COMMAND, at=NOW,
    )  # fmt: skip
    with pytest.raises(FreezeStoppedError) as stopped:
        freeze(movement=movement, by=COMMAND, at=FROZEN)
    closed, outside = (stop.sentence for stop in stopped.value.stops)
    assert closed.startswith("The corridor is not open")
    assert "06:00–10:00 Tashkent" in outside


def test_a_later_change_makes_a_new_version_that_says_what_changed(movement, travellers):
    first = freeze(movement=movement, by=COMMAND, at=FROZEN)
    with pytest.raises(MovementError, match="Nothing has changed"):
        freeze(movement=movement, by=COMMAND, at=FROZEN)
    leave_out(movement, travellers[0])
    with pytest.raises(MovementError, match="Say why"):
        freeze(movement=movement, by=COMMAND, at=FROZEN)
    second = freeze(movement=movement, why="one did not come", by=COMMAND, at=FROZEN + timedelta(minutes=5))
    assert (second.number, second.people) == (2, 5)
    assert first.digest != second.digest
    (change,) = changes_between(first, second)
    assert (change.name, change.after) == (travellers[0].full_name, "")


def test_boarding_by_an_older_version_or_after_seats_changed_is_refused(movement, travellers):
    freeze(movement=movement, by=COMMAND, at=FROZEN)
    seats = [seat.public_id for seat in movement.seats.exclude(person=travellers[0])]
    leave_out(movement, travellers[0])
    with pytest.raises(MovementError, match="Freeze a new version"):
        boarding.board(movement=movement, manifest=1, seats=seats, by=COMMAND, at=FROZEN)
    freeze(movement=movement, why="one did not come", by=COMMAND, at=FROZEN)
    with pytest.raises(MovementError, match="version 2 is in force"):
        boarding.board(movement=movement, manifest=1, seats=seats, by=COMMAND, at=FROZEN)
    assert not movement.seats.filter(boarded_at__isnull=False).exists()
    assert boarding.board(movement=movement, manifest=2, seats=seats, by=COMMAND, at=FROZEN) == 5


def test_a_change_after_boarding_takes_the_movement_back_until_that_bus_is_counted_anew(boarded, travellers):
    assert boarded.state == "boarded"
    bus = boarded.seats.get(person=travellers[0]).vehicle
    leave_out(boarded, travellers[0])
    freeze(movement=boarded, why="one did not come", by=COMMAND, at=FROZEN)
    boarded.refresh_from_db()
    assert boarded.state == "planned"
    with pytest.raises(MovementError, match="do not agree"):
        count_one(boarded, bus.rank, "exited", FROZEN)
    count_one(boarded, bus.rank, "boarded", FROZEN, heads=1)
    boarded.refresh_from_db()
    assert boarded.state == "boarded"


def test_nobody_is_seated_moved_or_frozen_after_departure(boarded, travellers):
    for bus in (1, 2, 3):
        count_one(boarded, bus, "exited", FROZEN)
    with pytest.raises(MovementError, match="have left"):
        leave_out(boarded, travellers[0])
    with pytest.raises(MovementError, match="have left"):
        freeze(movement=boarded, why="late", by=COMMAND, at=FROZEN)
    with pytest.raises(MovementError, match="have left"):
        movements.call_off(movement=boarded, why="late", by=COMMAND, at=FROZEN)
    seat = boarded.seats.earliest("pk")
    with pytest.raises(MovementError, match="have left"):
        boarding.board(movement=boarded, manifest=1, seats=[seat.public_id], by=COMMAND, at=FROZEN)
    with pytest.raises(MovementError, match="have left"):
        boarding.step_down(movement=boarded, seat=seat, by=COMMAND, at=FROZEN)
    assert (boarded.manifests.count(), boarded.seats.filter(boarded_at=FROZEN).count()) == (1, 6)


def test_a_group_has_one_running_movement_and_none_without_a_corridor(group, movement):
    with pytest.raises(MovementError, match="has a movement already"):
        movements.make_movement(group=group, by=COMMAND, at=NOW)
    movements.call_off(movement=movement, why="snow", by=COMMAND, at=NOW)
    assert movements.make_movement(group=group, by=COMMAND, at=NOW).number == 2


def test_a_full_bus_takes_nobody_more(movement):
    bus = movement.vehicles.get(rank=1)
    others = movement.seats.exclude(vehicle=bus)[:2]
    with pytest.raises(MovementError, match="has 3 seats and would carry 4"):
        seating.move_seats(movement=movement, wanted={seat.public_id: bus for seat in others}, by=COMMAND, at=NOW)


def test_an_hour_outside_the_days_and_hours_of_the_corridor_stops_it_and_the_next_window_is_named(movement):
    version = movement.corridor_version
    version.hours = [Hours(("fri",), time(9), time(10)).stored()]
    version.save(update_fields=["hours"])
    (stop,) = [stop for stop in stops_of(movement, at=FROZEN) if "outside the window" in stop.sentence]
    assert "Friday, 09:00–10:00 on the clock of Tashkent" in stop.sentence
    assert "2 October 2020, 09:00–10:00 Tashkent" in stop.remedy
