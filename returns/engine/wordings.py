"""What several passages share of what is asked, so that one statement, put into words once, judges them all."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from returns.engine.bits import waived
from returns.engine.conditions import Condition, Waived, conditions_of
from returns.engine.slots import Place, Slice
from returns.ledgers import StandingRule


@dataclass(frozen=True, slots=True)
class Wording:
    """What a statement of one slice says; equal where trees, zones and bits are. Whose waivers are meant it does not say.

    `asked` are the conditions that it reads from facts, `by_hand` whether some of them come from Python.
    """

    key: Hashable
    by_hand: bool
    place: Place = field(compare=False)
    slice_: Slice = field(compare=False)
    asked: tuple[Condition, ...] = field(compare=False)


def wording(place: Place, slice_: Slice, asked: Sequence[Condition], *, by_hand: bool) -> Wording:
    """Give the wording by which one slice is judged."""
    bit = place.numbering.bit
    trees = tuple(
        (rule.content.applies, rule.content.exempt, rule.content.rule, rule.zone.key, _begins(rule))
        for rule in slice_.rules
    )
    key = (
        trees,
        tuple(map(bit, conditions_of(slice_.rules))),
        tuple(
            (Waived if isinstance(condition.atom, Waived) else condition.atom, condition.zone, bit(condition))
            for condition in asked
        ),
    )
    return Wording(key, by_hand, place, slice_, tuple(asked))


def _begins(rule: StandingRule) -> Hashable:
    """Give when it begins, where that decides of whom it is asked."""
    return rule.applies_from if rule.begins_in_queue else None


def together(wanted: Sequence[Wording]) -> list[list[Wording]]:
    """Put those side by side that one statement can judge, waivers and all."""
    alike: dict[Hashable, list[Wording]] = {}
    for each in wanted:
        waivers = tuple(sorted(waived(each.asked, each.place.numbering).items()))
        alike.setdefault((each, waivers), []).append(each)
    return list(alike.values())
