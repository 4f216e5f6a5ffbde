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
        ({"blessing": {}}, "rule", "“blessing” is not known; use one of: all, any, not, unless, test"),
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
        ({"vaccination": {"kinds": ["covid_19"], "doses": 0}}, "rule.vaccination.doses", "between 1 and 9"),
        ({"vaccination": {"kinds": ["covid_19"], "min_days": 30, "max_days": 14}}, "rule.vaccination", "not be higher"),
        ({"permit": {"kinds": ["passport"]}}, "rule.permit.kinds", "one or more of: visa, transit_visa"),
        ({"permit": {"kinds": ["visa"], "issued_by": ["UZ"]}}, "rule.permit.issued_by[0]", "country code"),
        ({"guarantee_letter": {"from": "TJK"}}, "rule.guarantee_letter.from", "use: issued_by"),
        ({"registration_form": {"name": "  "}}, "rule.registration_form.name", "one line of text"),
        ({"payment": {"for": "fee", "amount": 20, "currency": "USD"}}, "rule.payment.amount", "amount as text"),
        ({"payment": {"for": "fee", "amount": "20", "currency": "$"}}, "rule.payment.currency", "three letters"),
        ({"payment": {"for": "fee", "amount": "20", "currency": "ZZZ"}}, "rule.payment.currency", "three letters"),
        ({"quarantine": {"days": 0}}, "rule.quarantine.days", "between 1 and 90"),
        ({"quota": {"per_day": "many"}}, "rule.quota.per_day", "a whole number between"),
        ({"window": {}}, "rule.window", "on which days, or between which hours"),
        ({"window": {"days": ["monday"]}}, "rule.window.days", "one or more of: mon, tue"),
        (
            {"window": {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}},
            "rule.window.days",
            "leave the days out",
        ),
        ({"window": {"from": "8:00", "until": "18:00"}}, "rule.window.from", "such as 08:00"),
        ({"window": {"from": "08:00"}}, "rule.window", "both hours, or none"),
        ({"window": {"from": "08:00", "until": "08:00"}}, "rule.window", "the same"),
        ({"escort": {"kinds": []}}, "rule.escort.kinds", "one or more of: police"),
        ({"residence": {"in": []}}, "rule.residence.in", "at least one country code"),
        ({"nationality": {"not_in": ["TJK"], "in": ["TJK"]}}, "rule.nationality.in", "use: not_in"),
        ({"purpose": {"in": ["fun"]}}, "rule.purpose.in", "one or more of: return, work"),
        ({"passage": {"as": "through"}}, "rule.passage.as", "use one of: transit, stay"),
        ({"group": {"in": []}}, "rule.group.in", "at least one code of a group"),
        ({"unless": {"rule": TEST, "exempt": TEST}}, "rule.unless.exempt", "which people are spared"),
        ({"unless": {"rule": TEST}}, "rule.unless.exempt", "exactly one of"),
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


def test_a_condition_that_spares_some_is_read_as_either():
    spared = {"age": {"under": 5}}

    assert rules.parse({"unless": {"rule": TEST, "exempt": spared}}) == rules.parse({"any": [TEST, spared]})


def test_any_country_but_some_is_read_as_a_contrary():
    for name in ("nationality", "residence"):
        assert rules.parse({name: {"not_in": ["TJK"]}}) == rules.parse({"not": {name: {"in": ["TJK"]}}})


def test_what_spares_some_and_any_country_but_some_fit_the_schema():
    value = {"rule": {"unless": {"rule": TEST, "exempt": {"residence": {"not_in": ["UZB"]}}}}}

    jsonschema.Draft202012Validator(rules.json_schema()).validate(value)
    assert rules.parse_content(value)


def test_64_conditions_are_accepted():
    assert len(list(rules.leaves(rules.parse({"all": [TEST] * 64})))) == 64
