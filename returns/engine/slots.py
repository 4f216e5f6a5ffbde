"""The bits of conditions at a passage, and the rules of a time slice: allocated when a rule is first asked, then kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from django.utils.translation import gettext as _

from common.refusals import RefusalError
from corridors.lines import ANY
from corridors.models import AtomSlot, BorderCrossing, Passage, RuleAtom, RuleSet
from returns.engine.conditions import ALL_BITS, FIRST_FREE, Condition, Numbering, conditions_of
from returns.engine.levels import MOST_RULES
from returns.ledgers import LONGEST_QUEUE, Direction, Ledger, StandingRule

Way: TypeAlias = tuple[Direction, str]
"""A direction, and by what people travel; empty where nobody has said it."""


class TooManyConditionsError(RefusalError):
    """A passage at which more is asked than has room. The text says what to do."""


@dataclass(frozen=True, slots=True)
class Slice:
    """What is asked of whoever is to pass from one instant (None: ever) to another (None: for good; exclusive).

    That may begin later, while their queue may last: each of `rules` says whether it does.
    """

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
    judged = _stored(direction[0] for direction in directions)
    return {way for way in judged if way[0] in directions} | {(direction, "") for direction in directions}


def passages_of(ways: Collection[Way]) -> dict[Way, int]:
    """Give the keys of the passages; those that were never judged at are made."""
    wanted = set(ways)
    found = _stored(direction[0] for direction, _mode in wanted)
    missing = [
        Passage(crossing_id=crossing, from_country=start, to_country=end, mode=mode)
        for (crossing, start, end), mode in sorted(wanted - set(found))
    ]
    for row in Passage.objects.bulk_create(missing):
        found[(row.crossing_id, row.from_country, row.to_country), row.mode] = row.pk
    return {way: found[way] for way in wanted}


def _stored(crossings: Iterable[int]) -> dict[Way, int]:
    rows = Passage.objects.filter(crossing__in=set(crossings))
    columns = rows.values_list("pk", "crossing", "from_country", "to_country", "mode")
    return {((crossing, start, end), mode): pk for pk, crossing, start, end, mode in columns}


def slices_of(ledger: Ledger, way: Way, *, at: datetime) -> tuple[Slice, ...]:
    """Cut the time where what is asked changes, for every hour that may be judged `at`; equal neighbours are one.

    What begins is cut the longest queue before, too: from then on it may concern who still stands in the queue.
    """
    earliest = at - LONGEST_QUEUE
    direction, mode = way
    versions = [rule for line in ledger.lines.get(direction, {}).values() for rule in line]
    begun = {rule.applies_from for rule in versions if rule.applies_from}
    edges = begun | {rule.applies_until for rule in versions if rule.applies_until}
    edges |= {edge - LONGEST_QUEUE for edge in begun}
    begins: list[datetime | None] = [None, *sorted(edge for edge in edges if edge > earliest)]
    cut: list[Slice] = []
    for first, last in zip(begins, [*begins[1:], None], strict=True):
        rules = tuple(ledger.through(direction, earliest if first is None else first, mode))
        if cut and cut[-1].rules == rules:
            cut[-1] = Slice(cut[-1].begins, last, rules)
        else:
            cut.append(Slice(first, last, rules))
    return tuple(cut)


def places_of(ledger: Ledger, passages: Mapping[Way, int], *, at: datetime) -> list[Place]:
    """Give some passages with a bit for every condition that is asked there at an hour that may be judged `at`.

    Bits that nothing asks for any more are freed. Raises TooManyConditionsError.
    """
    stored: dict[int, list[tuple[str, int, int]]] = defaultdict(list)
    rows = AtomSlot.objects.filter(passage__in=list(passages.values()))
    for passage, canonical, bit, pk in rows.values_list("passage", "atom__canonical", "bit", "pk"):
        stored[passage].append((canonical, bit, pk))
    places, freed = [], list[int]()
    for way, passage in sorted(passages.items()):
        place, unasked = _place(ledger, way, passage, stored[passage], at=at)
        places.append(place)
        freed += unasked
    if freed:
        AtomSlot.objects.filter(pk__in=freed).delete()
    _store([place for place in places if place.new])
    return places


def _place(
    ledger: Ledger, way: Way, passage: int, stored: Sequence[tuple[str, int, int]], *, at: datetime
) -> tuple[Place, list[int]]:
    """Give a passage with its bits, and the keys of stored ones that nothing asks for any more."""
    slices = slices_of(ledger, way, at=at)
    conditions = tuple(conditions_of([rule for each in slices for rule in each.rules]))
    wanted = {condition.canonical: condition for condition in conditions}
    bits = {canonical: bit for canonical, bit, _pk in stored if canonical in wanted}
    new = tuple(condition for canonical, condition in wanted.items() if canonical not in bits)
    taken = set(bits.values())
    free = [bit for bit in range(FIRST_FREE, ALL_BITS) if bit not in taken]
    if len(new) > len(free):
        raise _too_many()
    bits |= {condition.canonical: bit for condition, bit in zip(new, free, strict=False)}
    unasked = [pk for canonical, _bit, pk in stored if canonical not in wanted]
    return Place(passage, way, slices, tuple(wanted.values()), Numbering(bits), new), unasked


def _store(places: Sequence[Place]) -> None:
    """Keep the bits of conditions that are new."""
    new = {condition.canonical: condition for place in places for condition in place.new}
    if not new:
        return
    RuleAtom.objects.bulk_create([_atom(new[canonical]) for canonical in sorted(new)], ignore_conflicts=True)
    keys = dict(RuleAtom.objects.filter(canonical__in=list(new)).values_list("canonical", "pk"))
    AtomSlot.objects.bulk_create(
        [
            AtomSlot(passage_id=place.passage, atom_id=keys[condition.canonical], bit=place.numbering.bit(condition))
            for place in places
            for condition in place.new
        ]
    )


def refuse_crowding(ledger: Ledger, directions: Collection[Direction], *, at: datetime) -> None:
    """Raise TooManyConditionsError where more is asked by `ledger` than can be judged at once.

    Where nobody has said by what people travel, the lines of every mode are asked, so no single mode asks more.
    """
    for direction in sorted(directions):
        slices = slices_of(ledger, (direction, ANY), at=at)
        asked = len(conditions_of([rule for each in slices for rule in each.rules]))
        if asked > ALL_BITS - FIRST_FREE or any(len(each.rules) > MOST_RULES for each in slices):
            raise _too_many(BorderCrossing.objects.get(pk=direction[0]).code)


def numbered(conditions: Sequence[Condition]) -> Numbering:
    """Number conditions for a question that stores nothing."""
    if len(conditions) > ALL_BITS - FIRST_FREE:
        raise _too_many()
    return Numbering({each.canonical: bit for bit, each in enumerate(conditions, start=FIRST_FREE)})


def rule_sets(asked: Sequence[tuple[int, Sequence[StandingRule]]]) -> list[int]:
    """Give the keys of the stored sets of some rules at some passages, in that order; makes those that there are not."""
    if any(len(rules) > MOST_RULES for _passage, rules in asked):
        raise _too_many()
    wanted = {(passage, _versions(rules)): rules for passage, rules in asked}
    rows = RuleSet.objects.filter(
        passage__in={passage for passage, _key in wanted}, versions__in=[list(key) for _passage, key in wanted]
    )
    stored = {(passage, tuple(key)): pk for passage, key, pk in rows.values_list("passage", "versions", "pk")}
    missing = [key for key in wanted if key not in stored]
    made = RuleSet.objects.bulk_create(
        [
            RuleSet(passage_id=passage, versions=list(versions), keys=[rule.key for rule in wanted[passage, versions]])
            for passage, versions in missing
        ]
    )
    stored |= {key: row.pk for key, row in zip(missing, made, strict=True)}
    return [stored[passage, _versions(rules)] for passage, rules in asked]


def _versions(rules: Sequence[StandingRule]) -> tuple[int, ...]:
    """Give the versions, as negative numbers those that begin while a queue may last; a draft is never stored."""
    return tuple(-rule.version if rule.begins_in_queue else rule.version for rule in rules if rule.version is not None)


def _atom(condition: Condition) -> RuleAtom:
    kind, params = condition.to_json()
    return RuleAtom(kind=kind, params=params, zone=condition.zone, canonical=condition.canonical)


def _too_many(crossing: str = "") -> TooManyConditionsError:
    words = _("At %(crossing)s more would be asked than can be judged at once. End lines there that apply no longer.")
    return TooManyConditionsError("content", words % {"crossing": crossing or _("one crossing")})
