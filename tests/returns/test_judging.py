from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

import migrants.enums
from corridors import rules
from returns.enums import CaseVerdict, Verdict
from returns.facts import EXPIRED, IN_HAND, UNREGISTERED, Because, Facts, HeldDocument, TestFact
from returns.judging import WORST_FIRST, case_verdict, evaluate, judge, worst
from returns.truth import Truth

ALMATY = ZoneInfo("Asia/Almaty")
BARRIER = datetime(2020, 10, 1, 10, tzinfo=ALMATY)
QUEUE = timedelta(hours=3)
ADULT = Facts(birth_year=1986, birth_month=7, birth_day=4, nationalities=frozenset({"TJK"}), documents=(), tests=())

TEST = rules.parse_content(
    {
        "rule": {"test": {"kinds": ["pcr", "rapid"], "max_age_hours": 72}},
        "exempt": {"age": {"under": 5}},
        "price": {"amount": "20", "currency": "USD"},
    }
)
DOCUMENT = rules.parse_content({"rule": {"document": {"kinds": ["passport", "emergency"], "min_remaining_days": 0}}})


def finding(content, facts, *, queue=QUEUE, at=BARRIER):
    return judge(content, facts, judged_for=at, late_for=at + queue)


def codes(steps):
    return [step.code for step in steps]


def negative(hours, kind="pcr"):
    return TestFact(kind, "negative", BARRIER - timedelta(hours=hours))


def test_no_recorded_test_is_missing_and_costs_the_price():
    found = finding(TEST, ADULT)

    assert found.verdict == Verdict.MISSING
    assert codes(found.because) == ["test_none"]
    assert codes(found.cure) == ["take_test"]
    assert found.cure[0].params["not_before"] == (BARRIER + QUEUE - timedelta(hours=72)).isoformat()
    assert found.price == rules.Price(Decimal(20), "USD", "person")


def test_the_first_hour_at_which_a_sample_counts_is_right_over_a_change_of_clocks():
    """On 1 March 2024 at 00:00 the clocks of Almaty went back an hour."""
    at = datetime(2024, 3, 1, 10, tzinfo=ALMATY)
    found = finding(TEST, ADULT, at=at, queue=timedelta(0))

    assert found.cure[0].params["not_before"] == "2024-02-27T11:00:00+06:00"


def test_a_negative_test_is_met_until_its_age_ends_counted_from_sampling():
    found = finding(TEST, replace(ADULT, tests=(negative(60),)))

    assert found.verdict == Verdict.MET
    assert found.true_until == BARRIER + timedelta(hours=12)
    assert found.price is None
    assert found.cure == ()


def test_at_exactly_the_greatest_age_a_test_still_counts():
    assert finding(TEST, replace(ADULT, tests=(negative(72),)), queue=timedelta(0)).verdict == Verdict.MET
    assert finding(TEST, replace(ADULT, tests=(negative(72.01),)), queue=timedelta(0)).verdict == Verdict.MISSING


def test_a_test_that_runs_out_in_the_queue_is_expiring_and_costs_another():
    found = finding(TEST, replace(ADULT, tests=(negative(71),)))

    assert found.verdict == Verdict.EXPIRING
    assert found.true_until == BARRIER + timedelta(hours=1)
    assert codes(found.because) == ["test_negative", "runs_out"]
    assert codes(found.cure) == ["take_test"]
    assert found.price is not None


def begun_in_the_queue(facts, *, after=timedelta(hours=1), content=TEST):
    """The finding of a rule that begins so long after the planned hour; the queue lasts three hours."""
    return judge(content, facts, judged_for=BARRIER, late_for=BARRIER + QUEUE, asked_from=BARRIER + after)


def test_a_rule_that_begins_while_the_queue_lasts_is_asked_of_whoever_still_stands_there():
    found = begun_in_the_queue(ADULT)

    assert found.verdict == Verdict.EXPIRING
    assert found.true_until == BARRIER + timedelta(hours=1)
    assert codes(found.because) == ["not_asked_yet", "test_none"]
    assert codes(found.cure) == ["take_test"]
    assert found.price is not None
    assert begun_in_the_queue(ADULT, after=QUEUE).verdict == Verdict.EXPIRING


