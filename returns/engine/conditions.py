"""The conditions of rules, each of which has a bit, and rule trees compiled to SQL over those bits. Pure.

A tree needs no normal form: that it is known to hold and that it is known not to are two expressions, each made of the
same two of its parts. Where neither is so, nobody can know.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
Tree: TypeAlias = Rule | Waived
Part: TypeAlias = tuple[Tree, bool]
"""A tree, and whether it is asked that it holds or that it does not."""


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


def known(parts: Sequence[Part], numbering: Numbering, *, zone: str, true: bool, late: bool) -> str:
    """Give the SQL that one of `parts` is known to hold (`true`), or each known not to; now or when the queue is over."""
    return _joined([(tree, wanted == true) for tree, wanted in parts], numbering, zone=zone, late=late, every=not true)


def _joined(parts: Sequence[Part], numbering: Numbering, *, zone: str, late: bool, every: bool) -> str:
    """Join parts by `and` or `or`; leaves side by side are asked together, a word at a time."""
    words: dict[str, int] = {}
    said = []
    for tree, true in _flat(parts, every=every):
        if isinstance(tree, All | AnyOf):
            inner = [(part, true) for part in tree.parts]
            said.append(f"({_joined(inner, numbering, zone=zone, late=late, every=not every)})")
        else:
            bit = numbering.bit(_condition_of(tree, zone))
            word = column(bit, true=true, late=late)
            words[word] = words.get(word, 0) | mask(bit)
    said += [f"{word} & {bits} {f'= {bits}' if every else '<> 0'}" for word, bits in words.items()]
    if not said:
        return "true" if every else "false"
    return (" and " if every else " or ").join(said)


def _flat(parts: Iterable[Part], *, every: bool) -> Iterator[Part]:
    """Yield leaves, and those trees of which not every part counts as their neighbours do."""
    for tree, true in parts:
        if isinstance(tree, Not):
            yield from _flat([(tree.part, not true)], every=every)
        elif isinstance(tree, All | AnyOf) and (isinstance(tree, All) == true) == every:
            yield from _flat([(part, true) for part in tree.parts], every=every)
        else:
            yield tree, true


def _condition_of(leaf: Tree, zone: str) -> Condition:
    return Condition(leaf, "") if isinstance(leaf, Waived) else condition(leaf, zone)
