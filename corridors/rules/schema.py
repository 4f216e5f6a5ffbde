"""The JSON Schema of what a version of a requirement says, for the API's documentation and for editors.

The schema tells shapes and ranges; `parse_content` is the judge (it also counts conditions and levels).
"""

from collections.abc import Sequence

from .kinds import (
    WEEK,
    DocumentKind,
    EscortKind,
    PassageWay,
    PermitKind,
    PricePer,
    PurposeKind,
    TestKind,
    VaccineKind,
)
from .leaf_parsing import (
    HOUR,
    LARGEST_QUOTA,
    LONGEST_QUARANTINE_DAYS,
    LONGEST_REMAINING_DAYS,
    LONGEST_TEST_AGE_HOURS,
    LONGEST_TITLE,
    MOST_DOSES,
    OLDEST_AGE,
)
from .leaves import Json
from .parsing import LONGEST_SIDE_EFFECT
from .tree import NOTHING, to_json


def json_schema() -> Json:
    """Give the schema (draft 2020-12) as plain values."""
    rule = {"$ref": "#/$defs/rule"}
    no_tree = {"type": "null"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Requirement of a crossing",
        "type": "object",
        "required": ["rule"],
        "additionalProperties": False,
        "properties": {
            "applies": {"anyOf": [rule, no_tree], "description": "Who is asked; null: everyone"},
            "rule": {"anyOf": [rule, {"const": to_json(NOTHING), "description": "Nothing is asked"}]},
            "exempt": {"anyOf": [rule, no_tree], "description": "Who of them is spared"},
            "price": {"anyOf": [_price(), no_tree]},
            "side_effect": {"type": ["string", "null"], "maxLength": LONGEST_SIDE_EFFECT},
        },
        "$defs": {"rule": {"oneOf": [*_groups(rule), *_leaves()]}},
    }


def _groups(rule: Json) -> list[Json]:
    parts = {"type": "array", "minItems": 1, "items": rule}
    unless = _object({"rule": rule, "exempt": rule}, required=["rule", "exempt"])
    spared = unless | {"description": "The rule, of which the people of `exempt` are spared; read as `any` of both"}
    return [_only("all", parts), _only("any", parts), _only("not", rule), _only("unless", spared)]


def _leaves() -> list[Json]:
    return [*_things(), *_bookings(), *_people(), _only("consent_form", _object({})), _only("closed", _object({}))]


def _things() -> list[Json]:
    hours = _whole(1, LONGEST_TEST_AGE_HOURS) | {
        "description": "Hours from sampling to the planned time at the barrier"
    }
    test = {"kinds": _some_of(TestKind.values), "result": {"const": "negative"}, "max_age_hours": hours}
    since = _days() | {"description": "Whole days from the last dose to the day at the barrier"}
    doses = _whole(1, MOST_DOSES)
    vaccination = {"kinds": _some_of(VaccineKind.values), "doses": doses, "min_days": since, "max_days": since}
    document = {"kinds": _some_of(DocumentKind.values), "min_remaining_days": _days()}
    permit = {"kinds": _some_of(PermitKind.values), "issued_by": _issuers()}
    payment = {"for": _title(), "amount": _amount(), "currency": _currency()}
    return [
        _only("test", _object(test, required=["kinds", "max_age_hours"])),
        _only("vaccination", _object(vaccination, required=["kinds"])),
        _only("document", _object(document, required=["kinds"])),
        _only("permit", _object(permit, required=["kinds"])),
        _only("guarantee_letter", _object({"issued_by": _issuers()})),
        _only("registration_form", _object({"name": _title()}, required=["name"])),
        _only("payment", _object(payment, required=["for", "amount", "currency"])),
    ]


def _bookings() -> list[Json]:
    hour = {"type": ["string", "null"], "pattern": f"^({HOUR.pattern})$"}
    days = {"anyOf": [_some_of(list(WEEK)) | {"maxItems": len(WEEK) - 1}, {"type": "null"}]}
    per_day = _whole(1, LARGEST_QUOTA) | {"type": ["integer", "null"]}
    window = {"days": days, "from": hour, "until": hour}
    return [
        _only("quarantine", _object({"days": _whole(1, LONGEST_QUARANTINE_DAYS)}, required=["days"])),
        _only("quota", _object({"per_day": per_day})),
        _only("window", _object(window) | {"minProperties": 1}),
        _only("escort", _object({"kinds": _some_of(EscortKind.values)}, required=["kinds"])),
    ]


def _people() -> list[Json]:
    age = {"from": _whole(0, OLDEST_AGE), "under": _whole(1, OLDEST_AGE)}
    codes = {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string"}}
    return [
        _only("age", _object(age) | {"minProperties": 1}),
        _only("nationality", _in_or_not_in()),
        _only("residence", _in_or_not_in()),
        _only("purpose", _object({"in": _some_of(PurposeKind.values)}, required=["in"])),
        _only("passage", _object({"as": {"enum": PassageWay.values}}, required=["as"])),
        _only("group", _object({"in": codes}, required=["in"])),
    ]


def _in_or_not_in() -> Json:
    return {
        "oneOf": [
            _object({"in": _countries()}, required=["in"]),
            _object({"not_in": _countries()}, required=["not_in"]),
        ]
    }


def _countries() -> Json:
    return {
        "type": "array",
        "minItems": 1,
        "uniqueItems": True,
        "items": {"type": "string", "pattern": "^[A-Z]{3}$"},
    }


def _issuers() -> Json:
    return {"anyOf": [_countries(), {"type": "null"}], "description": "Countries; left out: any"}


def _title() -> Json:
    return {"type": "string", "minLength": 1, "maxLength": LONGEST_TITLE}


def _whole(least: int, most: int) -> Json:
    return {"type": "integer", "minimum": least, "maximum": most}


def _days() -> Json:
    return {"type": ["integer", "null"], "minimum": 0, "maximum": LONGEST_REMAINING_DAYS}


def _amount() -> Json:
    return {"type": "string", "pattern": r"^[0-9]+(\.[0-9]{1,2})?$"}


def _currency() -> Json:
    return {"type": "string", "pattern": "^[A-Z]{3}$"}


def _price() -> Json:
    return _object(
        {"amount": _amount(), "currency": _currency(), "per": {"enum": PricePer.values}},
        required=["amount", "currency"],
    )


def _some_of(values: list[str]) -> Json:
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"enum": values}}


def _object(properties: Json, *, required: Sequence[str] = ()) -> Json:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _only(name: str, schema: Json) -> Json:
    return _object({name: schema}, required=[name])
