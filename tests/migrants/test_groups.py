"""Groups are opened before anybody is registered; head counts are observations, each stored once."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from common.models import AuditEntry
from migrants import groups
from migrants.groups import Counted
from migrants.models import HeadCount, Migrant, TravelGroup
from tests.cast import COMMAND, NOW

FULL = Counted(
    counted_at=NOW, males=86, females=16, children_5_17=6, children_under_5=2, children_alone=2,
    needs=("water", "blankets", "food"), mood="tense",
)  # fmt: skip


@pytest.fixture
def opened(crossing, mission):
    def open_one(**changed):
        asked = {
            "crossing": crossing, "from_country": "KAZ", "to_country": "UZB", "waiting_since": NOW - timedelta(days=3),
            "source": "embassy desk", "confidence": "plausible", "mission": mission, "by": COMMAND, "at": NOW,
        }  # fmt: skip
        return groups.open_group(**asked | changed)

    return open_one


def test_a_group_is_named_by_place_and_local_day(opened):
    assert opened().code == "ZZ-0928"


def test_the_local_day_is_that_of_the_side_where_they_wait(opened):
    late_in_almaty = NOW.replace(day=28, month=9, hour=19)
    assert opened(waiting_since=late_in_almaty).code == "ZZ-0929"


def test_the_second_group_of_a_day_gets_a_counter(opened):
    assert [opened().code, opened().code, opened().code] == ["ZZ-0928", "ZZ-0928-2", "ZZ-0928-3"]


def test_the_same_public_id_opens_nothing_twice(opened):
    asked = uuid4()
    assert opened(public_id=asked) == opened(public_id=asked)
    assert TravelGroup.objects.count() == 1


def test_a_group_with_an_estimate_exists_before_any_person(opened, mission):
    group = opened()
    groups.record_head_count(
        group=group, counted=Counted(counted_at=NOW, total=38, exact=False), mission=mission, by=COMMAND, at=NOW
    )
    assert groups.latest_counts([group])[group.pk].total == 38
    assert Migrant.objects.count() == 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"to_country": "KAZ"}, "crossing"),
        ({"from_country": "DEU", "to_country": "FRA"}, "crossing"),
        ({"waiting_since": NOW + timedelta(hours=1)}, "waiting_since"),
    ],
)
def test_a_group_that_cannot_be_is_refused_with_the_field(opened, changed, field):
    with pytest.raises(groups.GroupError) as caught:
        opened(**changed)
    assert caught.value.field == field
    assert TravelGroup.objects.count() == 0


def test_a_count_adds_up_by_sex(group, mission):
    row, created = groups.record_head_count(group=group, counted=FULL, mission=mission, by=COMMAND, at=NOW)
    assert (created, row.total, row.children, row.needs) == (True, 102, 8, ["blankets", "food", "water"])


def test_a_count_by_age_adds_up_too(group, mission):
    counted = Counted(counted_at=NOW, men=78, women=16, children_5_17=6, children_under_5=2)
    assert groups.record_head_count(group=group, counted=counted, mission=mission, by=COMMAND, at=NOW)[0].total == 102


def test_the_same_device_id_is_stored_once(group, mission):
    asked = {"public_id": uuid4(), "group": group, "counted": FULL, "mission": mission, "by": COMMAND}
    first, created = groups.record_head_count(**asked, at=NOW)
    again, created_again = groups.record_head_count(**asked, at=NOW + timedelta(hours=1))
    assert (first, created, created_again) == (again, True, False)
    assert AuditEntry.objects.filter(verb="group counted").count() == 1


def test_the_same_device_id_with_other_numbers_is_refused(group, mission):
    asked = {"public_id": uuid4(), "group": group, "mission": mission, "by": COMMAND, "at": NOW}
    groups.record_head_count(counted=FULL, **asked)
    with pytest.raises(groups.DifferentCountError):
        groups.record_head_count(counted=replace(FULL, males=87), **asked)
    assert HeadCount.objects.get().males == 86


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"males": None, "females": None, "children_5_17": None, "children_under_5": None}, "males"),
        ({"children_5_17": 200}, "children_5_17"),
        ({"children_alone": 9}, "children_alone"),
        ({"men": 3}, "men"),
        ({"total": 100}, "males"),
        ({"counted_at": NOW + timedelta(hours=1)}, "counted_at"),
        ({"needs": ("gold",)}, "needs"),
        ({"note": "x" * 2001}, "note"),
    ],
)
def test_numbers_that_do_not_agree_are_refused_with_the_field(group, mission, changed, field):
    with pytest.raises(groups.GroupError) as caught:
        groups.record_head_count(group=group, counted=replace(FULL, **changed), mission=mission, by=COMMAND, at=NOW)
    assert caught.value.field == field
    assert not HeadCount.objects.exists()


def test_the_database_refuses_a_count_that_does_not_add_up(group, mission):
    with pytest.raises(IntegrityError), transaction.atomic():
        HeadCount.objects.create(
            group=group, mission=mission, counted_at=NOW, recorded_at=NOW, total=5, males=1, females=1, by=COMMAND
        )


def test_the_newest_observation_counts_whatever_came_in_last(group, mission):
    for hours, males in ((1, 64), (5, 38)):
        counted = Counted(counted_at=NOW - timedelta(hours=hours), males=males, females=0)
        groups.record_head_count(group=group, counted=counted, mission=mission, by=COMMAND, at=NOW)
    assert groups.latest_counts([group.pk])[group.pk].total == 64


def test_opening_and_its_audit_row_stand_or_fall_together(opened, monkeypatch):
    monkeypatch.setattr("common.audit.record", lambda *args, **named: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        opened()
    assert TravelGroup.objects.count() == 0
