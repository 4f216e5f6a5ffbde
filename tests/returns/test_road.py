"""On the road: who stays behind, buses that wait or go on, the crew with its papers, the stages of a manifest."""

from datetime import date, timedelta
from typing import Any

import pytest

from common import clock
from corridors import approvals
from migrants.group_moves import Going
from migrants.models import Family, Migrant, TravelGroup
from notifications.models import Alert
from partners.enums import Role
from returns import (
    boarding,
    case_stages,
    crew,
    ending,
    explaining,
    freezing,
    movements,
    moving,
    person_history,
    road_decisions,
    seating,
    taking_off,
    transit_clock,
    withdrawing,
)
from returns.absences import name_absent
from returns.crew import CrewError
from returns.departing import stops_before_exit
from returns.models import CaseReadiness, CrewMember, Movement, ReturnCase
from returns.movements import MovementError
from returns.reconciling import reconciliation_of
from returns.road_decisions import RoadDecisionError
from returns.withdrawing import WithdrawalError
from tests.cast import COMMAND
from tests.returns.convoy import ENTERED, FROZEN, count_all, count_one

pytestmark = pytest.mark.django_db
OUT = ENTERED + timedelta(hours=3)
NAMES: dict[str, Any] = {"by": COMMAND, "at": FROZEN}


@pytest.fixture
def two_families(group, boarded):
    """Mother and child in the first bus, and in the second; of each the child has tested positive since."""
    families = []
    for rank in (1, 2):
        family = Family.objects.create(group=group, code=f"F{rank}")
        seats = list(boarded.seats.filter(vehicle__rank=rank).order_by("pk"))
        Migrant.objects.filter(pk__in=[seat.person_id for seat in seats]).update(family=family)
        Migrant.objects.filter(pk=seats[1].person_id).update(birth_year=2012)
        CaseReadiness.objects.filter(case__person__in=[seat.person_id for seat in seats]).update(missing=8)
        families.append(list(Migrant.objects.filter(family=family).order_by("pk")))
    return families


def test_two_positive_results_after_boarding_split_two_families_off_and_the_others_travel(boarded, two_families, group):
    kept_back = [person for family in two_families for person in family]
    with pytest.raises(MovementError, match="may not travel"):
        count_one(boarded, 1, "exited", FROZEN)
    children = [family[1] for family in two_families]
    with pytest.raises(MovementError, match="Say why"):
        taking_off.take_off(movement=boarded, people=children, why=" ", **NAMES)
    assert taking_off.take_off(movement=boarded, people=children, why="two results", **NAMES) == 4
    seats = [seat.public_id for seat in boarded.seats.filter(vehicle__isnull=False)]
    with pytest.raises(MovementError, match="Freeze a new version"):
        boarding.board(movement=boarded, manifest=1, seats=seats, **NAMES)
    second = freezing.freeze(movement=boarded, why="four stay", **NAMES)
    assert (second.people, boarded.seats.filter(boarded_at__isnull=False).count()) == (2, 2)
    for bus in (1, 2):
        count_one(boarded, bus, "boarded", FROZEN, heads=0)
    moving.split(from_group=group, going=Going(tuple(kept_back)), why="two results", **NAMES)
    for point, at in (("exited", FROZEN), ("entered", ENTERED), ("left", OUT)):
        for bus, heads in ((1, 0), (2, 0), (3, 2)):
            count_one(boarded, bus, point, at, heads=heads)
    boarded.refresh_from_db()
    assert boarded.state == "left"
    assert ReturnCase.objects.open().filter(person__in=kept_back).count() == 4


def test_nobody_takes_a_mother_off_and_leaves_her_child_on_board(boarded, two_families):
    mother = two_families[0][0]
    with pytest.raises(MovementError, match="would travel on without anybody"):
        taking_off.take_off(movement=boarded, people=[mother], with_families=False, why="ill", **NAMES)
    assert boarded.seats.filter(vehicle__isnull=True).count() == 0


