"""The words of a name, folded so that spellings of one name meet: sound, stem without endings, skeleton. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from .letters import latin, spellings

MOST_WORDS = 6
"""Words of a name that are looked up and compared; nobody is told apart by a seventh."""
MOST_SPELLINGS = 8
"""Other skeletons kept of one word; more would make a common key of everything."""

_SOUNDS = {
    "x": ("shch", "shh", "sch", "sh"),
    "c": ("tch", "ch"),
    "j": ("ddzh", "dzh", "dj", "zh", "j"),
    "h": ("kh", "x", "h"),
    "g": ("gh", "g"),
    "f": ("ph", "f"),
    "k": ("q", "k"),
    "v": ("w", "v"),
    "s": ("ts", "tz", "tc", "c", "s"),
    "i": ("iy", "yi", "ij$", "y", "ee", "i"),
    "u": ("oo", "u"),
}
"""The Latin spellings of one sound. "x" is kept for sh and "c" for ch."""
_SOUND_OF = {written.rstrip("$"): folded for folded, spelt in _SOUNDS.items() for written in spelt}
_ANY_SOUND = re.compile("|".join(sorted((w for spelt in _SOUNDS.values() for w in spelt), key=len, reverse=True)))

_PATRONYMIC = (
    "ovich",
    "evich",
    "yevich",
    "ovna",
    "evna",
    "yevna",
    "ugli",
    "ogli",
    "ogly",
    "uly",
    "uulu",
    "kizi",
    "qizi",
    "kyzy",
    "qyzy",
)
_SURNAME = ("zoda", "zade", "zadeh", "zada", "yev", "yeva", "ova", "eva", "ov", "ev")
_PARTICLES = frozenset(
    {"ugli", "ogli", "ogly", "ugly", "uly", "uli", "uulu", "ulu", "kizi", "qizi", "kyzy", "qyzy", "gizi"}
)
_APOSTROPHES = re.compile(r"[‘’ʻʼʽʹ`´]")
_VOWELS = "aeiou"
_FIRST_VOWELS = str.maketrans("oe", "ai")  # Olim and Alim, Elmira and Ilmira
_SHORTEST_STEM = 2
LONGEST_SKELETON = 24
"""No name has so many consonants; a key of two fits the column of the index."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name.

    `sound` folds spellings, `stem` is its sound without ending, `skeletons` are the consonants of the stem with the
    first letter, the plain reading first. `is_patronymic` and `is_surname` tell what its ending says.
    """

    sound: str
    stem: str
    skeletons: tuple[str, ...]
    is_patronymic: bool = False
    is_surname: bool = False

    @property
    def is_initial(self) -> bool:
        """Tell a single letter: "У."."""
        return len(self.sound) <= 1


@lru_cache(maxsize=50_000)
def words(full_name: str) -> tuple[Word, ...]:
    """Give the words of a name in their order; a particle ("o‘g‘li", "kyzy") makes the word before it a patronymic."""
    text = _APOSTROPHES.sub("'", unicodedata.normalize("NFKC", full_name))
    found: list[Word] = []
    for part in re.split(r"[\s\-‐‑–.,;/()\"“”«»]+", text):
        plain = _letters(part)
        if not plain:
            continue
        if plain in _PARTICLES and found:
            last = found[-1]
            found[-1] = Word(last.sound, last.stem, last.skeletons, is_patronymic=True)
        else:
            found.append(_word(part, plain))
    return tuple(found)


def _word(written: str, plain: str) -> Word:
    stem, is_patronymic, is_surname = _without_ending(plain)
    skeletons = dict.fromkeys(
        [_skeleton(stem), *(_skeleton(_without_ending(other)[0]) for other in _other_readings(written))]
    )
    return Word(sound(plain), sound(stem), tuple(skeletons)[: 1 + MOST_SPELLINGS], is_patronymic, is_surname)


def sound(plain: str) -> str:
    """Fold the Latin spellings of one sound ("dzh", "dj", "zh" and "j" are one), and doubled letters."""
    return re.sub(r"(.)\1+", r"\1", _ANY_SOUND.sub(lambda found: _SOUND_OF[found[0]], plain))


def _without_ending(plain: str) -> tuple[str, bool, bool]:
    """Give the stem, and whether the ending was that of a patronymic or of a surname."""
    for endings, is_patronymic in ((_PATRONYMIC, True), (_SURNAME, False)):
        for ending in endings:
            stem = plain.removesuffix(ending)
            if stem != plain and len(stem) >= _SHORTEST_STEM:
                return stem, is_patronymic, not is_patronymic
    return plain, False, False


def _skeleton(stem: str) -> str:
    folded = sound(stem)
    start = re.sub(r"^i(?=[aeou])", "", folded)  # Yusuf, Iusuf, Usuf
    bare = start[:1].translate(_FIRST_VOWELS) + "".join(sign for sign in start[1:] if sign not in _VOWELS)
    return bare[:LONGEST_SKELETON]


def _other_readings(written: str) -> list[str]:
    """Give the Latin spellings in which one Cyrillic letter is read in each other known way (Уәлихан: Valikhan)."""
    lower = unicodedata.normalize("NFC", written).lower()
    readings = [_letters(lower.replace("o'", "u"))] if "o'" in lower else []  # O'tkir: Уткир
    for place, letter in enumerate(lower):
        for variant in spellings().get(letter, ()):
            readings.append(_letters(lower[:place]) + _letters(variant) + _letters(lower[place + 1 :]))
    return readings


def _letters(text: str) -> str:
    """Give the text in the letters a–z and nothing else."""
    return "".join(sign for sign in anyascii(latin(text)).lower() if "a" <= sign <= "z")
