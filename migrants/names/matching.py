"""Match the words of two names, whatever their order, and say how well the names agree. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz.distance import JaroWinkler

from .words import MOST_WORDS, Word, words

CLOSE = 0.91
"""Jaro-Winkler likeness of stems from which one slip of the pen is taken for it ("Farzona" and "Farzuna")."""

_LEVELS = ("same", "spelling", "ending", "close", "initial")
"""How two words agree, the best first; a name agrees as well as its worst word."""


@dataclass(frozen=True, slots=True)
class NameMatch:
    """`level` is how the names agree; `patronymic` tells whether those agree (None: not both are known)."""

    level: str
    patronymic: bool | None = None


def match_names(one: str, other: str) -> NameMatch:
    """Match two whole names."""
    mine, theirs = _main(words(one)), _main(words(other))
    if not mine or not theirs:
        return NameMatch("differs")
    levels, mine_left, theirs_left = _pair_up(mine, theirs)
    if len(levels) < min(len(mine), len(theirs)):
        return NameMatch(_disagreement(levels, mine_left, theirs_left), _patronymics(one, other, [], []))
    patronymic = _patronymics(one, other, mine_left, theirs_left)
    if min(len(mine), len(theirs)) == 1:
        is_whole = len(mine) == len(theirs) == 1 and levels != ["initial"]
        return NameMatch("single" if is_whole else "part", patronymic)
    return NameMatch(max(levels, key=_LEVELS.index), patronymic)


def _main(name: tuple[Word, ...]) -> list[Word]:
    """Give the words but patronymics; where nothing else is there, those."""
    return ([word for word in name if not word.is_patronymic] or list(name))[:MOST_WORDS]


def _pair_up(mine: list[Word], theirs: list[Word]) -> tuple[list[str], list[Word], list[Word]]:
    """Pair as many words as agree, as well as they can; give the levels of the pairs and what is left of each."""
    ranks = {
        (place, other_place): _LEVELS.index(level)
        for place, word in enumerate(mine)
        for other_place, other in enumerate(theirs)
        if (level := _agreement(word, other)) is not None
    }
    pairs = _best_pairs(ranks, len(mine), 0, frozenset())
    return (
        [_LEVELS[ranks[pair]] for pair in pairs],
        [word for place, word in enumerate(mine) if place not in {pair[0] for pair in pairs}],
        [word for place, word in enumerate(theirs) if place not in {pair[1] for pair in pairs}],
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


def _agreement(one: Word, other: Word) -> str | None:
    """Give how two words agree, or None. Consonants alone are not enough: Hasan and Huseyn are brothers."""
    if one.is_initial or other.is_initial:
        return "initial" if one.sound[:1] == other.sound[:1] else None
    if one.sound == other.sound:
        return "same"
    likeness = JaroWinkler.similarity(one.stem, other.stem)
    if one.stem == other.stem:
        return "ending"
    if set(one.skeletons) & set(other.skeletons) and (likeness >= 0.8 or _vowels_agree(one, other)):
        return "spelling"
    return "close" if likeness >= CLOSE and one.is_surname == other.is_surname else None


def _vowels_agree(one: Word, other: Word) -> bool:
    """Tell whether the vowels come in the same order up to the two pairs that scripts confuse (a–o, e–i)."""
    mine, theirs = (
        [sign.translate(str.maketrans("oe", "ai")) for sign in word.stem[1:] if sign in "aeiou"]
        for word in (one, other)
    )
    return mine == theirs


def _disagreement(levels: list[str], mine_left: list[Word], theirs_left: list[Word]) -> str:
    """Tell names that differ altogether from those of one family, and from a woman who took another surname."""
    if not levels:
        return "differs"
    if all(any(word.is_surname for word in left) for left in (mine_left, theirs_left)):
        return "surname_differs"
    return "one_differs"


def _patronymics(one: str, other: str, mine_left: list[Word], theirs_left: list[Word]) -> bool | None:
    """Compare patronymics; a father's name without an ending (Tajik, since 2007) may be among the words left over."""
    mine = [word for word in words(one) if word.is_patronymic] or mine_left
    theirs = [word for word in words(other) if word.is_patronymic] or theirs_left
    if not mine or not theirs:
        return None
    return any(_same_father(word, other_word) for word in mine for other_word in theirs)


def _same_father(one: Word, other: Word) -> bool:
    agreement = _agreement(one, other)
    return agreement is not None or bool(set(one.skeletons) & set(other.skeletons))
