"""Heads counted on the way: in order, once, with differences told and explained; and the clock of the transit."""

import functools
import uuid
from datetime import timedelta

import pytest

from notifications.messages import render
from notifications.models import Alert
from returns import boarding, freezing, movements, transit_clock
from returns.checkpoints import DifferentCheckpointError
from returns.explaining import ExplanationError, explain
from returns.models import Checkpoint
from returns.movements import MovementError
from returns.reconciliation import legs_of, open_differences
from tests.cast import COMMAND
from tests.returns.convoy import ENTERED, FROZEN, count_all, count_one

pytestmark = pytest.mark.django_db
OUT = ENTERED + timedelta(hours=4)


@pytest.fixture
def entered(boarded):
    count_all(boarded, "exited", FROZEN + timedelta(minutes=20))
    count_all(boarded, "entered", ENTERED)
    return boarded


def alarms():
    return Alert.objects.filter(kind="movement").order_by("number")


def test_a_departure_and_the_end_of_the_transit_are_told_once_in_heads_and_buses(entered, travellers):
    assert [alert.kind for alert in Alert.objects.order_by("number")] == ["movement_departed"]
    count_all(entered, "left", OUT)
    departed, arrived = Alert.objects.filter(kind__startswith="movement_").order_by("number")
    assert (departed.kind, arrived.kind) == ("movement_departed", "movement_arrived")
    assert {notice.organisation.code for notice in departed.notices.all()} == {"tj-emb-uz", "uz-border"}
    for language in ("en", "ru", "tg", "uz"):
        whole = render(departed, language).text + render(arrived, language).html
        assert str(arrived.context["heads"]) in whole
        assert not any(part in whole for person in travellers for part in (person.full_name, person.number))


def test_a_count_that_a_phone_sends_twice_is_stored_once(boarded):
    device = uuid.uuid4()
    sent = [count_one(boarded, 1, "exited", FROZEN, public_id=device)[1] for _ in range(2)]
    assert sent == [True, False]
    assert Checkpoint.objects.filter(kind="exited").count() == 1
    with pytest.raises(DifferentCheckpointError):
        count_one(boarded, 1, "exited", FROZEN, heads=1, public_id=device)


def test_the_state_is_what_the_last_bus_has_reached(boarded):
    count_one(boarded, 1, "exited", FROZEN)
    count_one(boarded, 1, "entered", FROZEN)
    boarded.refresh_from_db()
    assert boarded.state == "boarded"
    count_one(boarded, 2, "exited", FROZEN)
    count_one(boarded, 3, "exited", FROZEN)
    boarded.refresh_from_db()
    assert boarded.state == "exited"


@pytest.mark.parametrize(
    ("bus", "kind", "minutes", "match"),
    [
        (1, "left", 240, "was not counted at"),
        (1, "entered", 0, "was counted at “entered the transit country” already: 2"),
        (None, "entered", 0, "Choose the bus"),
        (1, "handed_over", 300, "leave the bus out"),
        (None, "handed_over", 300, "Not every bus has left"),
        (2, "exited", 0, "counted further on already"),
    ],
)
def test_what_comes_out_of_order_is_refused_and_changes_nothing(boarded, bus, kind, minutes, match):
    count_all(boarded, "exited", FROZEN + timedelta(minutes=20))
    count_one(boarded, 1, "entered", ENTERED)
    count_one(boarded, 2, "entered", ENTERED)
    stored = Checkpoint.objects.count()
    bus = 3 if kind == "left" else bus
    with pytest.raises(MovementError, match=match):
        count_one(boarded, bus, kind, ENTERED + timedelta(minutes=minutes))
    assert Checkpoint.objects.count() == stored


def test_a_time_before_the_last_count_or_ahead_is_refused(entered):
    with pytest.raises(MovementError, match="before the last count"):
        count_one(entered, 1, "left", ENTERED - timedelta(minutes=1), known_at=OUT)
    with pytest.raises(MovementError, match="lies in the future"):
        count_one(entered, 1, "left", OUT, known_at=ENTERED)


def test_nobody_leaves_before_everybody_is_ticked(movement):
    freezing.freeze(movement=movement, by=COMMAND, at=FROZEN)
    seats = list(movement.seats.filter(vehicle__rank=1))
    boarding.board(movement=movement, manifest=1, seats=[seats[0].public_id], by=COMMAND, at=FROZEN)
    with pytest.raises(MovementError, match="1 person of Bus 1 is not ticked"):
        count_one(movement, 1, "boarded", FROZEN)
    boarding.step_down(movement=movement, seat=seats[0], by=COMMAND, at=FROZEN)
    with pytest.raises(MovementError, match="2 people of Bus 1 are not ticked"):
        count_one(movement, 1, "boarded", FROZEN)


def test_the_transit_clock_starts_with_the_first_bus_and_ends_four_hours_later(boarded):
    count_all(boarded, "exited", FROZEN)
    count_one(boarded, 2, "entered", ENTERED)
    count_one(boarded, 1, "entered", ENTERED - timedelta(minutes=3), known_at=ENTERED)
    boarded.refresh_from_db()
    assert boarded.clock_started_at == ENTERED - timedelta(minutes=3)
    assert boarded.due_at - boarded.clock_started_at == timedelta(hours=4)
    assert transit_clock.left(boarded, at=ENTERED) == timedelta(hours=3, minutes=57)