def test_a_rule_that_begins_while_the_queue_lasts_stops_nobody_who_meets_it_then_or_is_not_asked():
    assert begun_in_the_queue(replace(ADULT, tests=(negative(60),))).verdict == Verdict.MET
    assert begun_in_the_queue(replace(ADULT, birth_year=2018)).verdict == Verdict.EXEMPT
    assert begun_in_the_queue(ADULT, after=QUEUE + timedelta(minutes=1)).verdict == Verdict.MET
    asked_of_others = replace(TEST, applies=rules.NationalityIn(("RUS",)))
    assert begun_in_the_queue(ADULT, content=asked_of_others).verdict == Verdict.MET


def test_who_may_not_know_yet_whether_they_meet_what_begins_is_told_to_find_out():
    found = begun_in_the_queue(replace(ADULT, tests=(TestFact("pcr", "pending", BARRIER - timedelta(hours=5)),)))

    assert found.verdict == Verdict.EXPIRING
    assert codes(found.because) == ["not_asked_yet", "test_awaited"]


@pytest.mark.parametrize(
    ("tests", "verdict", "code"),
    [
        ((TestFact("pcr", "positive", BARRIER - timedelta(hours=5)),), Verdict.MISSING, "test_positive"),
        ((negative(30), TestFact("rapid", "positive", BARRIER - timedelta(hours=5))), Verdict.MISSING, "test_positive"),
        ((TestFact("rapid", "positive", BARRIER - timedelta(hours=40)), negative(30)), Verdict.MET, "test_negative"),
        ((negative(100),), Verdict.MISSING, "test_too_old"),
        ((negative(5, kind="antibody"),), Verdict.MISSING, "test_other_kind"),
        ((negative(-2),), Verdict.MISSING, "test_sampled_after"),
        ((TestFact("pcr", "pending", BARRIER - timedelta(hours=5)),), Verdict.UNKNOWN, "test_awaited"),
        ((TestFact("pcr", "pending", BARRIER - timedelta(hours=5)), negative(30)), Verdict.MET, "test_negative"),
        ((TestFact("pcr", "negative", None),), Verdict.UNKNOWN, "test_undated"),
        ((TestFact("pcr", "positive", None), negative(5)), Verdict.UNKNOWN, "test_undated"),
    ],
)
def test_each_state_of_tests_has_its_verdict_and_reason(tests, verdict, code):
    found = finding(TEST, replace(ADULT, tests=tests))

    assert (found.verdict, codes(found.because)) == (verdict, [code])


def test_a_sample_taken_in_the_queue_is_missing_at_the_barrier_and_still_asks_for_a_test():
    found = finding(TEST, replace(ADULT, tests=(negative(-2),)))

    assert codes(found.cure) == ["take_test"]
    assert found.price is not None


def test_a_child_under_the_limit_is_exempt_until_the_birthday_on_the_local_calendar():
    child = replace(ADULT, birth_year=2015, birth_month=10, birth_day=2)
    found = finding(TEST, child)

    assert found.verdict == Verdict.EXEMPT
    assert found.true_until == datetime(2020, 10, 2, tzinfo=ALMATY)
    assert (
        judge(
            TEST,
            child,
            judged_for=datetime(2020, 10, 1, 17, tzinfo=UTC),
            late_for=datetime(2020, 10, 1, 18, 30, tzinfo=UTC),
            zone=ALMATY,
        ).verdict
        == Verdict.EXPIRING
    )


def test_a_partial_birth_date_is_unknown_only_while_it_could_decide():
    only_year = replace(ADULT, birth_month=None, birth_day=None)

    may_be_four = finding(TEST, replace(only_year, birth_year=2015))
    assert (may_be_four.verdict, codes(may_be_four.because)) == (Verdict.UNKNOWN, ["birth_partial"])
    assert codes(may_be_four.cure) == ["record_birth_date"]
    assert may_be_four.because[0].params == {"youngest": 4, "oldest": 5}
    assert finding(TEST, replace(only_year, birth_year=2014)).verdict == Verdict.MISSING
    assert finding(TEST, replace(only_year, birth_year=2016)).verdict == Verdict.EXEMPT
    assert finding(TEST, replace(only_year, birth_year=2015, tests=(negative(5),))).verdict == Verdict.MET
    assert finding(TEST, replace(only_year, birth_year=None)).verdict == Verdict.UNKNOWN