def test_a_suspended_corridor_is_passed_only_by_the_word_of_a_party_and_a_later_stop_asks_anew(
    boarded, corridor_version, organisations
):
    border = organisations["uz-border"]
    approvals.suspend(version=corridor_version, reason="order", **NAMES)
    said: dict[str, Any] = {
        "movement": boarded,
        "why": "the post was told",
        "by": COMMAND,
        "at": FROZEN + timedelta(minutes=2),
    }
    for wrong, field in (
        ({"authority": None, "reference": "call 14:10"}, "authority"),
        ({"authority": organisations["kz-border"], "reference": "call 14:10"}, "authority"),
        ({"authority": border, "reference": " "}, "reference"),
    ):
        with pytest.raises(RoadDecisionError) as refused:
            road_decisions.decide_on_the_road(answer="go_on", **said, **wrong)
        assert refused.value.field == field
    road_decisions.decide_on_the_road(answer="wait", **said)
    assert stops_before_exit(boarded, at=FROZEN + timedelta(minutes=3))
    road_decisions.decide_on_the_road(answer="go_on", authority=border, reference="call 14:10", **said)
    count_one(boarded, 1, "exited", FROZEN + timedelta(minutes=3))
    approvals.resume(version=corridor_version, reason="lifted", by=COMMAND, at=FROZEN + timedelta(minutes=4))
    approvals.suspend(version=corridor_version, reason="again", by=COMMAND, at=FROZEN + timedelta(minutes=5))
    with pytest.raises(MovementError, match="not open"):
        count_one(boarded, 2, "exited", FROZEN + timedelta(minutes=6))


def test_a_driver_whose_paper_nobody_has_seen_or_that_ends_too_early_stops_the_manifest(movement):
    bus = movement.vehicles.get(rank=1)
    with pytest.raises(CrewError, match="Choose the bus"):
        crew.add_to_crew(movement=movement, role="driver", name="Ронанда", **NAMES)
    driver = crew.add_to_crew(movement=movement, role="driver", name=" Ронанда  Як ", vehicle=bus, **NAMES)
    assert [stop.sentence for stop in freezing.stops_of(movement, at=FROZEN)] == [
        "Nobody has checked the paper of Ронанда Як, who drives Bus 1."
    ]
    with pytest.raises(CrewError, match="kind and number of the paper first"):
        crew.check_paper(member=driver, **NAMES)
    driver.document_kind, driver.document_number, driver.document_until = "licence", "1", date(2020, 10, 1)
    driver.save()
    with pytest.raises(CrewError, match="ends before the arrival"):
        crew.check_paper(member=driver, **NAMES)
    CrewMember.objects.update(document_until=date(2020, 10, 2))
    crew.check_paper(member=driver, **NAMES)
    assert freezing.stops_of(movement, at=FROZEN) == []
    assert crew.not_named(movement) == ["driver of Bus 2", "driver of Bus 3", "who leads the movement"]
    crew.add_to_crew(movement=movement, role="leader", name="Роҳбар", **NAMES)
    with pytest.raises(CrewError, match="has a leader already"):
        crew.add_to_crew(movement=movement, role="leader", name="Дигар", **NAMES)


