from datetime import datetime

import pytest

from common.models import AuditEntry
from returns import cases
from returns.cases import PlanError
from returns.models import CaseReadiness, Plan, ReturnCase
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db


def plan_at(group, crossing, local_time, zone="Asia/Almaty", **more):
    given = {"corridor_version": None, "queue_minutes": 120, "by": COMMAND, "at": NOW} | more
    return cases.set_plan(group=group, crossing=crossing, local_time=local_time, zone=zone, **given)


def test_a_person_has_at_most_one_open_case(make_person):
    person = make_person()

    assert len(cases.open_cases(people=[person], by=COMMAND, at=NOW)) == 1
    assert cases.open_cases(people=[person, person], by=COMMAND, at=NOW) == []
    assert ReturnCase.objects.count() == 1


def test_opening_a_case_is_audited(make_person):
    (case,) = cases.open_cases(people=[make_person()], by=COMMAND, at=NOW)

    assert AuditEntry.objects.get(subject=f"returns.returncase:{case.public_id}").verb == "case opened"


def test_the_plan_keeps_the_wall_time_and_derives_the_instant(group, crossing):
    plan = plan_at(group, crossing, datetime(2020, 10, 2, 9, 30), "Asia/Tashkent")

    plan.refresh_from_db()
    assert plan.local_time.replace(tzinfo=None) == datetime(2020, 10, 2, 9, 30)
    assert f"{plan.cross_at:%H:%M}" == "04:30"
    assert (plan.from_country, plan.to_country) == ("KAZ", "UZB")


def test_a_second_plan_of_the_group_replaces_the_first_and_judges_it_anew(group, crossing, make_person):
    cases.open_cases(people=[make_person()], by=COMMAND, at=NOW)
    plan_at(group, crossing, datetime(2020, 10, 2, 10))
    second = plan_at(group, crossing, datetime(2020, 10, 3, 10))

    assert Plan.objects.get() == second
    assert CaseReadiness.objects.get().judged_for == second.cross_at


@pytest.mark.parametrize(
    ("local_time", "zone", "words"),
    [
        (datetime(2021, 3, 28, 2, 30), "Europe/Berlin", "does not exist"),
        (datetime(2020, 10, 25, 2, 30), "Europe/Berlin", "comes twice"),
    ],
)
def test_an_hour_that_clocks_skip_or_repeat_is_refused_with_a_sentence(group, crossing, local_time, zone, words):
    crossing.sides.filter(country="UZB").update(zone=zone)

    with pytest.raises(PlanError, match=words):
        plan_at(group, crossing, local_time, zone)
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("local_time", "zone", "words"),
    [
        (datetime(2020, 9, 30, 10), "Asia/Almaty", "has passed"),
        (datetime(2030, 10, 2, 10), "Asia/Almaty", "check the year"),
        (datetime(2020, 10, 2, 10), "Europe/Paris", "choose one of them"),
    ],
)
def test_an_hour_that_cannot_be_meant_is_refused(group, crossing, local_time, zone, words):
    with pytest.raises(PlanError, match=words):
        plan_at(group, crossing, local_time, zone)


def test_a_queue_longer_than_a_day_is_refused(group, crossing):
    with pytest.raises(PlanError, match="queue"):
        plan_at(group, crossing, datetime(2020, 10, 2, 10), queue_minutes=2000)


def test_a_queue_is_estimated_in_half_hours_and_rounded_up(group, crossing):
    assert plan_at(group, crossing, datetime(2020, 10, 2, 10), queue_minutes=61).queue_minutes == 90


def test_a_closed_case_counts_no_longer(make_person, plan):
    (case,) = cases.open_cases(people=[make_person()], by=COMMAND, at=NOW)

    cases.close_cases(cases=[case], why="changed her mind", by=COMMAND, at=NOW)

    assert not ReturnCase.objects.open().exists()
    assert AuditEntry.objects.filter(verb="case closed", why="changed her mind").exists()
