"""What a rule is made of: leaves (one condition each) joined by all, any and not. Values only, no wording."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeAlias

from .leaves import Age, Closed, Json, Leaf, OfPeople, Passage, in_order, leaf_to_json

MAX_LEAVES = 64
"""One requirement must fit the bits of one word and its neighbour (readiness: a bit per leaf)."""
MAX_DEPTH = 8
"""Nobody can read a rule that is nested deeper, and nothing may exhaust the stack."""


@dataclass(frozen=True, slots=True)
class All:
    """Every part must hold."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part must hold."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part must not hold."""

    part: Rule


Rule: TypeAlias = Leaf | All | AnyOf | Not


@dataclass(frozen=True, slots=True)
class Price:
    """What meeting the requirement costs: "20 USD per person"."""

    amount: Decimal
    currency: str
    per: str


@dataclass(frozen=True, slots=True)
class Content:
    """What one version of a requirement says.

    `applies` names the people it is asked of (None: everyone), `exempt` those of them who are spared,
    `side_effect` what follows for those who meet it ("14 days of quarantine"), in the author's words.
    """

    rule: Rule
    applies: Rule | None = None
    exempt: Rule | None = None
    price: Price | None = None
    side_effect: str = ""


def leaves(rule: Rule) -> Iterator[Leaf]:
    """Yield every leaf from left to right, repeats included."""
    if isinstance(rule, All | AnyOf):
        for part in rule.parts:
            yield from leaves(part)
    elif isinstance(rule, Not):
        yield from leaves(rule.part)
    else:
        yield rule


def says_who(rule: Rule) -> bool:
    """Tell whether a tree only says which people are meant: then, as one way of several, it spares them."""
    return all(isinstance(leaf, OfPeople) for leaf in leaves(rule))


def content_leaves(content: Content) -> Iterator[Leaf]:
    """Yield the leaves of population, rule and exemption in that order."""
    for rule in (content.applies, content.rule, content.exempt):
        if rule is not None:
            yield from leaves(rule)


def to_json(rule: Rule) -> Json:
    """Give the JSON of a tree, so that `parse(to_json(rule)) == rule`."""
    match rule:
        case All(parts):
            return {"all": [to_json(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [to_json(part) for part in parts]}
        case Not(part):
            return {"not": to_json(part)}
        case leaf:
            return leaf_to_json(leaf)


def content_to_json(content: Content) -> Json:
    """Give the JSON of a whole requirement, so that `parse_content(content_to_json(content)) == content`."""
    price = content.price
    return {
        "applies": None if content.applies is None else to_json(content.applies),
        "rule": to_json(content.rule),
        "exempt": None if content.exempt is None else to_json(content.exempt),
        "price": None if price is None else {"amount": str(price.amount), "currency": price.currency, "per": price.per},
        "side_effect": content.side_effect,
    }


NOTHING = All(())
"""The rule that asks for nothing: everybody meets it. It stands alone, never inside another rule."""


def canonical(rule: Rule) -> Rule:
    """Give the one form of all trees that say the same by order, nesting, repetition or the place of a `not`.

    Below a `not` stands only a leaf. Two rules with the same canonical form mean the same; the reverse is not
    promised (no full logic is done).
    """
    return _ordered(negations_inside(rule))


def negations_inside(rule: Rule, *, negated: bool = False) -> Rule:
    """Move every `not` down to the leaves (de Morgan), as people say it: "not under 5" becomes "5 or older"."""
    match rule:
        case Not(part):
            return negations_inside(part, negated=not negated)
        case All(parts) | AnyOf(parts):
            kind = type(rule) if not negated else (AnyOf if isinstance(rule, All) else All)
            return kind(tuple(negations_inside(part, negated=negated) for part in parts))
        case Age(from_age, None) if negated and from_age:
            return Age(None, from_age)
        case Age(None, under) if negated:
            return Age(under, None)
        case Passage(way) if negated:
            return Passage("stay" if way == "transit" else "transit")
        case _:
            return Not(rule) if negated else rule


def _ordered(rule: Rule) -> Rule:
    match rule:
        case Not(part):
            return Not(_ordered(part))
        case All(parts) | AnyOf(parts):
            kind = type(rule)
            flat: dict[str, Rule] = {}
            for part in map(_ordered, parts):
                for piece in part.parts if isinstance(part, kind) else (part,):
                    flat.setdefault(_text(piece), piece)
            ordered = tuple(flat[text] for text in sorted(flat))
            return ordered[0] if len(ordered) == 1 else kind(ordered)
        case leaf:
            return in_order(leaf)


def canonical_text(rule: Rule) -> str:
    """Give the canonical form as text: equal texts are equal atoms (the unique key of a stored leaf)."""
    return _text(canonical(rule))


def _text(rule: Rule) -> str:
    return json.dumps(to_json(rule), sort_keys=True, separators=(",", ":"))


def canonical_content(content: Content) -> Content:
    """Give the content with each of its trees in canonical form, and whoever may cross a closed barrier as spared."""
    content = closing_apart(content)
    return Content(
        rule=canonical(content.rule),
        applies=None if content.applies is None else canonical(content.applies),
        exempt=None if content.exempt is None else canonical(content.exempt),
        price=content.price,
        side_effect=content.side_effect,
    )


def closing_apart(content: Content) -> Content:
    """Give a content whose rule is "closed, or being one of these" as what it means: closed, and these are spared."""
    rule = canonical(content.rule)
    if not isinstance(rule, AnyOf) or [part for part in rule.parts if not says_who(part)] != [Closed()]:
        return content
    spared = tuple(part for part in rule.parts if says_who(part))
    spared += () if content.exempt is None else (content.exempt,)
    return replace(content, rule=Closed(), exempt=spared[0] if len(spared) == 1 else AnyOf(spared))
