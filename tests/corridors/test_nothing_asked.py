"""A line of requirements begins with “nothing is asked”, so that its first demand can say what was before."""

from datetime import timedelta
from typing import Any

import pytest

from corridors.rules import NOTHING, RuleError, content_to_json, diff, explain, parse, parse_content
from returns.enums import Verdict
from returns.facts import Facts
from returns.judging import judge
from tests.cast import NOW

NOTHING_ASKED: dict[str, Any] = {"rule": {"all": []}}
TEST_ASKED: dict[str, Any] = {"rule": {"test": {"kinds": ["pcr"], "max_age_hours": 72}}}


def test_everybody_meets_it():
    finding = judge(parse_content(NOTHING_ASKED), Facts(), judged_for=NOW, late_for=NOW + timedelta(hours=2))
    assert finding.verdict == Verdict.MET


def test_it_is_read_back_as_it_was_written():
    assert parse_content(content_to_json(parse_content(NOTHING_ASKED))).rule == NOTHING


def test_it_says_so_in_words():
    assert explain(parse_content(NOTHING_ASKED), "en") == "Nothing is asked."


def test_the_first_demand_says_that_nothing_was_asked_before():
    words = diff(parse_content(NOTHING_ASKED), parse_content(TEST_ASKED), "en")
    assert words[0].startswith("now required: a negative test")
    assert words[0].endswith("was: nothing")


def test_it_stands_alone():
    with pytest.raises(RuleError, match="at least one condition"):
        parse({"any": [{"all": []}]})
