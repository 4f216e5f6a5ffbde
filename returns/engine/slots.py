"""The bits of conditions at a passage, and the rules of a time slice: allocated when a rule is first asked, then kept."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from django.utils.translation import gettext as _

from common.refusals import RefusalError
from corridors.models import AtomSlot, Passage, RuleAtom, RuleSet
from returns.engine.conditions import ALL_BITS, FIRST_FREE, Condition, Numbering, conditions_of
from returns.engine.levels import MOST_RULES
from returns.ledgers import Direction, Ledger, StandingRule

LONGEST_QUEUE = timedelta(days=1)
"""An hour further back has passed with its queue, and nobody is judged for it any more."""
Way: TypeAlias = tuple[Direction, str]
"""A direction, and by what people travel; empty where nobody has said it."""


class TooManyConditionsError(RefusalError):
    """A passage at which more is asked than has room. The text says what to do."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What is asked at a passage from one instant (None: ever) to another (None: for good; exclusive)."""

    begins: datetime | None
    ends: datetime | None
    rules: tuple[StandingRule, ...]

    def holds(self, hour: datetime) -> bool:
        """Tell whether `hour` lies in it."""
        return (self.begins is None or self.begins <= hour) and (self.ends is None or hour < self.ends)


@dataclass(frozen=True, slots=True)
class Place:
    """A passage with its conditions and their bits; `new` are those that had no bit before."""

    passage: int
    way: Way
    slices: tuple[Slice, ...]
    conditions: tuple[Condition, ...]
    numbering: Numbering
    new: tuple[Condition, ...]

    def at(self, hour: datetime) -> Slice:
        """Give the slice in which `hour` lies."""
        return next(each for each in self.slices if each.holds(hour))


def ways_at(directions: Collection[Direction]) -> set[Way]:
    """Give every way of `directions` by which somebody was judged, and the one by which nobody knows how people travel."""
    rows = Passage.objects.filter(crossing__in={direction[0] for direction in directions})
    judged = {_way(row) for row in rows}
    return {way for way in judged if way[0] in directions} | {(direction, "") for direction in directions}


def passages_of(ways: Collection[Way]) -> dict[Way, int]:
    """Give the keys of the passages; those that were never judged at are made."""
    wanted = set(ways)
    rows = Passage.objects.filter(crossing__in={direction[0] for direction, _mode in wanted})
    found = {_way(row): row.pk for row in rows}
    missing = [
        Passage(crossing_id=crossing, from_country=start, to_country=end, mode=mode)
        for (crossing, start, end), mode in sorted(wanted - set(found))
    ]
    for row in Passage.objects.bulk_create(missing):
        found[_way(row)] = row.pk
    return {way: found[way] for way in wanted}


def _way(row: Passage) -> Way:
    return (row.crossing_id, row.from_country, row.to_country), row.mode


def slices_of(ledger: Ledger, way: Way, *, at: datetime) -> tuple[Slice, ...]:
    """Cut the time where what is asked changes, for every hour that may be judged `at`; equal neighbours are one."""
    earliest = at - LONGEST_QUEUE
    direction, mode = way
    versions = [rule for line in ledger.lines.get(direction, {}).values() for rule in line]
    edges = {edge for rule in versions for edge in (rule.applies_from, rule.applies_until) if edge and edge > earliest}
    begins: list[datetime | None] = [None, *sorted(edges)]
    cut: list[Slice] = []
    for first, last in zip(begins, [*begins[1:], None], strict=True):
        rules = tuple(ledger.at(direction, earliest if first is None else first, mode))
        if cut and cut[-1].rules == rules:
            cut[-1] = Slice(cut[-1].begins, last, rules)
        else:
            cut.append(Slice(first, last, rules))
    return tuple(cut)


def place_of(ledger: Ledger, way: Way, passage: int, *, at: datetime) -> Place:
    """Give the passage with a bit for every condition that is asked at an hour that may be judged `at`.

    Bits that nothing asks for any more are freed. Raises TooManyConditionsError.
    """
    slices = slices_of(ledger, way, at=at)
    conditions = tuple(conditions_of([rule for each in slices for rule in each.rules]))
    wanted = {condition.canonical: condition for condition in conditions}
    slots = list(AtomSlot.objects.filter(passage=passage).values_list("atom__canonical", "bit", "pk"))
    bits = {canonical: bit for canonical, bit, _pk in slots if canonical in wanted}
    if len(bits) < len(slots):
        AtomSlot.objects.filter(pk__in=[pk for canonical, _bit, pk in slots if canonical not in wanted]).delete()
    new = [condition for canonical, condition in wanted.items() if canonical not in bits]
    if new:
        bits |= _allocated(passage, new, taken=set(bits.values()))
    return Place(passage, way, slices, tuple(wanted.values()), Numbering(bits), tuple(new))


def numbered(conditions: Sequence[Condition]) -> Numbering:
    """Number conditions for a question that stores nothing."""
    if len(conditions) > ALL_BITS - FIRST_FREE:
        raise _too_many()
    return Numbering({each.canonical: bit for bit, each in enumerate(conditions, start=FIRST_FREE)})


def rule_set(passage: int, rules: Sequence[StandingRule]) -> int:
    """Give the key of the stored set of these rules; makes it where there is none."""
    if len(rules) > MOST_RULES:
        raise _too_many()
    versions = [rule.version for rule in rules if rule.version is not None]  # a draft is never stored
    stored = RuleSet.objects.filter(passage=passage, versions=versions).values_list("pk", flat=True).first()
    if stored is None:
        stored = RuleSet.objects.create(passage_id=passage, versions=versions, keys=[rule.key for rule in rules]).pk
    return stored


def _allocated(passage: int, new: Sequence[Condition], *, taken: set[int]) -> dict[str, int]:
    free = [bit for bit in range(FIRST_FREE, ALL_BITS) if bit not in taken]
    if len(new) > len(free):
        raise _too_many()
    RuleAtom.objects.bulk_create([_atom(condition) for condition in new], ignore_conflicts=True)
    keys = dict(RuleAtom.objects.filter(canonical__in=[each.canonical for each in new]).values_list("canonical", "pk"))
    bits = {each.canonical: bit for each, bit in zip(new, free, strict=False)}
    AtomSlot.objects.bulk_create(
        [AtomSlot(passage_id=passage, atom_id=keys[canonical], bit=bit) for canonical, bit in bits.items()]
    )
    return bits


def _atom(condition: Condition) -> RuleAtom:
    kind, params = condition.to_json()
    return RuleAtom(kind=kind, params=params, zone=condition.zone, canonical=condition.canonical)


def _too_many() -> TooManyConditionsError:
    return TooManyConditionsError(
        "content",
        _("More conditions are asked at this crossing than can be judged at once. End rules that apply no longer."),
    )
