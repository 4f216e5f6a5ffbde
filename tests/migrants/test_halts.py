"""The mood of a halt is kept look by look, and the way to it leg by leg (what a border asks of a group)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from common.models import AuditEntry
from migrants import groups, moods, travelled
from migrants.groups import family_of
from migrants.models import MoodSeen, TravelGroup, TravelledLeg
from migrants.travelled import Leg, LegError
from tests.cast import COMMAND, NOW

EARLIER = NOW - timedelta(hours=5)


@pytest.fixture
def see(group):
    """`see("tense")` writes a look down."""

    def look(mood, **changed):
        asked = {"group": group, "mood": mood, "seen_at": NOW, "mission": group.mission, "by": COMMAND, "at": NOW}
        return moods.record_mood(**asked | changed)

    return look


@pytest.fixture
def add(group):
    """`add("RUS", "Samara")` writes a leg down at the end of the group's way."""

    def leg(country, place="", **changed):
        asked = {name: changed.pop(name) for name in ("of", "before") if name in changed}
        return travelled.add_leg(group=group, leg=Leg(country, place, **changed), by=COMMAND, at=NOW, **asked)

    return leg


def test_a_mood_is_never_overwritten(group, see):
    see("calm", seen_at=EARLIER)
    see("tense", note="no water since noon")
    assert [(look.mood, look.note) for look in moods.moods_of(group, most=9)] == [
        ("tense", "no water since noon"), ("calm", ""),
    ]  # fmt: skip
    assert AuditEntry.objects.filter(verb="mood seen").count() == 2


def test_a_mood_that_was_seen_with_a_count_stands_among_the_others(group, see):
    see("calm", seen_at=EARLIER)
    counted = groups.Counted(counted_at=NOW, total=102, mood="angry")
    groups.record_head_count(group=group, counted=counted, mission=group.mission, by=COMMAND, at=NOW)
    assert [(look.mood, look.counted) for look in moods.moods_of(group, most=9)] == [("angry", 102), ("calm", None)]
    assert moods.latest_moods([group.pk])[group.pk].mood == "angry"


def test_the_latest_look_counts_whatever_was_written_last(group, see):
    see("tense")
    see("calm", seen_at=EARLIER)
    assert moods.latest_moods([group.pk])[group.pk].mood == "tense"


def test_the_same_look_sent_twice_is_stored_once(see):
    asked = uuid4()
    assert [see("tense", public_id=asked)[1], see("tense", public_id=asked)[1]] == [True, False]
    with pytest.raises(moods.MoodError) as caught:
        see("calm", public_id=asked)
    assert (caught.value.field, MoodSeen.objects.get().mood) == ("public_id", "tense")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"mood": ""}, "mood"),
        ({"mood": "merry"}, "mood"),
        ({"note": "x" * 501}, "note"),
        ({"seen_at": NOW + timedelta(hours=1)}, "seen_at"),
        ({"seen_at": NOW - timedelta(days=9)}, "seen_at"),
    ],
)
def test_a_mood_that_cannot_be_is_refused_with_the_field(see, changed, field):
    with pytest.raises(moods.MoodError) as caught:
        see(changed.pop("mood", "calm"), **changed)
    assert caught.value.field == field
    assert not MoodSeen.objects.exists()


def test_the_first_leg_is_where_they_come_from(group, add):
    last = add("KAZ", "Aktobe", mode="bus", left_on=date(2020, 9, 27))
    add("RUS", "Samara", before=last, mode="train", left_on=date(2020, 9, 25), arrived_on=date(2020, 9, 26))
    assert [(leg.place, leg.country) for leg in group.legs.all()] == [("Samara", "RUS"), ("Aktobe", "KAZ")]
    assert travelled.origins_of([group.pk])[group.pk].place == "Samara"


def test_a_leg_may_be_known_by_its_country_alone(add):
    leg = add("RUS")
    assert (leg.place, leg.mode, leg.left_on, leg.arrived_on) == ("", "unknown", None, None)


def test_a_family_that_came_another_way_has_legs_of_its_own(group, add):
    family = family_of(group=group, codes=["F1"])["F1"]
    add("RUS", "Moscow")
    add("BLR", "Brest", of=family)
    assert travelled.origins_of([group.pk])[group.pk].place == "Moscow"
    assert group.legs.filter(family=family).get().rank == 1


def test_a_leg_taken_away_by_mistake_is_still_in_the_history(group, add):
    leg = add("RUS", "Samara")
    for _ in range(2):
        travelled.remove_leg(leg=leg, by=COMMAND, at=NOW)
    assert not group.legs.exists()
    assert AuditEntry.objects.filter(verb="leg travelled taken away").count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"country": "XYZ"}, "country"),
        ({"country": "XXA"}, "country"),
        ({"place": "x" * 121}, "place"),
        ({"mode": "camel"}, "mode"),
        ({"left_on": NOW.date() + timedelta(days=5)}, "left_on"),
        ({"left_on": date(1990, 1, 1)}, "left_on"),
        ({"left_on": date(2020, 9, 26), "arrived_on": date(2020, 9, 25)}, "arrived_on"),
    ],
)
def test_a_leg_that_cannot_be_is_refused_with_the_field(add, changed, field):
    with pytest.raises(LegError) as caught:
        add(changed.pop("country", "RUS"), **changed)
    assert caught.value.field == field
    assert not TravelledLeg.objects.exists()


def test_a_leg_of_somebody_in_another_group_is_refused(add, group):
    other = TravelGroup.objects.create(
        code="ZZ-0930", mission=group.mission, crossing=group.crossing, from_country="KAZ", to_country="UZB",
        waiting_since=NOW, recorded_at=NOW, by=COMMAND,
    )  # fmt: skip
    with pytest.raises(LegError):
        add("RUS", of=family_of(group=other, codes=["F1"])["F1"])
    with pytest.raises(LegError):
        add("RUS", before=travelled.add_leg(group=other, leg=Leg("RUS"), by=COMMAND, at=NOW))
