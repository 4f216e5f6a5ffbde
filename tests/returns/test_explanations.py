import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridors import rules
from returns.explanations import CELLS, CURES, SENTENCES, cell, explain_finding
from returns.facts import Facts, HeldDocument, TestFact
from returns.house_rules import judge_house_rules
from returns.judging import judge
from tests import strategies

ROOT = Path(__file__).parents[2]
ALMATY = ZoneInfo("Asia/Almaty")
BARRIER = datetime(2020, 10, 1, 10, tzinfo=ALMATY)
ADULT = Facts(birth_year=1986, birth_month=7, birth_day=4, documents=())
TEST = rules.parse_content(
    {
        "rule": {"test": {"kinds": ["pcr", "rapid"], "max_age_hours": 72}},
        "exempt": {"age": {"under": 5}},
        "price": {"amount": "20", "currency": "USD"},
    }
)
DOCUMENT = rules.parse_content({"rule": {"document": {"kinds": ["passport", "emergency"], "min_remaining_days": 0}}})
WITHOUT_TERM = rules.parse_content({"rule": {"document": {"kinds": ["emergency"]}}})
SAMPLED = TestFact("pcr", "negative", datetime(2020, 9, 28, 3, 10, tzinfo=UTC))


def finding(content, facts):
    return judge(content, facts, judged_for=BARRIER, late_for=BARRIER + timedelta(hours=3))


@pytest.mark.parametrize(
    ("content", "facts", "words"),
    [
        (TEST, ADULT, "not taken"),
        (TEST, replace(ADULT, tests=(TestFact("pcr", "negative", BARRIER - timedelta(hours=4)),)),
         "negative until 4 Oct 2020 06:00"),
        (TEST, replace(ADULT, tests=(replace(SAMPLED, sampled_at=BARRIER - timedelta(hours=71)),)),
         "runs out 1 Oct 2020 11:00"),
        (TEST, replace(ADULT, birth_year=2016), "exempt, age 4"),
        (TEST, replace(ADULT, birth_year=2015, birth_month=None), "age 4 or 5"),
        (TEST, replace(ADULT, waived_until=datetime(2020, 10, 2, tzinfo=ALMATY)), "waived until 2 Oct 2020 00:00"),
        (DOCUMENT, ADULT, "no document"),
        (DOCUMENT, replace(ADULT, documents=None), "not asked yet"),
        (DOCUMENT, replace(ADULT, documents=(HeldDocument("passport", "held", date(2027, 4, 1)),)), "held to 1 Apr 2027"),
        (WITHOUT_TERM, replace(ADULT, documents=(HeldDocument("emergency", "held", None),)), "held, no last day"),
        (DOCUMENT, replace(ADULT, documents=(HeldDocument("passport", "applied"),)), "applied for at the consulate"),
    ],
)  # fmt: skip
def test_a_cell_says_it_in_few_words(content, facts, words):
    assert cell(finding(content, facts), zone=ALMATY, language="en") == words


def test_a_finding_says_evidence_remedy_and_price_in_local_hours():
    assert explain_finding(finding(TEST, replace(ADULT, tests=(SAMPLED,))), zone=ALMATY, language="en") == [
        "The negative test (PCR) sampled 28 Sep 2020 09:10 counted until 1 Oct 2020 09:10.",
        "Take a test (PCR or rapid), sampled no earlier than 28 Sep 2020 13:00.",
        "Price: 20 USD per person.",
    ]


@given(strategies.contents, strategies.facts, strategies.instants, st.sampled_from(("en", "ru", "tg", "uz", "de")))
def test_every_finding_can_be_said_in_every_language(content, facts, at, language):
    found = judge(content, facts, judged_for=at, late_for=at + timedelta(hours=3))

    for words in (*explain_finding(found, zone=ALMATY, language=language), cell(found, zone=ALMATY, language=language)):
        assert words
        assert "%(" not in words


@given(strategies.facts, st.booleans(), st.booleans())
def test_every_house_rule_can_be_said(facts, alone, arranged):
    facts = replace(facts, child_alone=alone, child_arranged=arranged, hold_against=facts.nationalities)

    for found in judge_house_rules(facts, countries=frozenset({"TJK", "UZB"})).values():
        assert explain_finding(found, zone=ALMATY)
        assert cell(found, zone=ALMATY)


def test_every_code_that_judging_writes_has_its_words():
    sources = [*ROOT.glob("returns/atoms/*.py"), ROOT / "returns/judging.py", ROOT / "returns/house_rules.py"]
    text = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    written = set(re.findall(r'Because\(\s*"(\w+)"', text)) | set(re.findall(r'_evidence\(\s*"(\w+)"', text))

    assert written <= set(SENTENCES) | set(CURES)
    assert set(SENTENCES) - set(CELLS) == {"runs_out"}
