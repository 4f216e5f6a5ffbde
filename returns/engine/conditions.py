"""The conditions of rules, each of which has a bit, and rule trees compiled to SQL over those bits. Pure.

A tree needs no normal form: that it is known to hold and that it is known not to are two expressions, each made of the
same two of its parts. Where neither is so, nobody can know.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from corridors.rules import All, AnyOf, Leaf, Not, Rule, content_leaves, to_json
from corridors.rules import canonical as in_order
from returns.enums import OWN_CONDITIONS
from returns.ledgers import StandingRule

WORD = 63
"""Bits of a word; the sign is left alone."""
WORDS = ("low", "high")
FIRST_FREE = len(OWN_CONDITIONS) - 1
"""Bits below are our own conditions; the plan, which is the last of them, needs no bit here."""
ALL_BITS = WORD * len(WORDS)


@dataclass(frozen=True, slots=True)
class Waived:
    """The case has a waiver of this requirement (its key), whose end has not come."""

    requirement: int


Atom: TypeAlias = Leaf | Waived


@dataclass(frozen=True, slots=True)
class Condition:
    """One atom, read on the calendar of one zone (blank where no calendar matters)."""

    atom: Atom
    zone: str

    def to_json(self) -> tuple[str, Any]:
        """Give kind and parameters, as they are stored."""
        if isinstance(self.atom, Waived):
            return "waived", {"requirement": self.atom.requirement}
        return next(iter(to_json(self.atom).items()))

    @property
    def canonical(self) -> str:
        """The text under which it is known: the same for the same condition in other words."""
        return _canonical(self)


@lru_cache(maxsize=10_000)
def _canonical(condition: Condition) -> str:
    return json.dumps([*condition.to_json(), condition.zone], sort_keys=True, separators=(",", ":"))


@lru_cache(maxsize=10_000)
def condition(leaf: Leaf, zone: str) -> Condition:
    """Give the condition of a leaf, its lists in order."""
    return Condition(in_order(leaf), zone)  # type: ignore[arg-type]  # the canonical form of a leaf is a leaf


def waiver_of(rule: StandingRule) -> Condition:
    """Give the condition that the rule's requirement is waived for a case."""
    return Condition(Waived(rule.requirement), "")


def conditions_of(rules: Sequence[StandingRule]) -> list[Condition]:
    """Give every condition that some rules ask for, each once."""
    return list(dict.fromkeys(each for rule in rules for each in _conditions(rule)))


def _conditions(rule: StandingRule) -> Iterator[Condition]:
    for leaf in content_leaves(rule.content):
        yield condition(leaf, rule.zone.key)
    yield waiver_of(rule)


@dataclass(frozen=True, slots=True)
class Numbering:
    """Which bit each condition has at one passage, by its canonical text."""

    bits: Mapping[str, int]

    def bit(self, condition: Condition) -> int:
        """Give the bit of a condition that has one."""
        return self.bits[condition.canonical]


def column(bit: int, *, true: bool, late: bool) -> str:
    """Give the column of the word in which a bit stands."""
    return f"{'late_' if late else ''}{'true' if true else 'false'}_{WORDS[bit // WORD]}"


def mask(bit: int) -> int:
    """Give the bit inside its word."""
    return 1 << bit % WORD


def known(rule: Rule, numbering: Numbering, *, zone: str, true: bool, late: bool) -> str:
    """Give the SQL that a tree is known to hold (`true`) or known not to, now or when the queue is over."""
    match rule:
        case Not(part):
            return known(part, numbering, zone=zone, true=not true, late=late)
        case All(parts) | AnyOf(parts):
            return _joined(parts, numbering, zone=zone, true=true, late=late, every=isinstance(rule, All) == true)
        case leaf:
            return is_set(condition(leaf, zone), numbering, true=true, late=late)


def is_set(condition: Condition, numbering: Numbering, *, true: bool, late: bool) -> str:
    """Give the SQL that the bit of one condition is set."""
    bit = numbering.bit(condition)
    return f"{column(bit, true=true, late=late)} & {mask(bit)} <> 0"


def _joined(parts: Sequence[Rule], numbering: Numbering, *, zone: str, true: bool, late: bool, every: bool) -> str:
    """Join parts by `and` or `or`; leaves side by side are asked together, a word at a time."""
    words: dict[str, int] = {}
    said = []
    for part in parts:
        inner, wanted = part, true
        while isinstance(inner, Not):
            inner, wanted = inner.part, not wanted
        if isinstance(inner, All | AnyOf):
            said.append(f"({known(inner, numbering, zone=zone, true=wanted, late=late)})")
        else:
            bit = numbering.bit(condition(inner, zone))
            word = column(bit, true=wanted, late=late)
            words[word] = words.get(word, 0) | mask(bit)
    said += [f"{word} & {bits} {f'= {bits}' if every else '<> 0'}" for word, bits in words.items()]
    if not said:
        return "true" if every else "false"
    return (" and " if every else " or ").join(said)
