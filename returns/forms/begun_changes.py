"""With what the form of a change begins: a word from the barrier, or what a line asks now."""

from __future__ import annotations

from typing import Any

from corridors.enums import Certainty, SourceTier
from corridors.models import BarrierReport, Requirement
from returns.forms.changes import EVERY, KIND_OF, MORE
from returns.forms.conditions import written


def initial_of_report(report: BarrierReport, said: str) -> dict[str, Any]:
    """Fill the form with what was reported from the barrier: where, about what, and the words, which are only reported."""
    given: dict[str, Any] = {
        "way": f"{report.crossing.code}:{report.from_country}:{report.to_country}",
        "certainty": Certainty.REPORTED,
        "source_tier": SourceTier.ORAL_POST,
        "source_text": said,
    }
    return given | ({"subject": report.subject} if report.subject in KIND_OF else {})


def initial_of(line: Requirement, content: dict[str, Any]) -> dict[str, Any]:
    """Fill the form with what a line asks now, so that only what changed is typed.

    What the form has no field for is left out; the next page says in words what would be different then.
    """
    first, more = _in_steps(content.get("rule") or {})
    given: dict[str, Any] = {
        "mode": line.mode,
        "way": f"{line.crossing.code if line.crossing else EVERY}:{line.from_country}:{line.to_country}",
        "subject": line.subject,
        "side_effect": content.get("side_effect", ""),
        "more": dict(zip(MORE, more, strict=False)),
        **written(first),
        **_whom(content.get("applies") or {}),
        **_spared_by(content.get("exempt") or {}),
    }
    if content.get("price"):
        price = content["price"]
        given |= {"price": price["amount"], "currency": price["currency"], "price_per": price.get("per", "")}
    return given


def _in_steps(rule: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Give the first condition of a rule, and what was joined to it step by step as this form does."""
    more: list[dict[str, Any]] = []
    while len(more) < len(MORE) and len(parts := rule.get("all") or rule.get("any") or []) == len(("rule", "more")):
        join = "all" if "all" in rule else "any"
        rule, condition = parts
        inner, under = _spared(condition)
        more.insert(0, {"join": join, "kind": next(iter(inner), ""), "spared_under": under, **written(inner)})
    return rule, more


def _spared(condition: dict[str, Any]) -> tuple[dict[str, Any], int | None]:
    """Give a condition and the age under which children are spared it."""
    match condition:
        case {"any": [dict() as inner, {"age": {"under": int(under), **rest}}]} if not rest:
            return inner, under
    return condition, None


def _spared_by(exempt: dict[str, Any]) -> dict[str, Any]:
    """Give the fields of who is spared the whole of it."""
    found: dict[str, Any] = {}
    for part in exempt.get("any") or [exempt]:
        match part:
            case {"age": {"under": int(under), **more}} if not more:
                found["exempt_under"] = under
            case {"age": {"from": int(years), **more}} if not more:
                found["spared_from_age"] = years
            case {"nationality": {"in": codes}}:
                found["spared_of"] = codes
            case {"residence": {"in": codes}}:
                found["spared_residents"] = codes
            case {"group": {"in": codes}}:
                found["spared_groups"] = ", ".join(codes)
    return found


def _whom(applies: dict[str, Any]) -> dict[str, Any]:
    """Give the fields of whom it is asked."""
    found: dict[str, Any] = {}
    for part in applies.get("all") or [applies]:
        match part:
            case {"nationality": {"in": codes}}:
                found["asked_of"] = codes
            case {"nationality": {"not_in": codes}} | {"not": {"nationality": {"in": codes}}}:
                found["not_asked_of"] = codes
            case {"age": dict(ages)}:
                found |= {"asked_from_age": ages.get("from"), "asked_under_age": ages.get("under")}
            case {"passage": {"as": way}}:
                found["asked_passage"] = way
            case {"residence": {"in": codes}}:
                found["asked_residents"] = codes
            case {"residence": {"not_in": codes}} | {"not": {"residence": {"in": codes}}}:
                found["not_asked_residents"] = codes
            case {"purpose": {"in": purposes}}:
                found["asked_purposes"] = purposes
            case {"group": {"in": codes}}:
                found["asked_groups"] = ", ".join(codes)
    return found
