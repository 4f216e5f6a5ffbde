"""The words of a name, folded so that spellings of one name meet: sound, stem without endings, skeleton. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import lru_cache

from .readings import is_bare, other_readings, plain
from .sounds import BEFORE_FATHER, PARTICLES, called, closed_up, skeleton, sound, stem_of

MOST_WORDS = 6
"""Words of a name that are looked up and compared; nobody is told apart by a seventh."""
MOST_SPELLINGS = 8
"""Other skeletons kept of one word; more would make a common key of everything."""

_APOSTROPHES = re.compile(r"[‘’ʻʼʽʹ`´]")
_BETWEEN = re.compile(r"[\s\-‐‑–.,;/()\"“”«»<]+")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name.

    `sound` folds spellings. `stems` are its readings without ending and `skeletons` their consonants with the first
    letter, the plain reading first in both. `called` are its sounds without what respect adds (-jon). `is_patronymic` and
    `is_surname` tell what its ending says; `is_initial`, that it is one letter; `is_bare`, that short vowels are not written.
    `plain` is the word in the letters a–z.
    """

    sound: str
    stems: tuple[str, ...]
    skeletons: tuple[str, ...]
    called: tuple[str, ...] = ()
    is_patronymic: bool = False
    is_surname: bool = False
    is_initial: bool = False
    is_bare: bool = False
    plain: str = field(default="", compare=False)

    @property
    def stem(self) -> str:
        return self.stems[0]


@lru_cache(maxsize=20_000)
def words(full_name: str) -> tuple[Word, ...]:
    """Give the words of a name in their order; a particle ("o‘g‘li", "kyzy") makes the word before it a patronymic."""
    text = _APOSTROPHES.sub("'", unicodedata.normalize("NFKC", full_name))
    found: list[Word] = []
    names_father = False
    for part in _BETWEEN.split(text):
        word = _word(part)
        if not word.sound:
            continue
        if found and word.sound in PARTICLES:
            found[-1] = replace(found[-1], is_patronymic=True, is_surname=False)
        elif found and word.sound in BEFORE_FATHER:
            names_father = True
            continue
        else:
            found.append(replace(word, is_patronymic=True, is_surname=False) if names_father else word)
        names_father = False
    return tuple(found)


def joined(one: Word, other: Word) -> Word:
    """Give two words written as one: Abdu Rahmon, Sher Ali."""
    stem = closed_up(one.sound, other.stem)
    whole = closed_up(one.sound, other.sound)
    return Word(whole, (stem,), (skeleton(stem),), (), other.is_patronymic, other.is_surname)


@lru_cache(maxsize=40_000)
def _word(written: str) -> Word:
    first = plain(written)
    folded = sound(first)
    stem, is_patronymic, is_surname = stem_of(first)
    short = () if is_surname or is_patronymic else called(first)
    others = (stem_of(other)[0] for other in other_readings(written)) if first else ()
    stems = tuple(dict.fromkeys(each for each in (stem, *others) if each))[: 1 + 2 * MOST_SPELLINGS]
    ways = map(skeleton, (*stems[:1], *short, *stems[1:]))
    skeletons = tuple(dict.fromkeys(filter(None, ways)))[: 1 + MOST_SPELLINGS]
    is_initial = sum(map(str.isalpha, written)) == 1
    return Word(
        folded,
        stems or (stem,),
        skeletons or (stem,),
        short,
        is_patronymic,
        is_surname,
        is_initial,
        is_bare(written),
        first,
    )
