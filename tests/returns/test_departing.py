"""What keeps buses that are frozen and boarded from leaving, and who is home when a movement is closed."""

from datetime import timedelta

import pytest
from django.db.models import F

from corridors import approvals
from migrants import protection
from migrants.models import Family
from returns import boarding, explaining, movements, seating, withdrawing
from returns.absences import AbsenceError, name_absent
from returns.departing import stops_before_exit
from returns.freezing import freeze, stops_of
from returns.models import Absence, CaseReadiness, Checkpoint, Manifest, Movement, ReturnCase
from returns.movements import MovementError
from tests.cast import COMMAND, NOW
from tests.returns.convoy import ENTERED, FROZEN, count_all, count_one

pytestmark = pytest.mark.django_db
OUT = ENTERED + timedelta(hours=3)


def refused_at_the_exit(movement, match, *, at=FROZEN):
    stored = Checkpoint.objects.count()
    movement.refresh_from_db()
    with pytest.raises(MovementError, match=match):
        count_one(movement, 2, "exited", at)
    assert Checkpoint.objects.count() == stored


def test_no_bus_leaves_through_a_corridor_that_was_suspended_and_one_that_is_out_goes_on(boarded, corridor_version):
    count_one(boarded, 1, "exited", FROZEN)
    approvals.suspend(version=corridor_version, reason="order", by=COMMAND, at=FROZEN + timedelta(minutes=5))
    refused_at_the_exit(boarded, "not open .suspended", at=FROZEN + timedelta(minutes=6))
    count_one(boarded, 1, "entered", ENTERED)
    count_one(boarded, 3, "exited", FROZEN, known_at=ENTERED)  # counted before the order, and sent only now
    approvals.resume(version=corridor_version, reason="order lifted", by=COMMAND, at=ENTERED)
    count_one(boarded, 2, "exited", ENTERED)


def test_no_bus_leaves_after_a_requirement_of_the_way_has_changed(boarded, corridor_version):
    corridor_version.requirement_changed_at = FROZEN
    corridor_version.save()
    refused_at_the_exit(boarded, "requirement on the way has changed")


def test_no_bus_leaves_with_somebody_who_may_not_travel_any_more_and_none_of_those_out_is_called_back(
    boarded, travellers
):
    last = boarded.seats.select_related("person").get(person=travellers[5])
    CaseReadiness.objects.filter(case__person=last.person).update(missing=8, worst="missing")
    (stop,) = stops_before_exit(boarded, at=FROZEN)
    assert stop.person == last.person
    refused_at_the_exit(boarded, "somebody on board may not travel")
    CaseReadiness.objects.update(missing=0, unknown=16, worst="unknown")  # only the planned hour is over
    assert stops_before_exit(boarded, at=FROZEN) == []
    count_one(boarded, last.vehicle.rank, "exited", FROZEN)
    CaseReadiness.objects.filter(case__person=last.person).update(missing=8)
    assert stops_before_exit(boarded, at=FROZEN) == []


def test_a_hold_after_boarding_stops_the_buses_without_a_word_why(boarded, travellers):
    protection.set_hold(person=travellers[0], reason="fears return", against=["TJK"], by=COMMAND, at=FROZEN)
    CaseReadiness.objects.filter(case__person=travellers[0]).update(missing=2)
    (stop,) = stops_before_exit(boarded, at=FROZEN)
    assert "fear" not in f"{stop.sentence} {stop.remedy}"
    assert "hold" not in f"{stop.sentence} {stop.remedy}"


def test_who_sits_in_a_bus_that_has_left_stays_there_though_others_wait(boarded, travellers, make_person):
    count_one(boarded, 1, "exited", FROZEN)
    seat = boarded.seats.filter(vehicle__rank=1).select_related("person").first()
    with pytest.raises(MovementError, match="has left already"):
        seating.leave_out(movement=boarded, people=[seat.person], by=COMMAND, at=FROZEN)
    with pytest.raises(MovementError, match="has left already"):
        boarding.step_down(movement=boarded, seat=seat, by=COMMAND, at=FROZEN)
    assert boarded.seats.filter(boarded_at__isnull=True).count() == 0
    consent = seat.person.consents.get(purpose="return")
    with pytest.raises(withdrawing.WithdrawalError, match="have left"):
        withdrawing.take_back(consent=consent, by=COMMAND, at=FROZEN)


def arrived(boarded, heads_of_bus_2):
    """Everybody through, with so many heads left in the second bus."""
    count_all(boarded, "exited", FROZEN)
    count_all(boarded, "entered", ENTERED)
    for bus, heads in ((1, 2), (2, heads_of_bus_2), (3, 2)):
        count_one(boarded, bus, "left", OUT, heads=heads)
    return boarded.checkpoints.get(kind="left", vehicle__rank=2)