def test_born_on_29_february_is_a_year_older_on_1_march():
    leap = replace(ADULT, birth_year=2016, birth_month=2, birth_day=29)
    rule = rules.Age(from_age=5)

    assert evaluate(rule, leap, datetime(2021, 2, 28, 23, 59, tzinfo=UTC)).truth is Truth.FALSE
    assert evaluate(rule, leap, datetime(2021, 3, 1, tzinfo=UTC)).truth is Truth.TRUE


def test_an_unregistered_head_is_unknown():
    assert finding(TEST, UNREGISTERED).verdict == Verdict.UNKNOWN
    assert finding(DOCUMENT, UNREGISTERED).verdict == Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("documents", "verdict", "code", "cure"),
    [
        (None, Verdict.UNKNOWN, "documents_never_asked", ["record_documents"]),
        ((), Verdict.MISSING, "document_none", ["get_document"]),
        ((HeldDocument("passport", "held", date(2027, 4, 1)),), Verdict.MET, "document_held", []),
        ((HeldDocument("emergency", "held", date(2020, 10, 1)),), Verdict.MET, "document_held", []),
        (
            (HeldDocument("passport", "held", date(2020, 9, 30)),),
            Verdict.MISSING,
            "document_expired",
            ["renew_document"],
        ),
        ((HeldDocument("passport", "expired", None),), Verdict.MISSING, "document_expired", ["renew_document"]),
        ((HeldDocument("emergency", "applied", None),), Verdict.MISSING, "document_not_in_hand", ["follow_document"]),
        ((HeldDocument("passport", "held", None),), Verdict.UNKNOWN, "document_expiry_unknown", ["record_expiry"]),
        (
            (HeldDocument("identity_card", "held", date(2027, 4, 1)),),
            Verdict.MISSING,
            "document_other_kind",
            ["get_document"],
        ),
        (
            (HeldDocument("passport", "lost", None), HeldDocument("emergency", "held", date(2020, 11, 1))),
            Verdict.MET,
            "document_held",
            [],
        ),
    ],
)
def test_each_state_of_documents_has_its_verdict_reason_and_cure(documents, verdict, code, cure):
    found = finding(DOCUMENT, replace(ADULT, documents=documents))

    assert (found.verdict, codes(found.because), codes(found.cure)) == (verdict, [code], cure)


def test_a_document_of_unknown_expiry_is_enough_where_no_validity_is_asked():
    content = rules.parse_content({"rule": {"document": {"kinds": ["passport"]}}})

    assert finding(content, replace(ADULT, documents=(HeldDocument("passport", "held"),))).verdict == Verdict.MET
    expired = (HeldDocument("passport", "held", date(2020, 9, 1)),)
    assert finding(content, replace(ADULT, documents=expired)).verdict == Verdict.MISSING


def test_a_document_must_last_as_many_days_as_asked():
    content = rules.parse_content({"rule": {"document": {"kinds": ["passport"], "min_remaining_days": 30}}})

    enough, short = date(2020, 10, 31), date(2020, 10, 30)
    assert finding(content, replace(ADULT, documents=(HeldDocument("passport", "held", enough),))).verdict == "met"
    found = finding(content, replace(ADULT, documents=(HeldDocument("passport", "held", short),)))
    assert (found.verdict, codes(found.because)) == (Verdict.MISSING, ["document_too_short"])


def test_a_line_that_asks_for_nothing_is_met_by_everyone_and_says_so():
    for facts in (ADULT, UNREGISTERED):
        found = finding(rules.Content(rules.NOTHING), facts)
        assert (found.verdict, codes(found.because), found.true_until) == (Verdict.MET, ["nothing_asked"], None)


