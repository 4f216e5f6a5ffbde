"""A movement through two countries: heads counted at every border, and a transit clock for each country."""

from datetime import timedelta

import pytest

from corridors.models import BorderCrossing
from notifications.messages import render
from notifications.models import Alert
from returns import checkpoints, road_watch, transit_clock
from returns.enums import CheckpointKind
from returns.incoming import arrives_at
from returns.models import Checkpoint, Movement
from returns.movement_picture import next_count, picture_of
from returns.movements import MovementError
from returns.reconciling import reconciliation_of
from returns.road_map import road_map_of
from tests.cast import COMMAND, NOW
from tests.returns.convoy import ENTERED, FROZEN, count_all, count_one
from tests.returns.two_countries import HOUR, corridor_version, panj

__all__ = ["corridor_version", "panj"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def inside(boarded):
    """Every bus is in the first country since `ENTERED`."""
    count_all(boarded, "exited", FROZEN)
    count_all(boarded, "entered", ENTERED)
    return boarded


def sound(at):
    return transit_clock.sound(by=COMMAND, at=at)


def test_every_border_is_counted_in_its_order_and_a_wrong_one_changes_nothing(inside):
    later = ENTERED + HOUR
    for kind, words in (
        ("entered_2", "not counted at “left: Uzbekistan” yet"),
        ("left", "not counted at “entered: Tajikistan” yet"),
        ("left_2", "leads through 2 countries"),
    ):
        before = Checkpoint.objects.count()
        with pytest.raises(MovementError, match=words):
            count_one(inside, 1, kind, later)
        assert Checkpoint.objects.count() == before
    count_one(inside, 1, "left_1", later)
    with pytest.raises(MovementError, match="before the last count"):
        count_one(inside, 1, "entered_2", ENTERED, known_at=later)
    assert next_count(picture_of(inside, at=later)) == ("left_1", inside.vehicles.get(rank=2))


def test_a_way_through_one_country_has_no_border_inside(boarded):
    boarded.corridor_version.corridor.further_countries = []
    with pytest.raises(MovementError, match="leads through 1 country"):
        checkpoints._refuse_strange(boarded, boarded.vehicles.first(), CheckpointKind.LEFT_1, 2)


def test_each_country_has_its_own_clock_which_warns_and_alarms_once_with_its_country_and_hours(inside):
    (first,) = inside.leg_clocks.all()
    assert (first.country, first.due_at, first.entered_at) == ("UZB", ENTERED + 2 * HOUR, ENTERED)
    assert (inside.due_at, inside.way_ends_at) == (first.due_at, ENTERED + 5 * HOUR)
    assert [sound(first.due_at - 31 * timedelta(minutes=1)), sound(first.due_at), sound(first.due_at)] == [0, 1, 0]
    out = first.due_at + timedelta(minutes=1)
    count_one(inside, 1, "left_1", out)
    count_one(inside, 1, "entered_2", out)
    assert [sound(out), sound(out)] == [1, 0]
    inside.refresh_from_db()
    assert (inside.state, inside.left_at, inside.alarmed_at, inside.due_at) == ("entered", None, out, first.due_at)
    near, late = Alert.objects.filter(kind="movement").order_by("pk")
    for language, country in (("en", "Uzbekistan"), ("ru", "Узбекистан"), ("tg", "Ӯзбекистон"), ("uz", "Oʻzbekiston")):
        message = render(late, language)
        assert country in message.text
        assert country in message.html
    assert "Dushanbe" in render(near, "en").text
    assert "Kabul" not in render(near, "en").text


def test_the_next_country_has_all_its_hours_and_the_way_ends_with_the_last(inside, panj):
    out = ENTERED + HOUR
    count_all(inside, "left_1", out)
    assert (inside.state, inside.due_at, inside.way_ends_at) == ("entered", None, out + 3 * HOUR)
    assert sound(out + 5 * HOUR) == 0
    into = out + HOUR
    count_all(inside, "entered_2", into)
    assert (inside.due_at, arrives_at(inside)) == (into + 3 * HOUR, into + 3 * HOUR)
    first, second = picture_of(inside, at=into).crossed
    assert (first.is_late, first.left) == (False, HOUR)
    assert first.zones == ("Asia/Almaty", "Asia/Tashkent", "Asia/Dushanbe")
    assert (second.left, second.zones) == (3 * HOUR, ("Asia/Tashkent", "Asia/Dushanbe", "Asia/Kabul"))
    BorderCrossing.objects.update(latitude=41, longitude=69)
    there = Movement.objects.get(pk=inside.pk)
    labels = str(road_map_of(picture_of(there, at=into)))
    assert "UZ-TJ-01 3 buses" in labels
    assert "TJ-AF-01'" in labels
    count_all(inside, "left", into + 4 * HOUR)
    assert (inside.state, inside.left_at, transit_clock.is_late(inside, at=NOW)) == ("left", into + 4 * HOUR, True)
    assert sound(into + 5 * HOUR) == 0


def test_counts_are_reconciled_border_by_border_and_each_freezes_its_stage(inside):
    count_all(inside, "left_1", ENTERED + HOUR)
    count_one(inside, 1, "entered_2", ENTERED + HOUR, heads=1)
    found = reconciliation_of(inside)
    assert [point.words for point in found.points] == [
        "boarded", "exit control passed", "entered: Uzbekistan", "left: Uzbekistan", "entered: Tajikistan",
        "left: Tajikistan", "handed over",
    ]  # fmt: skip
    assert [words for words, _stage in found.stages] == [point.words for point in found.points[:4]]
    assert [(each.where, each.open) for each in found.explained] == [("entered: Tajikistan", 1)]
    words, counted = found.lines[0].cells[4]
    assert (words, counted and counted.heads) == ("entered: Tajikistan", 1)


def test_buses_that_are_out_of_one_country_and_late_into_the_next_are_told_once_at_that_border(inside):
    out = ENTERED + HOUR
    count_all(inside, "left_1", out)
    count_one(inside, 1, "entered_2", out)
    due = out + road_watch.ONWARD
    assert [road_watch.watch(by=COMMAND, at=due), road_watch.watch(by=COMMAND, at=due + HOUR)] == [0, 1]
    assert road_watch.watch(by=COMMAND, at=due + HOUR) == 0
    text = render(Alert.objects.get(kind="movement_late"), "en").text
    assert "counted there so far: 1 of 3" in text
    assert text.count("Dushanbe") == text.count("Tashkent") == 1