def test_closing_sends_home_only_who_arrived(boarded):
    short = arrived(boarded, 0)
    gone = [seat.person for seat in boarded.seats.filter(vehicle__rank=2).select_related("person")]
    explain = {"checkpoint": short, "heads": 1, "by": COMMAND, "at": OUT}
    sick = explaining.explain(kind="hospital", **explain)
    explaining.explain(kind="changed_mind", people=[gone[0]], **explain)
    count_one(boarded, None, "handed_over", OUT, heads=4)
    with pytest.raises(MovementError, match="1 head is explained as missing, and nobody is named"):
        movements.close(movement=boarded, why="home", by=COMMAND, at=OUT)
    assert not ReturnCase.objects.exclude(outcome="").exists()
    name_absent(difference=sick, people=[gone[1]], by=COMMAND, at=OUT)
    movements.close(movement=boarded, why="home", by=COMMAND, at=OUT)
    ended = dict(ReturnCase.objects.values_list("person", "outcome"))
    assert [ended.pop(person.pk) for person in gone] == ["changed_mind", ""]
    assert set(ended.values()) == {"home"}


def test_only_who_was_in_that_bus_is_named_as_absent_nobody_twice_and_nobody_behind_a_double_entry(boarded, travellers):
    short = arrived(boarded, 1)
    there = boarded.seats.filter(vehicle__rank=2).select_related("person").first().person
    elsewhere = boarded.seats.filter(vehicle__rank=1).select_related("person").first().person
    explain = {"checkpoint": short, "heads": 1, "by": COMMAND, "at": OUT}
    for kind, people, match in (
        ("hospital", [elsewhere], "not on the manifest of that bus"),
        ("double_entry", [there], "Name nobody"),
        ("hospital", [there, elsewhere], "so many people or fewer"),
    ):
        with pytest.raises(AbsenceError, match=match):
            explaining.explain(kind=kind, people=people, **explain)
    said = explaining.explain(kind="no_show", people=[there], **explain)
    with pytest.raises(AbsenceError, match="0 more heads"):
        name_absent(difference=said, people=[there], by=COMMAND, at=OUT)
    assert Absence.objects.get().person == there


def test_two_movements_through_one_version_share_its_cap(movement, corridor_version):
    corridor_version.head_count_cap = 10
    corridor_version.save()
    other = Manifest.objects.create(
        movement=Movement.objects.create(
            group=type(movement.group).objects.create(
                code="ZZ-0001", mission=movement.mission, crossing=movement.group.crossing, from_country="KAZ",
                to_country="UZB", waiting_since=NOW, recorded_at=NOW, by=COMMAND,
            ),
            mission=movement.mission, number=1, corridor_version=corridor_version, depart_at=movement.depart_at,
            made_at=NOW, by=COMMAND,
        ),
        mission=movement.mission, number=1, frozen_at=NOW, digest="0" * 64, people=5, by=COMMAND,
    )  # fmt: skip
    movement.refresh_from_db()
    (stop,) = stops_of(movement, at=FROZEN)
    assert "at most 10 people; 6 have a seat, and 5 travel with other movements" in stop.sentence
    movements.call_off(movement=other.movement, why="snow", by=COMMAND, at=NOW)
    assert stops_of(movement, at=FROZEN) == []


@pytest.fixture
def family(group, movement, travellers, make_person):
    """A mother and her child in the first bus."""
    family = Family.objects.create(group=group, code="F1")
    bus = movement.vehicles.get(rank=1)
    seats = list(movement.seats.filter(vehicle=bus).select_related("person"))
    type(travellers[0]).objects.filter(pk__in=[seat.person_id for seat in seats]).update(family=family)
    type(travellers[0]).objects.filter(pk=seats[1].person_id).update(birth_year=2012)
    return [movement.seats.select_related("person").get(pk=seat.pk) for seat in seats]


def test_a_child_is_parted_from_its_own_neither_by_a_move_nor_by_who_is_left_out(movement, family):
    adult, child = family
    bus = movement.vehicles.get(rank=2)
    for seat in (adult, child):
        with pytest.raises(MovementError, match="is a child and would sit"):
            seating.move_seats(movement=movement, wanted={seat.public_id: bus}, why="room", by=COMMAND, at=NOW)
    seating.leave_out(movement=movement, people=[adult.person], by=COMMAND, at=NOW)
    (stop,) = stops_of(movement, at=FROZEN)
    assert (stop.person, stop.sentence) == (
        child.person,
        "Is a child and would travel in a bus without anybody of the family.",
    )
    seating.leave_out(movement=movement, people=[child.person], by=COMMAND, at=NOW)
    assert freeze(movement=movement, by=COMMAND, at=FROZEN).people == 4


def test_grown_ups_of_a_family_sit_apart_only_for_a_reason(movement, family):
    type(family[1].person).objects.filter(pk=family[1].person_id).update(birth_year=F("birth_year") - 40)
    apart = {family[0].public_id: movement.vehicles.get(rank=2)}
    with pytest.raises(MovementError, match="Family F1 would sit in more than one bus"):
        seating.move_seats(movement=movement, wanted=apart, by=COMMAND, at=NOW)
    assert seating.move_seats(movement=movement, wanted=apart, why="stretcher", by=COMMAND, at=NOW) == 1
