"""Each kind of proof: what counts at the barrier, until which day, and what is said where it does not."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from corridors import rules
from returns.enums import Verdict
from returns.explanations import explain_finding
from returns.facts import UNREGISTERED, Facts, HeldProof
from returns.judging import judge

ALMATY = ZoneInfo("Asia/Almaty")
BARRIER = datetime(2020, 10, 2, 10, tzinfo=ALMATY)  # a Friday
ADULT = Facts(birth_year=1986, nationalities=frozenset({"TJK"}), documents=())
DAY = date(2020, 10, 2)


def finding(rule, *proofs, at=BARRIER, **facts):
    content = rules.parse_content({"rule": rule})
    return judge(content, replace(ADULT, proofs=proofs, **facts), judged_for=at, late_for=at + timedelta(hours=3))


def days(number):
    return timedelta(days=number)


TWO_DOSES = {"vaccination": {"kinds": ["covid_19"], "doses": 2, "min_days": 14, "max_days": 270}}
VISA = {"permit": {"kinds": ["visa"], "issued_by": ["UZB"]}}
FEE = {"payment": {"for": "Road fee", "amount": "30", "currency": "USD"}}
BOOKED = {"quarantine": {"days": 14}}


@pytest.mark.parametrize(
    ("rule", "proof", "verdict", "code"),
    [
        (TWO_DOSES, HeldProof("vaccination", "covid_19", doses=2, begins_on=DAY - days(14)), "met", "proof_held"),
        (TWO_DOSES, HeldProof("vaccination", "covid_19", doses=2, begins_on=DAY - days(13)), "missing", "proof_too_early"),
        (TWO_DOSES, HeldProof("vaccination", "covid_19", doses=2, begins_on=DAY - days(271)), "missing", "proof_ended"),
        (TWO_DOSES, HeldProof("vaccination", "covid_19", doses=1, begins_on=DAY - days(30)), "missing", "proof_none"),
        (TWO_DOSES, HeldProof("vaccination", "measles", doses=2, begins_on=DAY - days(30)), "missing", "proof_none"),
        (TWO_DOSES, HeldProof("vaccination", "covid_19", doses=2), "unknown", "proof_undated"),
        (VISA, HeldProof("permit", "visa", "UZB", last_on=DAY), "met", "proof_held"),
        (VISA, HeldProof("permit", "visa", "UZB", last_on=DAY - days(1)), "missing", "proof_ended"),
        (VISA, HeldProof("permit", "visa", "UZB", begins_on=DAY + days(1), last_on=DAY + days(9)), "missing",
         "proof_too_early"),
        (VISA, HeldProof("permit", "visa", "KAZ", last_on=DAY + days(9)), "missing", "proof_none"),
        (VISA, HeldProof("permit", "visa", "UZB"), "unknown", "proof_undated"),
        ({"guarantee_letter": {}}, HeldProof("guarantee_letter", country="TJK"), "met", "proof_held"),
        ({"guarantee_letter": {"issued_by": ["UZB"]}}, HeldProof("guarantee_letter", country="TJK"), "missing", "proof_none"),
        ({"registration_form": {"name": "E-Form"}}, HeldProof("registration_form", title=" e-form "), "met", "proof_held"),
        ({"registration_form": {"name": "E-Form"}}, HeldProof("registration_form", title="Health"), "missing", "proof_none"),
        (FEE, HeldProof("payment", title="road fee", amount=Decimal(30), currency="USD"), "met", "proof_held"),
        (FEE, HeldProof("payment", title="road fee", amount=Decimal("29.99"), currency="USD"), "missing", "proof_none"),
        (FEE, HeldProof("payment", title="road fee", amount=Decimal(30), currency="EUR"), "missing", "proof_none"),
        (BOOKED, HeldProof("quarantine", begins_on=DAY, last_on=DAY + days(13)), "met", "proof_held"),
        (BOOKED, HeldProof("quarantine", begins_on=DAY + days(1), last_on=DAY + days(14)), "met", "proof_held"),
        (BOOKED, HeldProof("quarantine", begins_on=DAY + days(2), last_on=DAY + days(20)), "missing", "proof_too_early"),
        (BOOKED, HeldProof("quarantine", begins_on=DAY, last_on=DAY + days(12)), "missing", "proof_none"),
        (BOOKED, HeldProof("quarantine", begins_on=DAY - days(1), last_on=DAY + days(12)), "missing", "proof_ended"),
        ({"quota": {}}, HeldProof("quota", begins_on=DAY), "met", "proof_held"),
        ({"quota": {}}, HeldProof("quota", begins_on=DAY - days(1)), "missing", "proof_ended"),
        ({"escort": {"kinds": ["police"]}}, HeldProof("escort", "police"), "met", "proof_held"),
        ({"escort": {"kinds": ["police"]}}, HeldProof("escort", "mission"), "missing", "proof_none"),
        ({"residence": {"in": ["KAZ"]}}, HeldProof("residence", country="KAZ"), "met", "proof_held"),
        ({"residence": {"in": ["KAZ"]}}, HeldProof("residence", country="UZB"), "missing", "background_other"),
        ({"residence": {"in": ["KAZ"]}}, HeldProof("purpose", "work"), "unknown", "background_unknown"),
        ({"purpose": {"in": ["work"]}}, HeldProof("purpose", "work"), "met", "proof_held"),
    ],
)  # fmt: skip
def test_a_proof_counts_on_the_local_day_at_the_barrier(rule, proof, verdict, code):
    found = finding(rule, proof)

    assert (found.verdict, found.because[0].code) == (verdict, code)


def test_a_proof_that_runs_out_while_the_queue_lasts_is_expiring():
    late = datetime(2020, 10, 2, 22, tzinfo=ALMATY)

    found = finding(VISA, HeldProof("permit", "visa", "UZB", last_on=DAY), at=late)

    assert (found.verdict, found.true_until) == (Verdict.EXPIRING, datetime(2020, 10, 3, tzinfo=ALMATY))


def test_a_head_that_nobody_registered_has_no_proof_that_is_known():
    content = rules.parse_content({"rule": VISA})

    assert judge(content, UNREGISTERED, judged_for=BARRIER, late_for=BARRIER).verdict == Verdict.UNKNOWN


def test_what_is_missing_says_what_to_get():
    assert explain_finding(finding(VISA), zone=ALMATY, language="en") == [
        "Not on record: visa, issued by Uzbekistan.",
        "Get and record: visa, issued by Uzbekistan.",
    ]


def test_a_proof_that_is_bought_names_the_price():
    content = rules.parse_content({"rule": FEE, "price": {"amount": "30", "currency": "USD"}})

    assert judge(content, ADULT, judged_for=BARRIER, late_for=BARRIER).price is not None


@pytest.mark.parametrize(
    ("window", "hour", "verdict"),
    [
        ({"days": ["mon", "fri"]}, 10, "met"),
        ({"days": ["mon", "sat"]}, 10, "missing"),
        ({"from": "08:00", "until": "18:00"}, 10, "met"),
        ({"from": "08:00", "until": "12:00"}, 10, "expiring"),
        ({"from": "08:00", "until": "10:00"}, 10, "missing"),
        ({"from": "22:00", "until": "06:00"}, 1, "met"),
        ({"from": "22:00", "until": "06:00"}, 10, "missing"),
    ],
)
def test_a_window_is_read_on_the_clock_of_the_barrier(window, hour, verdict):
    assert finding({"window": window}, at=BARRIER.replace(hour=hour)).verdict == verdict


def test_a_window_says_when_it_shuts_also_after_a_week_of_other_reasons():
    visa = HeldProof("permit", "visa", "UZB", last_on=date(2020, 11, 11))  # a Wednesday
    rule = {"any": [VISA, {"window": {"days": ["thu"]}}]}

    assert finding(rule, visa).true_until == datetime(2020, 11, 13, tzinfo=ALMATY)


def test_transit_and_named_groups_are_facts_of_the_plan():
    transit, group = {"passage": {"as": "transit"}}, {"group": {"in": ["ZZ-1"]}}

    assert finding(transit).because[0].code == "passage_unknown"
    assert finding(transit, passage="transit").verdict == Verdict.MET
    assert finding(transit, passage="stay").verdict == Verdict.MISSING
    assert finding(group, group_code="ZZ-1").verdict == Verdict.MET
    assert finding(group, group_code="ZZ-2").verdict == Verdict.MISSING
