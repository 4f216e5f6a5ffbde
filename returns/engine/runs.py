"""One run over some cases: which passages and slices they are judged by, and a statement for each."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

from django.db.models import Q

from migrants.models import TravelGroup
from returns import barriers, ledgers
from returns.barriers import Barrier
from returns.engine import slots, writing
from returns.engine.by_hand import bits_by_hand, without_twin
from returns.engine.conditions import Condition
from returns.engine.slots import Way
from returns.engine.wordings import together, wording
from returns.ledgers import Direction, Ledger
from returns.models import ReturnCase
from returns.on_the_road import departed_people

PIECE = 100_000
"""Cases that one statement judges at most; so memory does not grow with how many there are."""


class Run:
    """Judges as of `at`. Afterwards `verdicts` counts the cases, `changed` the rows written, `waiting` says where they wait.

    `moved` says by how much counts of the board move (`board_counts.Key`) where nobody has gone, `came` where somebody was
    judged for the first time.
    """

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.verdicts: Counter[str] = Counter()
        self.changed = 0
        self.waiting: set[Direction] = set()
        self.moved: Counter[tuple[int, str, str, str]] = Counter()
        self.came: set[Direction] = set()
        self._places: dict[Way, slots.Place] = {}

    def judge_planned(self, directions: Collection[Direction]) -> None:
        """Judge whoever is to pass in one of `directions` at an hour to come, from the bits that are stored."""
        wanted = []
        for place in self._prepared(slots.ways_at(directions)):
            by_hand = bool(without_twin(place.new))
            if by_hand:
                self._fill(place)
            asked = () if by_hand else place.new
            wanted += [wording(place, each, asked, by_hand=False) for each in place.slices]
        for alike in together(wanted):
            self._count(writing.judge_from_bits(alike, at=self.at))

    def without_hour(self, directions: Collection[Direction]) -> list[int]:
        """Give the groups (by key) that wait or are planned in `directions` and have no hour to come."""
        crossings = {direction[0] for direction in directions}
        near = TravelGroup.objects.filter(Q(crossing__in=crossings) | Q(plan__crossing__in=crossings))
        near = near.exclude(plan__cross_at__gt=self.at)
        found = barriers.of_groups(list(near.values_list("pk", flat=True)), at=self.at)
        wanted = set(directions)
        return [
            group
            for group, barrier in found.items()
            if barrier.planned is None and wanted & {barrier.waiting, barrier.direction}
        ]

    def judge_anew(self, wanted: Q) -> None:
        """Judge the open cases that `wanted` selects from every fact that is known."""
        for piece in _pieces(wanted):
            found = barriers.of_groups({group for _case, _person, group in piece}, at=self.at)
            self.waiting.update(barrier.waiting for barrier in found.values())
            self._prepare({(barrier.direction, barrier.mode) for barrier in found.values()})
            for place, each, groups in self._sliced(found):
                cases = {case: person for case, person, group in piece if group in groups}
                hand = self._by_hand(place, place.conditions, Q(pk__in=list(cases)))
                worded = wording(place, each, place.conditions, by_hand=hand is not None)
                there = {group: found[group] for group in groups}
                self._count(writing.judge_from_facts(worded, there, at=self.at, cases=cases, hand=hand))

    def _sliced(self, found: dict[int, Barrier]) -> Iterator[tuple[slots.Place, slots.Slice, set[int]]]:
        groups: dict[tuple[Way, int], set[int]] = defaultdict(set)
        for group, barrier in found.items():
            way = (barrier.direction, barrier.mode)
            place = self._places[way]
            groups[way, place.slices.index(place.at(barrier.hour))].add(group)
        for (way, number), keys in groups.items():
            yield self._places[way], self._places[way].slices[number], keys

    def _prepare(self, ways: Iterable[Way]) -> None:
        """Give every passage its bits, and its stored rows those of conditions that are new there."""
        for place in self._prepared(ways):
            if place.new:
                self._fill(place)

    def _fill(self, place: slots.Place) -> None:
        hand = self._by_hand(place, place.new, Q(readiness__passage=place.passage))
        writing.fill(place, at=self.at, hand=hand)

    def _prepared(self, ways: Iterable[Way]) -> list[slots.Place]:
        """Give each passage that was not yet met; whoever takes it sees to its stored rows."""
        unseen = set(ways) - set(self._places)
        if not unseen:
            return []
        ledger: Ledger = ledgers.known({direction for direction, _mode in unseen}, at=self.at)
        places = slots.places_of(ledger, slots.passages_of(unseen), at=self.at)
        self._places |= {place.way: place for place in places}
        return places

    def _by_hand(self, place: slots.Place, conditions: Sequence[Condition], wanted: Q) -> dict[str, list[int]] | None:
        alone = without_twin(conditions)
        if not alone:
            return None
        placed = barriers.place(wanted & ~Q(person__in=departed_people()), at=self.at)
        return bits_by_hand(placed, alone, place.numbering, at=self.at)

    def _count(self, told: writing.Outcome) -> None:
        self.verdicts += told.verdicts
        self.changed += told.changed
        self.moved.update(told.moved)
        self.came |= told.came


def _pieces(wanted: Q) -> Iterator[list[tuple[int, int, int]]]:
    """Yield the open cases with their people and groups, in the order of their keys."""
    rows = ReturnCase.objects.open().living().filter(wanted, person__group__isnull=False).order_by("pk")
    after = 0
    while piece := list(rows.filter(pk__gt=after).values_list("pk", "person", "person__group")[:PIECE]):
        yield piece
        if len(piece) < PIECE:
            return
        after = piece[-1][0]
