"""What newcomers get wrong about demands at a border: of whom they are asked, that they are trees, and whom they name."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from corridors import rules
from returns.facts import Facts, HeldProof, TestFact
from returns.judging import judge

TASHKENT, ALMATY = ZoneInfo("Asia/Tashkent"), ZoneInfo("Asia/Almaty")
BARRIER = datetime(2020, 10, 1, 10, tzinfo=ALMATY)
ADULT = Facts(birth_year=1986, birth_month=7, birth_day=4, nationalities=frozenset({"TJK"}), documents=())
TEST = {"test": {"kinds": ["pcr"], "max_age_hours": 72}}
DEMAND = rules.parse_content(
    {
        "rule": {"any": [TEST, {"all": [{"test": {"kinds": ["rapid"], "max_age_hours": 1}}]}]},
        "exempt": {"age": {"under": 5}},
        "price": {"amount": "20", "currency": "USD"},
        "side_effect": "14 days of quarantine",
    }
)


def verdict(content, facts, *, at=BARRIER, zone=None):
    return judge(content, facts, judged_for=at, late_for=at, zone=zone).verdict


@pytest.mark.parametrize(
    ("applies", "meant", "other"),
    [
        ({"nationality": {"in": ["TJK"]}}, ADULT, replace(ADULT, nationalities=frozenset({"UZB"}))),
        ({"nationality": {"not_in": ["UZB"]}}, ADULT, replace(ADULT, nationalities=frozenset({"UZB"}))),
        ({"residence": {"in": ["KAZ"]}}, replace(ADULT, proofs=(HeldProof("residence", country="KAZ"),)),
         replace(ADULT, proofs=(HeldProof("residence", country="TJK"),))),
        ({"age": {"from": 18}}, ADULT, replace(ADULT, birth_year=2010)),
        ({"purpose": {"in": ["work"]}}, replace(ADULT, proofs=(HeldProof("purpose", "work"),)),
         replace(ADULT, proofs=(HeldProof("purpose", "return"),))),
        ({"passage": {"as": "transit"}}, replace(ADULT, passage="transit"), replace(ADULT, passage="stay")),
    ],
    ids=["nationality", "any-other-nationality", "residence", "age", "purpose", "transit"],
)  # fmt: skip
def test_a_requirement_is_asked_of_exactly_the_people_whom_it_means(applies, meant, other):
    content = rules.parse_content({"rule": TEST, "applies": applies})

    assert verdict(content, meant) == "missing"
    assert verdict(content, other) == "met"


def test_a_demand_is_a_tree_with_exemption_price_and_what_follows():
    fresh_rapid = TestFact("rapid", "negative", BARRIER - timedelta(minutes=30))
    old_rapid = replace(fresh_rapid, sampled_at=BARRIER - timedelta(hours=5))
    old_pcr = TestFact("pcr", "negative", BARRIER - timedelta(hours=71))

    assert verdict(DEMAND, ADULT) == "missing"
    assert verdict(DEMAND, replace(ADULT, tests=(old_pcr,))) == "met"
    assert verdict(DEMAND, replace(ADULT, tests=(fresh_rapid,))) == "met"
    assert verdict(DEMAND, replace(ADULT, tests=(old_rapid,))) == "missing"
    assert verdict(DEMAND, replace(ADULT, birth_year=2018)) == "exempt"
    assert rules.explain(DEMAND, "en").endswith(
        "not asked of: children under 5; price: 20 USD per person; afterwards: 14 days of quarantine."
    )


def test_the_clock_of_a_test_starts_at_sampling_and_is_read_at_the_barrier():
    sampled = TestFact("pcr", "negative", BARRIER - timedelta(hours=72))
    content = rules.parse_content({"rule": TEST})

    assert verdict(content, replace(ADULT, tests=(sampled,))) == "met"
    assert verdict(content, replace(ADULT, tests=(sampled,)), at=BARRIER + timedelta(seconds=1)) == "missing"


def test_the_same_instant_is_another_day_on_the_other_side_of_the_barrier():
    last_day = HeldProof("quota", begins_on=BARRIER.date())
    content = rules.parse_content({"rule": {"quota": {}}})
    after_midnight = datetime(2020, 10, 2, 0, 30, tzinfo=ALMATY)

    assert verdict(content, replace(ADULT, proofs=(last_day,)), at=after_midnight, zone=TASHKENT) == "met"
    assert verdict(content, replace(ADULT, proofs=(last_day,)), at=after_midnight, zone=ALMATY) == "missing"


def test_a_rule_for_one_named_group_binds_nobody_else():
    content = rules.parse_content({"rule": {"closed": {}}, "exempt": {"group": {"in": ["ZZ-102"]}}})

    assert verdict(content, replace(ADULT, group_code="ZZ-102")) == "exempt"
    assert verdict(content, replace(ADULT, group_code="ZZ-103")) == "missing"