def test_it_warns_once_before_the_end_and_alarms_once_from_the_first_second_after(entered):
    at_end = entered.due_at

    def sound(at):
        return transit_clock.sound(by=COMMAND, at=at)

    assert [sound(at_end - timedelta(minutes=31)), alarms().count()] == [0, 0]
    assert [sound(at_end - timedelta(minutes=30)), sound(at_end - timedelta(minutes=5))] == [1, 0]
    assert [sound(at_end), sound(at_end + timedelta(seconds=1)), sound(at_end + timedelta(hours=1))] == [0, 1, 0]
    near, late = alarms()
    assert "must end soon" in render(near, "en").subject
    assert "longest transit is over" in render(late, "en").subject
    assert [notice.organisation.code for notice in late.notices.order_by("organisation__code")] == [
        "tj-emb-uz",
        "uz-border",
    ]


def test_a_transit_that_ended_in_time_alarms_nobody(entered):
    count_all(entered, "left", OUT)
    assert entered.state == "left"
    assert not transit_clock.is_late(entered, at=OUT + timedelta(hours=9))
    assert transit_clock.sound(by=COMMAND, at=OUT + timedelta(hours=9)) == 0


def test_one_head_fewer_alarms_and_names_the_bus_and_never_a_person(entered, travellers):
    count_one(entered, 1, "left", OUT)
    assert not alarms().exists()
    count_one(entered, 2, "left", OUT, heads=1)
    alert = alarms().get()
    for language, bus in (("en", "Bus 2"), ("ru", "Автобус 2"), ("tg", "Автобуси 2"), ("uz", "2-avtobus")):
        message = render(alert, language)
        whole = message.subject + message.text + message.html
        assert bus in whole
        assert (language == "en") == ("counted" in whole)
        assert not any(part in whole for person in travellers for part in (person.full_name, person.number))
    assert "Bus 2: 1 counted, 2 before." in render(alert, "en").text


def test_a_recount_that_agrees_takes_the_alarm_back(entered):
    wrong, _new = count_one(entered, 2, "left", OUT, heads=1)
    right, _new = count_one(entered, 2, "left", OUT + timedelta(minutes=2))
    assert right.recount_of == wrong
    first, second = alarms()
    assert second.supersedes == first
    assert "agrees" in render(second, "en").subject
    assert open_differences(entered) == []
    with pytest.raises(MovementError, match="That count agrees"):
        count_one(entered, 2, "left", OUT + timedelta(minutes=3))


def test_the_way_is_closed_only_when_every_difference_is_explained(entered):
    count_one(entered, 1, "left", OUT, heads=1)
    for bus in (2, 3):
        count_one(entered, bus, "left", OUT)
    entered.refresh_from_db()
    with pytest.raises(MovementError, match="not explained"):
        count_one(entered, None, "handed_over", OUT, heads=5)
    (found,) = open_differences(entered)
    say = functools.partial(explain, checkpoint=found.checkpoint, by=COMMAND, at=OUT)
    with pytest.raises(ExplanationError, match="fewer than before"):
        say(kind="born", heads=1)
    with pytest.raises(ExplanationError, match="1 head is left"):
        say(kind="hospital", heads=2)
    say(kind="hospital", heads=1)
    with pytest.raises(ExplanationError, match="Nothing is left"):
        say(kind="hospital", heads=1)
    count_one(entered, None, "handed_over", OUT, heads=5)
    entered.refresh_from_db()
    assert entered.state == "handed_over"
    assert [leg.is_closed for leg in legs_of(entered)] == [True] * 5


def test_a_movement_is_closed_after_it_was_handed_over_and_nothing_is_counted_in_it_then(entered, travellers):
    with pytest.raises(MovementError, match="handed over"):
        movements.close(movement=entered, why="home", by=COMMAND, at=OUT)
    count_all(entered, "left", OUT)
    count_one(entered, None, "handed_over", OUT, heads=6)
    movements.close(movement=entered, why="home", by=COMMAND, at=OUT)
    entered.refresh_from_db()
    assert entered.ended_at == OUT
    assert not any(person.cases.filter(closed_at__isnull=True).exists() for person in travellers)
    with pytest.raises(MovementError, match="closed"):
        count_one(entered, None, "handed_over", OUT, heads=6)


def test_more_heads_at_boarding_must_be_explained_before_the_buses_leave(movement):
    freezing.freeze(movement=movement, by=COMMAND, at=FROZEN)
    seats = [seat.public_id for seat in movement.seats.all()]
    boarding.board(movement=movement, manifest=1, seats=seats, by=COMMAND, at=FROZEN)
    for bus, heads in ((1, 3), (2, 2), (3, 2)):
        count_one(movement, bus, "boarded", FROZEN, heads=heads)
    with pytest.raises(MovementError, match="difference at boarding"):
        count_one(movement, 2, "exited", FROZEN)
    assert not Alert.objects.exists()
    count_one(movement, 1, "boarded", FROZEN)
    assert count_one(movement, 2, "exited", FROZEN)[1]
