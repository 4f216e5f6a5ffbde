"""Sounds: what is left of a word when its spelling does not count, its ending, and its consonants. Pure."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

_SOUNDS = {
    "x": ("shch", "shh", "sch", "sh"),
    "c": ("tsch", "tch", "ch"),
    "j": ("dsch", "ddzh", "dzh", "dj", "zh", "j"),
    "h": ("kh", "x", "h"),
    "g": ("gh", "g"),
    "f": ("ph", "f"),
    "k": ("ck", "q", "k"),
    "v": ("w", "v"),
    "s": ("ts", "tz", "tc", "c", "s"),
    "i": ("iy", "yi", "ij$", "y", "ee", "i"),
    "u": ("oo", "u"),
}
"""The Latin spellings of one sound. "x" is kept for sh and "c" for ch."""
_SOUND_OF = {written.rstrip("$"): folded for folded, spelt in _SOUNDS.items() for written in spelt}
_ANY_SOUND = re.compile("|".join(sorted((w for spelt in _SOUNDS.values() for w in spelt), key=len, reverse=True)))
_DOUBLED = re.compile(r"(.)\1+")
_BETWEEN_VOWELS = re.compile(r"(?<=[aeou])i(?=[aeou])")
_FIRST_GLIDE = re.compile(r"^i(?=[aeou])")

_PATRONYMIC = re.compile(r"(?<=..)(?:i?ovi[cx]|evi[cx]|ovna|evna|icna|ovne|evne|[uo]gl[iu]|uli|ulu|[kg]izi|kisi)$")
_SURNAME = re.compile(
    r"(?<=..)(?<!^xer)(?<!^beh)(?<!^mir)(?<!^xah)(?<!^xoh)(?<!^far)(?:zod|zoda|zad[ae]|zad[ae]h|[oe][vf]a?)$"
)
_AFTER_Z_OR_T = re.compile(r"(?<=.[zt])z[oa]d(?:a|e|ah|eh)?$")
"""-zoda behind a letter with which its z would make one sound: Azizzoda, Saidmuhammatzoda."""
_ENDINGS_WRITTEN = ("ov", "ova", "ev", "eva", "zoda")
PARTICLES = frozenset({"ugli", "ogli", "oglu", "uglu", "uli", "ulu", "kizi", "gizi", "kisi"})
"""Sounds of a word that makes the one before it a father's name: o‘g‘li, ogly, uulu, ұлы, qizi, kyzy."""
BEFORE_FATHER = frozenset({"ibn", "ibni", "bin", "bint", "binti", "vald", "valdi"})
_HONORIFIC = re.compile(
    r"^(?P<name>.{3,}?)(?:(?:j|zh|dj|dzh)[oa]n|(?:kh|x|h)[oa]n|be[kg]|b[oa][yi]|bibi|nisso|mirz[oa]|s?sho[hx]|oyim)$"
)
"""What respect adds to a given name, and a document may lack: Умедҷон, Дилбархон, Нодирбек."""

VOWELS = "aeiou"
_FIRST_VOWELS = str.maketrans("oe", "ai")  # Olim and Alim, Elmira and Ilmira
SHORTEST_STEM = 3
LONGEST_SKELETON = 24
"""No name has so many consonants; a key of two fits the column of the index."""


def sound(plain: str) -> str:
    """Fold the Latin spellings of one sound ("dzh", "dj", "zh" and "j" are one), doubled letters and glides (Odinayev)."""
    folded = _DOUBLED.sub(r"\1", _ANY_SOUND.sub(lambda found: _SOUND_OF[found[0]], plain))
    return _DOUBLED.sub(r"\1", _BETWEEN_VOWELS.sub("", folded))


def closed_up(one: str, other: str) -> str:
    """Give two sounds as one."""
    return _DOUBLED.sub(r"\1", one + other)


def without_ending(folded: str) -> tuple[str, bool, bool]:
    """Give the stem of a sound, and whether the ending was that of a patronymic or of a surname."""
    if found := _PATRONYMIC.search(folded):
        return folded[: found.start()], True, False
    if found := _SURNAME.search(folded):
        return folded[: found.start()], False, True
    return folded, False, False


def stem_of(plain: str) -> tuple[str, bool, bool]:
    """The same for a word that is not folded yet: the z before -zoda is not lost (Azizzoda)."""
    apart = _AFTER_Z_OR_T.search(plain)
    if apart:
        return sound(plain[: apart.start()]), False, True
    return without_ending(sound(plain))


def slipped_stems(plain: str) -> set[str]:
    """Give the stems of a word that has no ending as it stands, were there one with one letter wrong (Salimzoka, Karimpv)."""
    tails = ((plain[:-length], plain[-length:]) for length in range(1, 6) if len(plain) - length >= SHORTEST_STEM)
    return {
        sound(start) for start, tail in tails if any(OSA.distance(tail, ending) <= 1 for ending in _ENDINGS_WRITTEN)
    }


def called(plain: str) -> tuple[str, ...]:
    """Give the sounds of a word without what respect adds to it; two where a d may belong to either (Умедҷон)."""
    found = _HONORIFIC.match(plain)
    if found is None or not any(sign in VOWELS for sign in found["name"]):
        return ()
    with_d = (found["name"] + "d",) if plain[found.end("name")] == "d" else ()
    return tuple(map(sound, (found["name"], *with_d)))


def voiced(stem: str) -> str:
    """Give the stem without the glide before its first vowel: Yusuf, Iusuf, Usuf."""
    return _FIRST_GLIDE.sub("", stem)


def skeleton(stem: str) -> str:
    """Give the first letter of a stem and its consonants; of vowels at the start a and o, and e and i, are one."""
    start = voiced(stem)
    bare = start[:1].translate(_FIRST_VOWELS) + "".join(sign for sign in start[1:] if sign not in VOWELS)
    return bare[:LONGEST_SKELETON]
