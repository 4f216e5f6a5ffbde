from dataclasses import replace

import pytest

from returns.enums import Verdict
from returns.facts import Facts
from returns.house_rules import HouseRule, judge_house_rules

READY = Facts(consent_form=True)
ROUTE = frozenset({"UZB", "TJK"})


def verdicts(facts):
    return {rule: finding.verdict for rule, finding in judge_house_rules(facts, countries=ROUTE).items()}


def test_consent_no_hold_and_no_child_alone_are_met():
    assert set(verdicts(READY).values()) == {Verdict.MET}


@pytest.mark.parametrize(("signed", "verdict"), [(None, Verdict.UNKNOWN), (False, Verdict.MISSING)])
def test_a_consent_never_asked_is_unknown_and_an_unsigned_one_missing(signed, verdict):
    assert verdicts(replace(READY, consent_form=signed))[HouseRule.CONSENT_FORM] == verdict


def test_a_hold_stops_only_where_the_journey_meets_the_country_and_never_says_why():
    against_home = judge_house_rules(replace(READY, hold_against=frozenset({"TJK"})), countries=ROUTE)

    assert against_home[HouseRule.NO_HOLD].verdict == Verdict.MISSING
    assert [(because.code, dict(because.params)) for because in against_home[HouseRule.NO_HOLD].because] == [
        ("hold", {})
    ]
    assert verdicts(replace(READY, hold_against=frozenset({"AFG"})))[HouseRule.NO_HOLD] == Verdict.MET


def test_a_child_alone_travels_only_with_escort_and_receiver():
    assert verdicts(replace(READY, child_alone=True))[HouseRule.CHILD_ARRANGED] == Verdict.MISSING
    arranged = replace(READY, child_alone=True, child_arranged=True)
    assert verdicts(arranged)[HouseRule.CHILD_ARRANGED] == Verdict.MET