def test_each_stage_is_frozen_once_when_its_point_is_counted_and_explained(boarded):
    newest = boarded.manifests.get()

    def stages():
        return [(row.stage, row.heads) for row in newest.stages.all()]

    assert stages() == [("boarded", 6)]
    count_all(boarded, "exited", FROZEN)
    count_all(boarded, "entered", ENTERED)
    for bus, heads in ((1, 2), (2, 1), (3, 2)):
        count_one(boarded, bus, "left", OUT, heads=heads)
    assert [stage for stage, _heads in stages()] == ["boarded", "exited", "entered"]
    short = boarded.checkpoints.get(kind="left", vehicle__rank=2)
    said = explaining.explain(checkpoint=short, kind="hospital", heads=1, by=COMMAND, at=OUT)
    assert stages()[-1] == ("left", 5)
    gone = boarded.seats.filter(vehicle__rank=2).select_related("person").first().person
    name_absent(difference=said, people=[gone], by=COMMAND, at=OUT)
    count_one(boarded, None, "handed_over", OUT, heads=5)
    assert stages()[-1] == ("handed_over", 5)
    assert len({row.digest for row in newest.stages.all()}) == 5
    picture = reconciliation_of(boarded)
    assert (picture.is_closed, picture.listed, picture.registered) == (True, 6, 6)
    ((_said, (absence,)),) = picture.explained[0].why
    assert absence.person == gone


def test_the_pages_of_the_road_say_what_stops_the_buses_and_who_drives(boarded, two_families, sign_in):
    browser, here = sign_in(Role.COORDINATOR), f"/movements/{boarded.public_id}/"
    page = browser.get(here).content.decode()
    assert "The buses may not leave" in page
    assert "Take these and their families off (4)" in page
    asked = [str(person.public_id) for family in two_families for person in family]
    done = browser.post(f"{here}take-off/", {"person": asked, "why": "two results"}, follow=True)
    assert "4 people stay behind." in done.content.decode()
    bus = boarded.vehicles.get(rank=3)
    said: dict[str, Any] = {
        "role": "driver",
        "vehicle": str(bus.public_id),
        "name": "Ронанда",
        "document_kind": "licence",
    }
    added = browser.post(f"{here}crew/", {**said, "document_number": "77"}, follow=True)
    assert "not checked" in added.content.decode()
    member = CrewMember.objects.get()
    checked = browser.post(f"{here}crew/{member.public_id}/checked/", follow=True)
    assert "I have seen the paper" not in checked.content.decode()
    counts = browser.get(f"{here}reconciliation/").content.decode()
    assert "All counts against each other" in counts
    assert browser.post(f"{here}crew/", {"role": "driver", "name": "X"}).status_code == 422


def test_a_bus_turns_back_and_the_others_are_home_its_people_wait_again_and_nobodys_case_ends(boarded, travellers):
    def decide(*ranks, answer="turn_back", at=OUT):
        buses = list(boarded.vehicles.filter(rank__in=ranks))
        said = {"movement": boarded, "answer": answer, "why": "the ministry has withdrawn"}
        return road_decisions.decide_on_the_road(**said, vehicles=buses, by=COMMAND, at=at)

    with pytest.raises(RoadDecisionError, match="No bus has left yet"):
        decide(3, at=FROZEN)
    for bus in (1, 2):
        count_one(boarded, bus, "exited", FROZEN)
        count_one(boarded, bus, "entered", ENTERED)
    with pytest.raises(MovementError, match="Nobody has decided"):
        count_one(boarded, 3, "returned", ENTERED)
    with pytest.raises(RoadDecisionError, match="Choose the buses"):
        decide()
    decide(3, at=ENTERED)
    with pytest.raises(RoadDecisionError, match="turns back already"):
        decide(3)
    with pytest.raises(MovementError, match="Count it when it is back"):
        count_one(boarded, 3, "exited", OUT)
    boarded.refresh_from_db()
    assert boarded.state == "entered"
    stay = set(boarded.seats.filter(vehicle__rank=3).values_list("person", flat=True))
    assert CaseReadiness.objects.filter(is_to_pass=True).count() == 0
    row, _new = count_one(boarded, 3, "returned", ENTERED, heads=1)
    assert set(CaseReadiness.objects.filter(is_to_pass=True).values_list("person_id", flat=True)) == stay
    for bus in (1, 2):
        count_one(boarded, bus, "left", OUT)
    with pytest.raises(RoadDecisionError, match="has left the transit country already"):
        decide(1)
    count_one(boarded, None, "handed_over", OUT, heads=4)
    boarded.refresh_from_db()
    gone_on = {person.pk for person in travellers} - stay
    inside, outside = (Migrant.objects.filter(pk__in=keys).earliest("pk") for keys in (gone_on, stay))
    told = [{entry["words"] for entry in person_history.of_person(one, most=50)} for one in (inside, outside)]
    assert [{words for words in each if "handed over" in words or "turned back" in words} for each in told] == [
        {"the movement was handed over"}, {"their bus turned back"},
    ]  # fmt: skip
    with pytest.raises(MovementError, match="not explained yet"):
        movements.close(movement=boarded, why="received", by=COMMAND, at=OUT)
    gone = [boarded.seats.filter(vehicle__rank=3).first().person]
    explaining.explain(checkpoint=row, kind="changed_mind", heads=1, people=gone, by=COMMAND, at=OUT)
    found = reconciliation_of(boarded)
    assert [(leg.kind, leg.heads) for leg in found.points][-2:] == [("handed_over", 4), ("returned", 1)]
    assert found.is_closed
    assert [stage.stage for _words, stage in found.stages][-1] == "returned"
    movements.close(movement=boarded, why="received", by=COMMAND, at=OUT)
    ended = dict(ReturnCase.objects.filter(person__in=travellers).values_list("person", "outcome"))
    assert sorted(outcome for key, outcome in ended.items() if key not in stay) == ["home"] * 4
    assert sorted(ended[key] for key in stay) == ["", "changed_mind"]


