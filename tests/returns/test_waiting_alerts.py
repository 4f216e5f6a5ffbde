"""A group that waits too long is said aloud, once for each threshold."""

from datetime import timedelta

import pytest
from django.db import transaction

from migrants.models import TravelGroup
from notifications.models import Alert
from returns.waiting_alerts import KIND, tell_of_waiting
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(group):
    TravelGroup.objects.filter(pk=group.pk).update(waiting_since=NOW - timedelta(hours=25))
    return group


def tell(at=NOW):
    return tell_of_waiting(within=transaction.atomic, by=COMMAND, at=at)


def test_nobody_is_told_before_the_first_threshold(waiting):
    assert tell(NOW - timedelta(hours=2)) == 0


def test_a_threshold_is_told_once_to_the_mission_and_to_whoever_serves_the_halt(waiting, count_heads):
    count_heads(102)
    assert (tell(), tell()) == (1, 0)
    alert = Alert.objects.get(kind=KIND)
    told = dict(alert.notices.values_list("organisation__code", "head_count"))
    assert told.keys() >= {waiting.mission.organisation.code, "kz-border"}
    assert "tj-emb-uz" not in told
    assert set(told.values()) == {102}


def test_a_longer_wait_takes_the_place_of_the_alert_before(waiting):
    tell()
    assert tell(NOW + timedelta(hours=48)) == 1
    later = Alert.objects.filter(kind=KIND).latest("number")
    assert later.context["hours"] == 72
    assert later.supersedes == Alert.objects.filter(kind=KIND).earliest("number")


def test_a_group_that_is_closed_waits_no_more(waiting):
    TravelGroup.objects.filter(pk=waiting.pk).update(closed_at=NOW)
    assert tell() == 0
