"""How two words of names agree: the same, spelt otherwise, with another ending, with a slip of the pen, or not. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from .sounds import VOWELS, skeleton, voiced
from .words import Word

CLOSE = 0.91
"""Jaro-Winkler likeness of stems from which one slip of the pen is taken for it ("Farzona" and "Farzuna")."""
SLIP_FROM, SWAP_FROM, FIRST_FROM = 5, 6, 8
"""Letters of a stem from which one letter too many, too few or out of place is taken for a slip, one wrong letter, and a
wrong first letter. Shorter names have too many neighbours: Amina and Amira, Nodir and Qodir are sisters and brothers."""

LEVELS = ("same", "spelling", "ending", "called", "close", "initial")
"""How two words agree, the best first; a name agrees as well as its worst word."""

_ALIKE = frozenset(map(frozenset, ("ao", "ou", "ei", "ae", "oe", "ui")))
"""Vowels that scripts and peoples confuse: Fotima and Fatima, Muhammad and Mohammed, Jamshid and Jamshed, Ahmad and Ahmed,
Усөнов and Усенов, Nuriddin and Nuruddin. Not a and u, nor a and i: Hasan and Husan, Karim and Karam are brothers."""


@lru_cache(maxsize=100_000)
def agreement(one: Word, other: Word) -> str | None:
    """Give how two words agree, or None. Consonants alone are not enough: Hasan, Husan and Huseyn are brothers."""
    if one.is_initial or other.is_initial:
        return "initial" if not _initials(one).isdisjoint(_initials(other)) else None
    if one.sound == other.sound:
        return "same"
    if one.stem == other.stem:
        return "ending"
    if _spelt_alike(one, other):
        return "spelling"
    if _called_alike(one, other):
        return "called"
    return "close" if _is_slip(one, other) else None


def same_father(one: Word, other: Word) -> bool:
    """Tell whether two words name one father."""
    return agreement(one, other) is not None or _one_skeleton(one, other)


def _one_skeleton(one: Word, other: Word) -> bool:
    return not set(one.skeletons).isdisjoint(other.skeletons)


def _initials(word: Word) -> set[str]:
    return {skeleton[:1] for skeleton in word.skeletons}


def _spelt_alike(one: Word, other: Word) -> bool:
    """Tell whether a reading of one word is a reading of the other, up to vowels that are confused."""
    if not _one_skeleton(one, other):
        return False
    if one.is_bare or other.is_bare:
        return _long_vowels_agree(one, other)
    readings = {(skeleton(stem), tuple(_vowels(stem))) for stem in other.stems}
    return any(
        consonants == skeleton(stem) and _vowels_agree(tuple(_vowels(stem)), vowels)
        for stem in one.stems
        for consonants, vowels in readings
    )


def _vowels_agree(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Tell whether the vowels of two stems are the same up to those that are confused, in the same order.

    Two vowels beside each other may be written as one (Husein, Husen; Oulough, Ulugh).
    """
    return len(mine) == len(theirs) and all(
        any(a == b or frozenset((a, b)) in _ALIKE for a in left for b in right)
        for left, right in zip(mine, theirs, strict=True)
    )


def _vowels(stem: str) -> list[str]:
    """Give the runs of vowels, without a glide before the first."""
    return re.findall(f"[{VOWELS}]+", voiced(stem))


def _long_vowels_agree(one: Word, other: Word) -> bool:
    """Tell whether what Arabic letters write of vowels stands in the other name too: حسين is Huseyn and not Hasan."""
    if one.is_bare and other.is_bare:
        return JaroWinkler.similarity(one.stem, other.stem) >= CLOSE
    bare, spelt = (one.stem, other.stem) if one.is_bare else (other.stem, one.stem)
    has_i = "i" in bare[1:]
    has_diphthong = any(pair in spelt for pair in ("ei", "ai", "oi"))
    return (not has_i or any(sign in "ie" for sign in spelt[1:])) and (has_i or not has_diphthong)


def _called_alike(one: Word, other: Word) -> bool:
    """Tell Умедҷон from Умед, and nothing more: what respect adds is on one side only."""
    if one.is_surname or other.is_surname or bool(one.called) == bool(other.called):
        return False
    short, whole = (one.called, other.stem) if one.called else (other.called, one.stem)
    return any(
        skeleton(each) == skeleton(whole) and _vowels_agree(tuple(_vowels(each)), tuple(_vowels(whole)))
        for each in short
    )


def _is_slip(one: Word, other: Word) -> bool:
    """Tell one slip of the pen. A last -a or -o more is no slip: it makes a woman's name of a man's (Farid, Farida)."""
    mine, theirs = sorted((one.stem, other.stem), key=len)
    if one.is_surname != other.is_surname and not (one.is_bare or other.is_bare):
        return False
    if theirs[:-1] == mine and theirs[-1] in "ao":
        return False
    if OSA.distance(mine, theirs) > 1:
        return JaroWinkler.similarity(mine, theirs) >= CLOSE
    changed = [(a, b) for a, b in zip(mine, theirs, strict=False) if a != b]
    if len(mine) != len(theirs) or len(changed) != 1:
        return len(mine) >= SLIP_FROM
    if all(sign in VOWELS for sign in changed[0]) and frozenset(changed[0]) not in _ALIKE:
        return len(mine) >= FIRST_FROM
    return len(mine) >= (FIRST_FROM if mine[0] != theirs[0] else SWAP_FROM)