def test_a_bus_that_nobody_counted_before_it_turned_is_counted_by_its_seats(boarded):
    count_one(boarded, 1, "exited", FROZEN)
    boarded.checkpoints.filter(vehicle__rank=3).delete()
    said = {"movement": boarded, "answer": "turn_back", "why": "closed", "vehicles": [boarded.vehicles.get(rank=3)]}
    road_decisions.decide_on_the_road(**said, by=COMMAND, at=ENTERED)
    row, _new = count_one(boarded, 3, "returned", OUT)
    assert row.expected == 2


def test_nobody_calls_a_movement_off_whose_first_bus_has_left_and_the_page_says_which_bus_waits(
    boarded, corridor_version, sign_in
):
    count_one(boarded, 1, "exited", FROZEN)
    count_one(boarded, 1, "entered", ENTERED)
    with pytest.raises(MovementError, match="A bus has left already"):
        movements.call_off(movement=boarded, why="late", by=COMMAND, at=ENTERED)
    boarded.refresh_from_db()
    assert (boarded.state, boarded.ended_at) == ("boarded", None)
    type(corridor_version).objects.update(requirement_changed_at=FROZEN)
    clock.set_to(ENTERED)
    words = sign_in(Role.COORDINATOR).get(f"/movements/{boarded.public_id}/").content.decode()
    assert "Not to leave now: Bus 2, Bus 3" in words
    assert "Call the movement off" not in words


def test_a_movement_that_turned_back_with_every_bus_ends_without_sending_anybody_home(boarded, travellers, group):
    count_one(boarded, 1, "exited", FROZEN)
    said = {"movement": boarded, "answer": "turn_back", "why": "closed", "vehicles": list(boarded.vehicles.all())}
    road_decisions.decide_on_the_road(**said, by=COMMAND, at=ENTERED)
    boarded.refresh_from_db()
    assert boarded.state == "exited"
    count_all(boarded, "returned", OUT)
    assert boarded.state == "turned_back"
    assert CaseReadiness.objects.filter(is_to_pass=True).count() == len(travellers)
    assert not Alert.objects.filter(kind="movement_departed").exists()
    movements.close(movement=boarded, why="tomorrow again", by=COMMAND, at=OUT)
    assert ReturnCase.objects.open().filter(person__in=travellers).count() == len(travellers)
    with pytest.raises(RoadDecisionError, match="is over"):
        road_decisions.decide_on_the_road(**said, by=COMMAND, at=OUT)
    assert movements.make_movement(group=group, by=COMMAND, at=OUT).number == 2