def test_who_is_not_asked_meets_the_requirement():
    content = rules.parse_content({"applies": {"nationality": {"in": ["UZB"]}}, "rule": {"closed": {}}})

    assert codes(finding(content, ADULT).because) == ["not_asked", "nationality"]
    assert finding(content, ADULT).verdict == Verdict.MET
    assert finding(content, replace(ADULT, nationalities=frozenset({"TJK", "UZB"}))).verdict == Verdict.MISSING
    assert finding(content, replace(ADULT, nationalities=frozenset())).verdict == Verdict.UNKNOWN


def test_a_closed_crossing_stops_everyone_and_no_money_helps():
    content = rules.parse_content({"rule": {"closed": {}}, "price": {"amount": "20", "currency": "USD"}})
    found = finding(content, replace(ADULT, tests=(negative(1),)))

    assert (found.verdict, codes(found.because), codes(found.cure)) == (Verdict.MISSING, ["closed"], ["ask_waiver"])
    assert found.price is None


def test_a_waiver_counts_before_its_end_and_runs_out_like_anything_else():
    waived = finding(TEST, replace(ADULT, waived_until=BARRIER + timedelta(hours=8)))
    assert (waived.verdict, waived.true_until) == (Verdict.WAIVED, BARRIER + timedelta(hours=8))
    assert finding(TEST, replace(ADULT, waived_until=BARRIER + QUEUE)).verdict == Verdict.EXPIRING
    assert finding(TEST, replace(ADULT, waived_until=BARRIER)).verdict == Verdict.MISSING


def test_the_cheapest_way_is_offered_and_all_parts_of_an_all():
    either = rules.parse_content(
        {"rule": {"any": [{"all": [TEST_RULE, {"consent_form": {}}]}, {"document": {"kinds": ["passport"]}}]}}
    )
    both = rules.parse_content({"rule": {"all": [TEST_RULE, {"document": {"kinds": ["passport"]}}]}})
    refused = replace(ADULT, consent_form=False)

    assert codes(finding(either, refused).cure) == ["get_document"]
    assert codes(finding(both, refused).cure) == ["take_test", "get_document"]


TEST_RULE = {"test": {"kinds": ["pcr"], "max_age_hours": 72}}


def test_evidence_can_be_kept_and_read_again():
    for because in finding(TEST, replace(ADULT, tests=(negative(71),))).because:
        assert Because.from_json(because.to_json()) == because


def test_the_worst_verdict_rules():
    assert worst([]) == Verdict.MET
    assert worst(Verdict) == Verdict.MISSING
    assert [worst(WORST_FIRST[place:]) for place in range(6)] == list(WORST_FIRST)
    assert worst(["met", "expiring"]) == Verdict.EXPIRING


@pytest.mark.parametrize(
    ("verdicts", "case"),
    [
        ([], CaseVerdict.READY),
        (["met", "exempt", "waived"], CaseVerdict.READY),
        (["met", "expiring"], CaseVerdict.NOT_READY),
        (["unknown", "expiring"], CaseVerdict.UNKNOWN),
        (["unknown", "missing"], CaseVerdict.NOT_READY),
    ],
)
def test_a_case_follows_its_worst_finding(verdicts, case):
    assert case_verdict(verdicts) == case


def test_naive_or_reversed_hours_are_refused():
    with pytest.raises(ValueError, match="aware"):
        judge(TEST, ADULT, judged_for=datetime(2020, 10, 1), late_for=BARRIER)
    with pytest.raises(ValueError, match="earlier"):
        judge(TEST, ADULT, judged_for=BARRIER, late_for=BARRIER - QUEUE)


def test_rules_and_records_use_the_same_words():
    assert set(migrants.enums.TestKind.values) == set(rules.TestKind.values)
    assert set(migrants.enums.DocumentKind.values) == set(rules.DocumentKind.values)
    assert {"negative", "positive", "pending"} <= set(migrants.enums.TestResult.values)
    assert {IN_HAND, EXPIRED} <= set(migrants.enums.DocumentState.values)
