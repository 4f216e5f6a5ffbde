"""A stored judgement knows whether somebody is still to pass, whatever way they went, and a rule judges nobody else."""

from datetime import timedelta

import pytest

from corridors.models import RequirementVersion
from migrants import merging
from returns import assessing, cases, readiness
from returns.models import CaseReadiness, ReturnCase, Seat
from tests.cast import COMMAND, LONG_AGO, NOW
from tests.returns.conftest import TEST_RULE
from tests.returns.convoy import FROZEN, count_all

pytestmark = pytest.mark.django_db


def to_pass():
    """The keys of the people who are still to pass, as the judgements say."""
    return set(CaseReadiness.objects.filter(is_to_pass=True).values_list("case__person", flat=True))


def test_whose_case_is_closed_is_to_pass_no_longer_until_it_is_opened_again(make_person):
    going, staying = make_person(), make_person()
    _open, closing = cases.open_cases(people=[going, staying], by=COMMAND, at=NOW)
    cases.close_cases(cases=[closing], why="another way", by=COMMAND, at=NOW)
    assert to_pass() == {going.pk}
    ReturnCase.objects.filter(pk=closing.pk).update(closed_at=None)
    assert to_pass() == {going.pk, staying.pk}


def test_of_two_records_that_are_one_person_one_is_to_pass_until_they_are_two_again(make_person):
    kept, absorbed = make_person(), make_person()
    cases.open_cases(people=[kept, absorbed], by=COMMAND, at=NOW)
    merge = merging.merge(kept=kept, absorbed=absorbed, by=COMMAND, at=NOW)
    assert to_pass() == {kept.pk}
    merging.unmerge(merge=merge, by=COMMAND, at=NOW)
    assert to_pass() == {kept.pk, absorbed.pk}


def test_who_left_with_a_bus_is_to_pass_no_longer_and_who_lost_the_seat_is(boarded, travellers):
    count_all(boarded, "exited", FROZEN)
    assert to_pass() == set()
    Seat.objects.filter(person=travellers[0]).update(vehicle=None, boarded_at=None, boarded_by=None)
    assert to_pass() == {travellers[0].pk}
    Seat.objects.filter(movement=boarded).delete()
    assert to_pass() == {person.pk for person in travellers}


def test_a_rule_that_changes_judges_whoever_is_to_pass_and_nobody_else(make_person, make_rule, plan, take_test):
    old = make_rule(TEST_RULE)
    going, staying = make_person(), make_person()
    _open, closing = cases.open_cases(people=[going, staying], by=COMMAND, at=NOW)
    cases.close_cases(cases=[closing], why="another way", by=COMMAND, at=NOW)
    later = NOW + timedelta(minutes=5)
    RequirementVersion.objects.filter(pk=old.pk).update(known=(LONG_AGO, later))
    direction = (plan.crossing_id, plan.from_country, plan.to_country)
    summary = readiness.check(directions=[direction], at=later)

    assert (summary.judged, summary.changed) == (1, 1)
    assert dict(CaseReadiness.objects.values_list("case__person", "judged_at")) == {going.pk: later, staying.pk: NOW}
    assert readiness.check(directions=[direction], at=later).changed == 0


def test_a_judgement_that_an_upgrade_has_put_aside_is_made_anew_at_the_next_beat(make_person, make_rule, plan):
    make_rule(TEST_RULE)
    cases.open_cases(people=[make_person()], by=COMMAND, at=NOW)
    CaseReadiness.objects.update(recheck_at=None, missing=0, worst="met")

    assert assessing.recheck_due(at=NOW) == 1
    assert CaseReadiness.objects.get().worst == "missing"
