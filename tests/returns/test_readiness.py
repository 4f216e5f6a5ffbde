from collections import Counter
from datetime import timedelta

import pytest

from common import clock
from corridors.models import RequirementVersion
from migrants.models import ChildArrangement, ProtectionHold, TravelDocument
from returns import assessing, cases, readiness, tasks, waivers
from returns.models import BoardCount, CaseReadiness
from tests.cast import COMMAND, LONG_AGO, NOW
from tests.returns.conftest import PASSPORT_RULE, TEST_RULE

pytestmark = pytest.mark.django_db


def open_case(*people):
    return cases.open_cases(people=people, by=COMMAND, at=NOW)


def board():
    return Counter({row.verdict: row.people for row in BoardCount.objects.all() if row.people})


def test_a_new_case_is_judged_when_it_is_opened(make_person, make_rule, plan):
    make_rule(TEST_RULE)
    (case,) = open_case(make_person())

    stored = CaseReadiness.objects.get()
    assert (stored.case, stored.verdict, stored.worst) == (case, "not_ready", "missing")
    assert stored.judged_for == plan.cross_at
    assert stored.late_for == plan.cross_at + timedelta(hours=2)


def test_each_finding_is_kept_under_the_version_that_asked(make_person, make_rule, plan):
    test, paper = make_rule(TEST_RULE), make_rule(PASSPORT_RULE, "travel_document")
    open_case(make_person())

    findings = CaseReadiness.objects.get().findings
    assert findings[str(test.public_id)] == "missing"
    assert findings[str(paper.public_id)] == "met"


def test_the_test_is_read_at_the_hour_at_the_barrier_and_not_now(make_person, make_rule, plan, take_test):
    make_rule(TEST_RULE)
    fresh, old = make_person(), make_person()
    take_test(fresh, NOW)
    take_test(old, NOW - timedelta(hours=71))
    open_case(fresh, old)

    by_person = dict(CaseReadiness.objects.values_list("case__person", "worst"))
    assert by_person == {fresh.pk: "met", old.pk: "missing"}


def test_what_runs_out_while_the_queue_lasts_is_named_before_it_blocks(make_person, make_rule, plan, take_test):
    make_rule(TEST_RULE)
    person = make_person()
    take_test(person, plan.cross_at - timedelta(hours=71))
    open_case(person)

    stored = CaseReadiness.objects.get()
    assert (stored.worst, stored.verdict) == ("expiring", "not_ready")


def test_without_a_plan_nobody_is_ready(make_person, make_rule):
    make_rule(PASSPORT_RULE, "travel_document")
    open_case(make_person())

    stored = CaseReadiness.objects.get()
    assert (stored.verdict, stored.judged_for) == ("unknown", None)
    assert stored.findings["plan"] == "unknown"


def test_a_planned_hour_that_passes_makes_everyone_unknown_again(make_person, make_rule, plan):
    make_rule(PASSPORT_RULE, "travel_document")
    open_case(make_person())
    assert CaseReadiness.objects.get().verdict == "ready"

    readiness.check(due=True, at=plan.cross_at + timedelta(hours=1))
    assert CaseReadiness.objects.get().verdict == "ready"
    readiness.check(due=True, at=plan.cross_at + timedelta(hours=2))
    assert CaseReadiness.objects.get().verdict == "unknown"


def test_a_second_check_writes_nothing_where_nothing_changed(make_person, make_rule, plan):
    make_rule(TEST_RULE)
    open_case(make_person(), make_person())

    summary = readiness.check(at=NOW + timedelta(minutes=5))

    assert (summary.judged, summary.changed) == (2, 0)


def test_heads_that_nobody_registered_are_unknown_on_the_board(make_person, make_rule, plan, count_heads, group):
    make_rule(PASSPORT_RULE, "travel_document")
    count_heads(5)
    open_case(make_person(), make_person())

    assert board() == {"met": 2, "unknown": 3}


def test_the_board_follows_what_is_judged(make_person, make_rule, plan, take_test):
    make_rule(TEST_RULE)
    person = make_person()
    open_case(person, make_person())
    assert board() == {"missing": 2}

    take_test(person)
    readiness.check(people=[person.pk], at=NOW)
    assert board() == {"missing": 1, "met": 1}


