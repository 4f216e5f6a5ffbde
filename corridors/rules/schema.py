"""The JSON Schema of what a version of a requirement says, for the API's documentation and for editors.

The schema tells shapes and ranges; `parse_content` is the judge (it also counts conditions and levels).
"""

from .kinds import DocumentKind, PricePer, TestKind
from .parsing import LONGEST_REMAINING_DAYS, LONGEST_SIDE_EFFECT, LONGEST_TEST_AGE_HOURS, OLDEST_AGE
from .tree import NOTHING, Json, to_json


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
    return [_only("all", parts), _only("any", parts), _only("not", rule)]


def _test() -> Json:
    hours = {
        "type": "integer",
        "minimum": 1,
        "maximum": LONGEST_TEST_AGE_HOURS,
        "description": "Hours from sampling to the planned time at the barrier",
    }
    said = {"kinds": _some_of(TestKind.values), "result": {"const": "negative"}, "max_age_hours": hours}
    return _object(said, required=["kinds", "max_age_hours"])


def _document() -> Json:
    days = {"type": ["integer", "null"], "minimum": 0, "maximum": LONGEST_REMAINING_DAYS}
    return _object({"kinds": _some_of(DocumentKind.values), "min_remaining_days": days}, required=["kinds"])


def _leaves() -> list[Json]:
    years = {"type": "integer", "minimum": 0, "maximum": OLDEST_AGE}
    return [
        _only("test", _test()),
        _only("document", _document()),
        _only("age", _object({"from": years, "under": years | {"minimum": 1}}, required=[]) | {"minProperties": 1}),
        _only(
            "nationality",
            _object(
                {
                    "in": {
                        "type": "array",
                        "minItems": 1,
                        "uniqueItems": True,
                        "items": {"type": "string", "pattern": "^[A-Z]{3}$"},
                    }
                },
                required=["in"],
            ),
        ),
        _only("consent_form", _object({}, required=[])),
        _only("closed", _object({}, required=[])),
    ]


def _price() -> Json:
    return _object(
        {
            "amount": {"type": "string", "pattern": r"^[0-9]+(\.[0-9]{1,2})?$"},
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
            "per": {"enum": PricePer.values},
        },
        required=["amount", "currency"],
    )


def _some_of(values: list[str]) -> Json:
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"enum": values}}


def _object(properties: Json, *, required: list[str]) -> Json:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _only(name: str, schema: Json) -> Json:
    return _object({name: schema}, required=[name])
