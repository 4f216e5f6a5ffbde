"""Match the words of two names, whatever their order, and say how well the names agree. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from .likewise import LEVELS, agreement, same_father
from .words import MOST_WORDS, Word, joined, words


@dataclass(frozen=True, slots=True)
class NameMatch:
    """`level` is how the names agree; `patronymic` tells whether those agree (None: not both are known).

    `over` are the words of the second name, patronymics aside, of which the first says nothing, where both agree;
    `is_father_over`, that they stand behind the others, as a father's name does.
    """

    level: str
    patronymic: bool | None = None
    over: int = 0
    is_father_over: bool = True


@dataclass(frozen=True, slots=True)
class _Pairing:
    """Words that agree, as pairs with their levels, and what is left over of each name."""

    levels: list[str]
    pairs: list[tuple[Word, Word]]
    mine_left: list[Word]
    theirs_left: list[Word]
    is_father_over: bool

    @property
    def is_whole(self) -> bool:
        return not (self.mine_left and self.theirs_left)

    @property
    def worst(self) -> int:
        return max(map(LEVELS.index, self.levels), default=len(LEVELS))


def match_names(one: str, other: str) -> NameMatch:
    """Match two whole names."""
    mine, theirs = _main(words(one)), _main(words(other))
    if not mine or not theirs:
        return NameMatch("differs")
    ways = (_pair_up(*way) for way in _ways(mine, theirs))
    best = min(ways, key=lambda pairing: (not pairing.is_whole, -len(pairing.levels), pairing.worst))
    if not best.is_whole:
        return NameMatch(_disagreement(best), _patronymics(one, other, [], []))
    patronymic = _patronymics(one, other, best.mine_left, best.theirs_left)
    if min(len(mine), len(theirs)) == 1:
        is_whole = len(mine) == len(theirs) == 1 and best.levels != ["initial"]
        return NameMatch("single" if is_whole else "part", patronymic)
    if _endings_crossed(best.pairs):
        return NameMatch("one_differs", patronymic)
    return NameMatch(LEVELS[best.worst], patronymic, len(best.theirs_left), best.is_father_over)


def _main(name: tuple[Word, ...]) -> list[Word]:
    """Give the words but patronymics; where nothing else is there, those."""
    return ([word for word in name if not word.is_patronymic] or list(name))[:MOST_WORDS]


def _ways(mine: list[Word], theirs: list[Word]) -> Iterator[tuple[list[Word], list[Word]]]:
    """Yield the two names as they are, then with two words of the longer one written as one (Abdu Rahmon)."""
    yield mine, theirs
    if len(mine) > len(theirs):
        yield from ((short, theirs) for short in _with_one_joined(mine))
    elif len(theirs) > len(mine):
        yield from ((mine, short) for short in _with_one_joined(theirs))


def _with_one_joined(name: list[Word]) -> Iterator[list[Word]]:
    for place, (one, other) in enumerate(pairwise(name)):
        if not (one.is_initial or one.is_surname or other.is_initial):
            yield [*name[:place], joined(one, other), *name[place + 2 :]]


def _pair_up(mine: list[Word], theirs: list[Word]) -> _Pairing:
    """Pair as many words as agree, as well as they can."""
    ranks = {
        (place, other_place): LEVELS.index(level)
        for place, word in enumerate(mine)
        for other_place, other in enumerate(theirs)
        if (level := agreement(word, other)) is not None
    }
    pairs = _best_pairs(ranks, len(mine), 0, frozenset())
    return _Pairing(
        [LEVELS[ranks[pair]] for pair in pairs],
        [(mine[place], theirs[other_place]) for place, other_place in pairs],
        [word for place, word in enumerate(mine) if place not in {pair[0] for pair in pairs}],
        [word for place, word in enumerate(theirs) if place not in {pair[1] for pair in pairs}],
        {pair[1] for pair in pairs} == set(range(len(pairs))),
    )


def _best_pairs(
    ranks: dict[tuple[int, int], int], height: int, place: int, taken: frozenset[int]
) -> list[tuple[int, int]]:
    """Give the most pairs from word `place` on; of equally many those with the least ranks."""
    if place == height:
        return []
    options = [_best_pairs(ranks, height, place + 1, taken)]
    for mine, other in ranks:
        if mine == place and other not in taken:
            options.append([(place, other), *_best_pairs(ranks, height, place + 1, taken | {other})])
    return min(options, key=lambda pairs: (-len(pairs), sorted((ranks[pair] for pair in pairs), reverse=True)))


def _endings_crossed(pairs: list[tuple[Word, Word]]) -> bool:
    """Tell Nazarov Karim from Karimov Nazar: a son is called as his father's father was."""
    gains = {one.is_surname - other.is_surname for one, other in pairs}
    return {1, -1} <= gains


def _disagreement(pairing: _Pairing) -> str:
    """Tell names that differ altogether from those of one family, and from a woman who took another surname."""
    if not pairing.levels:
        return "differs"
    if all(any(word.is_surname for word in left) for left in (pairing.mine_left, pairing.theirs_left)):
        return "surname_differs"
    return "one_differs"


def _patronymics(one: str, other: str, mine_left: list[Word], theirs_left: list[Word]) -> bool | None:
    """Compare patronymics; a father's name without an ending (Tajik, since 2007) may be among the words left over."""
    mine = [word for word in words(one) if word.is_patronymic] or mine_left
    theirs = [word for word in words(other) if word.is_patronymic] or theirs_left
    if not mine or not theirs:
        return None
    return any(same_father(word, other_word) for word in mine for other_word in theirs)
