"""Read the JSON of a rule strictly: whatever is wrong is named by its path, with a sentence how to mend it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from .kinds import PricePer
from .leaf_parsing import LEAVES, read_amount, read_currency
from .leaves import Closed
from .reading import RuleError, object_of, one_line, word_of
from .tree import (
    MAX_DEPTH,
    MAX_LEAVES,
    NOTHING,
    All,
    AnyOf,
    Content,
    Not,
    Price,
    Rule,
    content_leaves,
    leaves,
    says_who,
    to_json,
)

LONGEST_SIDE_EFFECT = 300
NAMES = ("all", "any", "not", "unless", *LEAVES)
"""What a node may be: a group, or one condition."""


def parse(value: Any, *, path: str = "rule") -> Rule:
    """Read one tree from its JSON value.

    Raises RuleError for an unknown condition, a value out of range, an empty group, more than 64 conditions
    or more than 8 levels.
    """
    rule = _node(value, path, depth=1)
    _refuse_too_many(sum(1 for _leaf in leaves(rule)), path)
    return rule


def parse_content(value: Any) -> Content:
    """Read what a version of a requirement says: applies, rule, exempt, price, side_effect.

    Raises RuleError. The 64 conditions count over all three trees together.
    """
    fields = object_of(value, "content", known=("applies", "rule", "exempt", "price", "side_effect"))
    if fields.get("rule") is None:
        raise RuleError("rule", _("say what is required: a rule is missing"))
    content = Content(
        rule=NOTHING if fields["rule"] == to_json(NOTHING) else parse(fields["rule"], path="rule"),
        applies=_population(fields.get("applies"), "applies"),
        exempt=_population(fields.get("exempt"), "exempt"),
        price=_price(fields.get("price"), "price"),
        side_effect=_side_effect(fields.get("side_effect", ""), "side_effect"),
    )
    _refuse_too_many(sum(1 for _leaf in content_leaves(content)), "content")
    return content


def _refuse_too_many(count: int, path: str) -> None:
    if count > MAX_LEAVES:
        raise RuleError(
            path,
            _("%(count)d conditions are too many; %(most)d fit. Split the requirement into two.")
            % {"count": count, "most": MAX_LEAVES},
        )


def _population(value: Any, path: str) -> Rule | None:
    """Read who is asked or spared. A closed crossing is a rule, not a kind of people."""
    if value is None:
        return None
    rule = parse(value, path=path)
    if any(isinstance(leaf, Closed) for leaf in leaves(rule)):
        raise RuleError(path, _("“closed” belongs into the rule; here say which people are meant"))
    return rule


def _node(value: Any, path: str, *, depth: int) -> Rule:
    _refuse_too_deep(depth, path)
    if not isinstance(value, Mapping) or len(value) != 1:
        raise RuleError(path, _("give an object with exactly one of: %(names)s") % {"names": ", ".join(NAMES)})
    name, inner = next(iter(value.items()))
    here = f"{path}.{name}"
    match name:
        case "all" | "any":
            parts = _parts(inner, here, depth=depth)
            return All(parts) if name == "all" else AnyOf(parts)
        case "not":
            return _not(inner, here, depth=depth)
        case "unless":
            return _unless(inner, here, depth=depth)
        case "nationality" | "residence" if isinstance(inner, Mapping) and "not_in" in inner:
            _refuse_too_deep(depth + 1, here)
            object_of(inner, here, known=("not_in",))
            return Not(LEAVES[name]({"in": inner["not_in"]}, here))
        case str() if name in LEAVES:
            return LEAVES[name](inner, here)
    raise RuleError(
        path,
        _("“%(name)s” is not known; use one of: %(names)s") % {"name": str(name)[:40], "names": ", ".join(NAMES)},
    )


def _refuse_too_deep(depth: int, path: str) -> None:
    if depth > MAX_DEPTH:
        raise RuleError(path, _("nested too deep; use at most %(most)d levels") % {"most": MAX_DEPTH})


def _parts(value: Any, path: str, *, depth: int) -> tuple[Rule, ...]:
    if not isinstance(value, list) or not value:
        raise RuleError(path, _("give a list with at least one condition"))
    return tuple(_node(part, f"{path}[{number}]", depth=depth + 1) for number, part in enumerate(value))


def _not(value: Any, path: str, *, depth: int) -> Not:
    part = _node(value, path, depth=depth + 1)
    if any(isinstance(leaf, Closed) for leaf in leaves(part)):
        raise RuleError(path, _("“closed” cannot be turned round; leave the condition out instead"))
    return Not(part)


def _unless(value: Any, path: str, *, depth: int) -> AnyOf:
    """Read a condition that some people are spared: the condition, or being one of them."""
    fields = object_of(value, path, known=("rule", "exempt"))
    rule = _node(fields.get("rule"), f"{path}.rule", depth=depth + 1)
    exempt = _node(fields.get("exempt"), f"{path}.exempt", depth=depth + 1)
    if not says_who(exempt):
        raise RuleError(f"{path}.exempt", _("say which people are spared: by age, nationality, residence or group"))
    return AnyOf((rule, exempt))


def _price(value: Any, path: str) -> Price | None:
    if value is None:
        return None
    fields = object_of(value, path, known=("amount", "currency", "per"))
    currency = read_currency(fields.get("currency"), f"{path}.currency")
    per = word_of(fields.get("per", PricePer.PERSON.value), f"{path}.per", PricePer.values)
    return Price(read_amount(fields.get("amount"), f"{path}.amount"), currency, per)


def _side_effect(value: Any, path: str) -> str:
    return "" if value is None else one_line(value, path, most=LONGEST_SIDE_EFFECT, needed=False)