def test_a_waiver_by_name_excuses_one_case_only(make_person, make_rule, plan, organisations):
    version = make_rule(PASSPORT_RULE, "travel_document")
    first, _second = open_case(make_person(passport=False), make_person(passport=False))
    waivers.waive(
        cases=[first], requirement=version.requirement, authority=organisations["uz-border"], reference="note 7",
        valid_until=plan.cross_at + timedelta(days=1), by=COMMAND, at=NOW,
    )  # fmt: skip

    assert Counter(CaseReadiness.objects.values_list("worst", flat=True)) == {"waived": 1, "unknown": 1}


def test_a_hold_against_the_destination_stops_and_one_against_elsewhere_does_not(make_person, make_rule, plan):
    held, elsewhere = make_person(), make_person()
    for person, against in ((held, ["UZB"]), (elsewhere, ["AFG"])):
        ProtectionHold.objects.create(
            person=person, mission=person.mission, against=against, reason="x", set_at=NOW, set_by=COMMAND
        )
    plan.refresh_from_db()
    open_case(held, elsewhere)

    by_person = {row.case.person_id: row.findings["no_hold"] for row in CaseReadiness.objects.select_related("case")}
    assert by_person[held.pk] == "missing"
    assert by_person[elsewhere.pk] == "missing", "no corridor says where the way leads, so every hold stops"


def test_a_child_alone_is_a_stop_until_escort_and_receiver_are_named(make_person, make_rule, plan):
    child = make_person(born=2008, alone="unaccompanied")
    open_case(child)
    assert CaseReadiness.objects.get().findings["child_arranged"] == "missing"

    ChildArrangement.objects.create(
        person=child, mission=child.mission, outcome="returns to aunt", best_interests_on=NOW.date(), escort="IOM",
        receiver="aunt", recorded_at=NOW, by=COMMAND,
    )  # fmt: skip
    readiness.check(people=[child.pk], at=NOW)
    assert CaseReadiness.objects.get().verdict == "ready"


def test_a_fact_that_was_recorded_after_the_judgement_is_found_by_the_sweep(make_person, make_rule, plan):
    make_rule(PASSPORT_RULE, "travel_document")
    person = make_person()
    open_case(person, make_person())
    later = NOW + timedelta(minutes=5)
    TravelDocument.objects.filter(person=person).update(state="lost", recorded_at=later)

    assert assessing.recheck_changed_facts(at=later) == 1
    assert CaseReadiness.objects.get(case__person=person).worst == "missing"
    assert assessing.recheck_changed_facts(at=later + timedelta(minutes=1)) == 0


def test_tasks_leave_every_judgement_as_true_as_it_may_be(make_person, make_rule, plan, take_test):
    make_rule(TEST_RULE)
    person = make_person()
    open_case(person)
    take_test(person)
    clock.set_to(NOW)

    assert tasks.assess_health_tests() == 1
    assert tasks.recheck_cases() == 0
    assert tasks.assess_requirement_changes() == 0
    assert CaseReadiness.objects.get().verdict == "ready"


def test_consent_never_asked_is_unknown(make_person, plan):
    open_case(make_person(consent=False))

    assert CaseReadiness.objects.get().verdict == "unknown"


def test_the_rule_counts_as_it_is_known_and_not_as_it_was(make_person, make_rule, plan):
    old = make_rule(TEST_RULE)
    RequirementVersion.objects.filter(pk=old.pk).update(known=(LONG_AGO, NOW))
    open_case(make_person())

    assert CaseReadiness.objects.get().verdict == "ready"


def test_a_page_reads_the_evidence_of_each_finding(make_person, make_rule, plan):
    version = make_rule(TEST_RULE)
    person = make_person()
    open_case(person)

    explained = readiness.explain([person.pk], at=NOW)

    assert [rule.key for rule in explained.rules] == [str(version.public_id)]
    (judged,) = explained.cases
    finding = judged.findings[str(version.public_id)]
    assert finding.because[0].code == "test_none"
    assert finding.price is not None
    assert str(finding.price.amount) == "20"


def test_the_number_of_queries_does_not_grow_with_the_people(
    make_person, make_rule, plan, django_assert_max_num_queries
):
    make_rule(TEST_RULE)
    make_rule(PASSPORT_RULE, "travel_document")
    open_case(*(make_person() for _n in range(30)))
    TravelDocument.objects.update(state="lost")

    with django_assert_max_num_queries(25):
        assert readiness.check(at=NOW).changed == 30
