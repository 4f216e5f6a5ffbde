"""The rule of a crossing as a tree of conditions: read it, write it, say it in words, compare two. Pure."""

from .differences import diff
from .kinds import DocumentKind, PricePer, TestKind
from .parsing import RuleError, parse, parse_content
from .schema import json_schema
from .tree import (
    Age,
    All,
    AnyOf,
    Closed,
    ConsentForm,
    Content,
    Leaf,
    NationalityIn,
    NegativeTest,
    Not,
    Price,
    Rule,
    TravelDocument,
    canonical,
    canonical_content,
    canonical_text,
    content_leaves,
    content_to_json,
    leaves,
    to_json,
)
from .wording import describe, describe_price, explain

__all__ = [
    "Age",
    "All",
    "AnyOf",
    "Closed",
    "ConsentForm",
    "Content",
    "DocumentKind",
    "Leaf",
    "NationalityIn",
    "NegativeTest",
    "Not",
    "Price",
    "PricePer",
    "Rule",
    "RuleError",
    "TestKind",
    "TravelDocument",
    "canonical",
    "canonical_content",
    "canonical_text",
    "content_leaves",
    "content_to_json",
    "describe",
    "describe_price",
    "diff",
    "explain",
    "json_schema",
    "leaves",
    "parse",
    "parse_content",
    "to_json",
]
