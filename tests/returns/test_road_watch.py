"""While buses wait or travel: whoever is late is told of once, and so is a corridor that stands no more."""

from datetime import timedelta

import pytest

from corridors import approvals
from corridors.models import CrossingSide, StandingChange
from corridors.standing_changes import note_standing
from notifications.models import Alert
from returns import road_decisions
from returns.models import CrewMember
from returns.road_watch import assess_standing_changes, watch
from tests.cast import COMMAND
from tests.returns.convoy import ENTERED, FROZEN, count_all, count_one

pytestmark = pytest.mark.django_db


def look(at):
    return watch(by=COMMAND, at=at)


def codes(alert):
    return set(alert.notices.values_list("organisation__code", flat=True))


def test_a_late_departure_and_a_late_passage_of_the_barrier_are_told_once_each_in_buses(boarded):
    hour = boarded.depart_at
    assert look(hour + timedelta(minutes=30)) == 0
    assert (look(hour + timedelta(minutes=31)), look(hour + timedelta(minutes=40))) == (1, 0)
    count_all(boarded, "exited", hour + timedelta(minutes=45))
    count_one(boarded, 1, "entered", hour + timedelta(minutes=60))
    assert look(hour + timedelta(minutes=100)) == 0
    assert (look(boarded.corridor_version.closes_at + timedelta(seconds=1)), look(hour + timedelta(hours=9))) == (1, 0)
    first, second = Alert.objects.filter(kind="movement_late").order_by("number")
    assert (first.context["what"], first.context["counted"]) == ("departure", 0)
    assert (second.context["what"], second.context["counted"], second.context["buses"]) == ("barrier", 1, 3)
    assert {"uz-border", boarded.mission.organisation.code} <= codes(first)
    assert "person" not in str(first.context)


def test_nobody_is_late_who_is_not_on_a_manifest_or_is_through(boarded):
    count_all(boarded, "exited", FROZEN)
    count_all(boarded, "entered", ENTERED)
    assert look(ENTERED + timedelta(days=1)) == 0


def test_a_corridor_that_stops_is_told_to_mission_and_leader_and_again_when_it_opens(
    boarded, corridor_version, organisations
):
    CrewMember.objects.create(
        movement=boarded, mission=boarded.mission, role="leader", name="L", organisation=organisations["kz-border"],
        recorded_at=FROZEN, by=COMMAND,
    )  # fmt: skip
    note_standing(version=corridor_version, why="", by=COMMAND, at=FROZEN)
    assert assess_standing_changes(by=COMMAND, at=FROZEN) == 1
    count_one(boarded, 1, "exited", FROZEN)
    approvals.suspend(version=corridor_version, reason="a fire", by=COMMAND, at=ENTERED)
    assert (assess_standing_changes(by=COMMAND, at=ENTERED), assess_standing_changes(by=COMMAND, at=ENTERED)) == (1, 0)
    told = Alert.objects.get(kind="movement_halted")
    assert codes(told) == {boarded.mission.organisation.code, "kz-border"}
    assert (told.context["state"], told.context["out"], told.context["buses"]) == ("suspended", 1, 3)
    assert "a fire" not in str(told.context)
    approvals.resume(version=corridor_version, reason="over", by=COMMAND, at=ENTERED + timedelta(minutes=5))
    assess_standing_changes(by=COMMAND, at=ENTERED + timedelta(minutes=5))
    assert Alert.objects.filter(kind="movement_halted").latest("number").supersedes == told
    for was, now in (("open", "contradictory"), ("contradictory", "open")):
        StandingChange.objects.create(version=corridor_version, was=was, now=now, changed_at=ENTERED)
        assess_standing_changes(by=COMMAND, at=ENTERED + timedelta(minutes=9))
        assert Alert.objects.filter(kind="movement_halted").latest("number").context["state"] == now


def test_a_movement_that_has_turned_back_with_every_bus_is_told_of_no_more(boarded, corridor_version):
    count_one(boarded, 1, "exited", FROZEN)
    road_decisions.decide_on_the_road(
        movement=boarded,
        answer="turn_back",
        why="closed",
        vehicles=list(boarded.vehicles.all()),
        by=COMMAND,
        at=ENTERED,
    )
    assert look(ENTERED + timedelta(days=1)) == 0  # on its way home it is at no barrier
    count_all(boarded, "returned", ENTERED)
    approvals.suspend(version=corridor_version, reason="a fire", by=COMMAND, at=ENTERED)
    assess_standing_changes(by=COMMAND, at=ENTERED)
    assert not Alert.objects.filter(kind="movement_halted").exists()
    assert look(ENTERED + timedelta(days=1)) == 0


def test_whoever_cannot_be_told_about_now_ends_no_round_and_is_told_in_a_later_one(boarded):
    hour = boarded.depart_at + timedelta(minutes=31)
    known = dict(CrossingSide.objects.values_list("pk", "zone"))
    CrossingSide.objects.update(zone="Mars/Olympus")
    assert look(hour) == 0
    for side, zone in known.items():
        CrossingSide.objects.filter(pk=side).update(zone=zone)
    assert (look(hour), look(hour)) == (1, 0)
