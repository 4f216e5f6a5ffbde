import json

import jsonschema
import pytest
from hypothesis import given

from corridors import rules
from tests import strategies

TEST = {"test": {"kinds": ["pcr", "rapid"], "result": "negative", "max_age_hours": 72}}


@given(strategies.trees)
def test_a_rule_survives_its_json(rule):
    assert rules.parse(json.loads(json.dumps(rules.to_json(rule)))) == rule


@given(strategies.contents)
def test_a_requirement_survives_its_json_and_fits_the_schema(content):
    value = json.loads(json.dumps(rules.content_to_json(content)))

    jsonschema.Draft202012Validator(rules.json_schema()).validate(value)
    assert rules.parse_content(value) == content


@given(strategies.trees)
def test_the_canonical_form_is_its_own_canonical_form(rule):
    once = rules.canonical(rule)

    assert rules.canonical(once) == once
    assert rules.canonical_text(rule) == rules.canonical_text(once)


def test_order_nesting_repetition_and_double_negation_do_not_matter():
    one: dict[str, object] = {"age": {"under": 5}}
    two: dict[str, object] = {"consent_form": {}}
    plain = rules.parse({"all": [one, two, TEST]})

    for same in (
        {"all": [TEST, two, one]},
        {"all": [{"all": [TEST, two]}, one, one]},
        {"not": {"not": {"all": [one, {"all": [two, TEST]}]}}},
        {"not": {"any": [{"not": one}, {"not": two}, {"not": TEST}]}},
    ):
        assert rules.canonical_text(rules.parse(same)) == rules.canonical_text(plain)
    assert rules.canonical_text(rules.parse({"any": [one, two, TEST]})) != rules.canonical_text(plain)


@pytest.mark.parametrize(
    ("value", "path", "sentence"),
    [
        (None, "rule", "give an object with exactly one of"),
        ([], "rule", "give an object with exactly one of"),
        ({}, "rule", "give an object with exactly one of"),
        ({"all": [TEST], "any": [TEST]}, "rule", "exactly one of"),
        ({"all": []}, "rule.all", "at least one condition"),
        ({"any": {}}, "rule.any", "at least one condition"),
        ({"vaccination": {}}, "rule", "“vaccination” is not known; use one of: all, any, not, test"),
        (
            {"any": [TEST, {"test": {"kinds": ["pcr"], "max_age_hours": 0}}]},
            "rule.any[1].test.max_age_hours",
            "give hours between 1 and 720",
        ),
        ({"test": {"kinds": ["pcr"], "max_age_hours": "72"}}, "rule.test.max_age_hours", "give hours between"),
        ({"test": {"kinds": ["pcr"], "max_age_hours": True}}, "rule.test.max_age_hours", "give hours between"),
        ({"test": {"kinds": ["saliva"], "max_age_hours": 72}}, "rule.test.kinds", "one or more of: pcr, rapid"),
        ({"test": {"kinds": [], "max_age_hours": 72}}, "rule.test.kinds", "one or more of"),
        ({"test": {"kinds": [{}], "max_age_hours": 72}}, "rule.test.kinds", "one or more of"),
        ({"test": {"kinds": ["pcr", "pcr"], "max_age_hours": 72}}, "rule.test.kinds", "only once"),
        ({"test": {"kinds": ["pcr"], "max_age_hours": 72, "result": "positive"}}, "rule.test.result", "negative"),
        ({"test": {"kinds": ["pcr"], "max_age_hours": 72, "age": 3}}, "rule.test.age", "is not known here"),
        ({"test": []}, "rule.test", "give an object, not list"),
        ({"document": {"kinds": ["passport"], "min_remaining_days": -1}}, "rule.document.min_remaining_days", "days"),
        ({"age": {}}, "rule.age", "give “from”, “under” or both"),
        ({"age": {"under": 0}}, "rule.age.under", "between 1 and 120"),
        ({"age": {"from": 1.5}}, "rule.age.from", "whole years"),
        ({"age": {"from": 18, "under": 18}}, "rule.age", "lower than"),
        ({"nationality": {"in": []}}, "rule.nationality.in", "at least one country code"),
        ({"nationality": {"in": ["TJK", "Tajik"]}}, "rule.nationality.in[1]", "“Tajik” is not a country code"),
        ({"nationality": {"in": ["TJK", "TJK"]}}, "rule.nationality.in", "only once"),
        ({"closed": {"why": "snow"}}, "rule.closed.why", "give an empty object"),
        ({"not": {"closed": {}}}, "rule.not", "cannot be turned round"),
        (
            {"not": {"not": {"not": {"not": {"not": {"not": {"not": {"not": TEST}}}}}}}},
            "rule" + ".not" * 8,
            "nested too deep",
        ),
        ({"all": [TEST] * 65}, "rule", "65 conditions are too many; 64 fit"),
    ],
)
def test_what_is_wrong_is_named_by_its_path_with_a_remedy(value, path, sentence):
    with pytest.raises(rules.RuleError) as caught:
        rules.parse(value)

    assert caught.value.path == path
    assert sentence in caught.value.sentence


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("closed", "content"),
        ({}, "rule"),
        ({"rule": TEST, "applies": {"closed": {}}}, "applies"),
        ({"rule": TEST, "exempt": {"age": {"under": "5"}}}, "exempt.age.under"),
        ({"rule": TEST, "price": {"amount": 20, "currency": "USD"}}, "price.amount"),
        ({"rule": TEST, "price": {"amount": "-1", "currency": "USD"}}, "price.amount"),
        ({"rule": TEST, "price": {"amount": "NaN", "currency": "USD"}}, "price.amount"),
        ({"rule": TEST, "price": {"amount": "1.005", "currency": "USD"}}, "price.amount"),
        ({"rule": TEST, "price": {"amount": "20", "currency": "dollar"}}, "price.currency"),
        ({"rule": TEST, "price": {"amount": "20", "currency": "USD", "per": "bus"}}, "price.per"),
        ({"rule": TEST, "side_effect": "a\nb"}, "side_effect"),
        ({"rule": TEST, "side_effect": "x" * 301}, "side_effect"),
        ({"rule": TEST, "since": "today"}, "content.since"),
        ({"rule": {"all": [TEST] * 40}, "applies": {"all": [{"age": {"from": 18}}] * 25}}, "content"),
    ],
)
def test_a_bad_requirement_is_refused(value, path):
    with pytest.raises(rules.RuleError) as caught:
        rules.parse_content(value)

    assert caught.value.path == path


def test_64_conditions_are_accepted():
    assert len(list(rules.leaves(rules.parse({"all": [TEST] * 64})))) == 64