def turned(movement, *ranks, at):
    """These buses turn back."""
    buses = list(movement.vehicles.filter(rank__in=ranks))
    said = {"movement": movement, "answer": "turn_back", "why": "closed", "vehicles": buses}
    road_decisions.decide_on_the_road(**said, by=COMMAND, at=at)


def test_the_clock_sounds_once_for_a_bus_that_is_still_inside_and_never_for_one_that_was_not(boarded):
    count_all(boarded, "exited", FROZEN)
    for bus in (1, 2):
        count_one(boarded, bus, "entered", ENTERED)
    turned(boarded, 2, 3, at=ENTERED)
    count_one(boarded, 1, "left", OUT)
    boarded.refresh_from_db()
    late = boarded.due_at + timedelta(minutes=1)
    assert (transit_clock.sound(by=COMMAND, at=late), transit_clock.sound(by=COMMAND, at=late)) == (1, 0)
    boarded.refresh_from_db()
    assert (boarded.warned_at, boarded.alarmed_at) == (None, late)
    Movement.objects.update(alarmed_at=None)
    count_one(boarded, 2, "returned", late)
    assert transit_clock.sound(by=COMMAND, at=late) == 0


def test_whoever_is_back_at_the_crossing_is_not_on_the_road_and_may_change_their_mind(boarded):
    count_all(boarded, "exited", FROZEN)
    turned(boarded, 1, at=ENTERED)
    one, other = [seat.person for seat in boarded.seats.filter(vehicle__rank=1).select_related("person")]
    stage = case_stages.with_stage(one.cases.all(), at=OUT).values_list("stage", flat=True)
    with pytest.raises(WithdrawalError, match="buses have left"):
        withdrawing.take_back(consent=one.consents.get(purpose="return"), by=COMMAND, at=ENTERED)
    assert list(stage.all()) == ["on_the_way"]
    count_one(boarded, 1, "returned", OUT)
    assert list(stage.all()) == ["ready"]
    assert withdrawing.take_back(consent=one.consents.get(purpose="return"), by=COMMAND, at=OUT).case_closed
    there = TravelGroup.objects.create(
        code="ZZ-0930", mission=boarded.mission, crossing=boarded.group.crossing, from_country="KAZ", to_country="UZB",
        waiting_since=OUT, recorded_at=OUT, by=COMMAND,
    )  # fmt: skip
    moving.move(from_group=boarded.group, to_group=there, going=Going((other,)), why="a bus", by=COMMAND, at=OUT)
    ended = ending.end_case(person=other, outcome="other_country", why="called us", by=COMMAND, at=OUT)
    assert ended.outcome == "other_country"


def test_whoever_came_back_takes_no_place_of_those_that_were_agreed(boarded, corridor_version, group):
    count_all(boarded, "exited", FROZEN)
    turned(boarded, 1, at=ENTERED)
    count_one(boarded, 1, "returned", ENTERED)
    for point in ("entered", "left"):
        for bus in (2, 3):
            count_one(boarded, bus, point, OUT)
    count_one(boarded, None, "handed_over", OUT, heads=4)
    movements.close(movement=boarded, why="received", by=COMMAND, at=OUT)
    corridor_version.head_count_cap, corridor_version.vehicle_cap = 6, 3
    corridor_version.save()
    again = movements.make_movement(group=group, by=COMMAND, at=OUT)
    movements.add_vehicles(movement=again, how_many=1, seats=3, by=COMMAND, at=OUT)
    assert seating.propose_seats(movement=again, by=COMMAND, at=OUT) == 2
    assert not [stop.sentence for stop in freezing.stops_of(again, at=OUT) if "at most" in stop.sentence]
