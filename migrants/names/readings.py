"""The Latin readings of a written word: its own, then those of other scripts' letters and other countries' spellings. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from anyascii import anyascii

from .letters import ARABIC, MARKED, latin, spellings

_SPELT_ABROAD = (
    (("tch", "ch"), ("ch", "sh"), ("dj", "j"), ("ou", "u"), ("w", "v")),  # French, and Soviet passports until 1997
    (("tsch", "ch"), ("dsch", "j"), ("sch", "sh"), ("ch", "kh"), ("j", "y"), ("w", "v")),  # German
    (("cz", "ch"), ("sz", "sh"), ("rz", "zh"), ("ch", "kh"), ("j", "y"), ("w", "v")),  # Polish
    (("c", "j"),),  # Turkish, of which a machine readable zone keeps no marks
    (("j", "y"),),  # Baltic, Scandinavian, Turkmen
    (("gh", "q"),),  # Farsi: Ghasem and Qasem
    (("x", "ks"),),  # Alexandr
    (("c", "k"),),
    (("sh", "skh"),),  # Ishoq and Iskhak
    (("g", "h"),),  # Russian has one letter for both: Ибрагим
)
"""One country's spelling each: replaced in this order, every piece of a word once."""
_ABROAD = [(re.compile("|".join(piece for piece, _ours in rules)), dict(rules)) for rules in _SPELT_ABROAD]
_BREATHED = str.maketrans("ҳһهھہ", "ххخخخ")
"""An h that must not make a sh, zh or ch of the letter before it: Исҳоқ, زهرا."""
_TURKISH = re.compile("[ğışç]")
_VOWEL = "[aeiou]"
_START = re.compile(rf"^{_VOWEL}+")


def is_bare(written: str) -> bool:
    """Tell a word in Arabic letters, which leave short vowels out."""
    return any(sign in ARABIC for sign in written)


def plain(written: str) -> str:
    """Give the first reading of a word, in the letters a–z and nothing else."""
    lower = "".join(MARKED.get(sign, sign) for sign in _lower(written))
    if _TURKISH.search(_lower(written)):
        lower = re.sub(r"c(?!h)", "j", lower)
    return _letters(lower)


def other_readings(written: str) -> Iterator[str]:
    """Yield the other readings: each letter in each known spelling, then the word as other countries spell."""
    lower = _lower(written)
    if is_bare(lower):
        yield from _of_bare(lower)
        return
    if "o'" in lower:
        yield _letters(lower.replace("o'", "u"))  # O'tkir: Уткир
    for place, letter in enumerate(lower):
        for variant in spellings().get(letter, ()):
            yield _letters(lower[:place]) + _letters(variant) + _letters(lower[place + 1 :])
    first = plain(written)
    if lower.isascii():
        for pieces, ours in _ABROAD:
            if pieces.search(first):
                yield pieces.sub(lambda found, ours=ours: ours[found[0]], first)  # type: ignore[misc]
    elif "г" in lower:
        yield _letters(lower.replace("г", "ҳ"))
    if first.startswith("o"):
        yield "u" + first[1:]  # Osman, Usman


def _of_bare(lower: str) -> Iterator[str]:
    """Of Arabic letters: w and final h as consonants, and any vowel where a word begins with one or with ʿayn."""
    first = plain(lower)
    yield _letters(lower.replace("و", "v"))
    if lower[-1] == "خ":
        yield _letters(lower[:-1]) + "a"
    start = _START.match(first)
    if start is not None or lower[0] == "ع":
        rest = first[start.end() :] if start else first
        yield from (vowel + rest for vowel in "aiu")
    if lower[0] in "یي":
        yield "y" + first[1:]
        yield "yu" + first[2:] if first[1:2] == "u" else "ya" + first[1:]


def _lower(written: str) -> str:
    composed = unicodedata.normalize("NFC", written).lower()
    return "".join(sign for sign in composed if unicodedata.category(sign) != "Mn").translate(_BREATHED)


def _letters(text: str) -> str:
    """Give the text in the letters a–z and nothing else."""
    return "".join(map(_letter, text))


@lru_cache(maxsize=4096)
def _letter(sign: str) -> str:
    return "".join(each for each in anyascii(latin(sign)).lower() if "a" <= each <= "z")
