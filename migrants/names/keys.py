"""Keys by which likely spellings of one name are looked up in the database (array overlap). Pure."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import combinations, pairwise

from .sounds import skeleton, slipped_stems, stem_of
from .words import MOST_WORDS, Word, joined, words

_CONFUSABLE = str.maketrans("АВЕКМНОРСТУХІЈЅԚԜ", "ABEKMHOPCTYXIJSQW")
_SLIPPED = "bcdfghjklmnprstvxz"
MOST_SLIPPED = 3
"""Words of a name in which a slip of the pen is looked for."""


@lru_cache(maxsize=20_000)
def keys(full_name: str) -> frozenset[str]:
    """Give the keys of a name, whatever the order of its words: "kdr umd" for Қодиров Умед, Umed Kodirov.

    Two names that may be one person share a key. A key joins the skeletons of two words, because one word alone
    fits thousands; a patronymic is left out where two other words are there. A single name gives its one skeleton.
    """
    chosen = _chosen(full_name)
    if len(chosen) == 1:
        return frozenset(chosen[0].skeletons) | _with_initials(full_name, chosen)
    found: set[str] = set()
    for one, other in combinations(chosen, 2):
        found |= {_pair(skeleton, other.skeletons[0]) for skeleton in one.skeletons}
        found |= {_pair(one.skeletons[0], skeleton) for skeleton in other.skeletons}
    if len(chosen) > 2:
        found |= _joined(chosen)
    return frozenset(found | _with_initials(full_name, chosen))


@lru_cache(maxsize=20_000)
def initial_keys(full_name: str) -> frozenset[str]:
    """Give the keys under which a person stands of whom only initials were written: "kdr u" for Қодиров Умед.

    For looking up, beside `keys`; never for storing.
    """
    chosen = _chosen(full_name)
    return frozenset(
        _pair(one.skeletons[0], other.skeletons[0][:1]) for one in chosen for other in chosen if one is not other
    )


def slipped_keys(full_name: str) -> frozenset[str]:
    """Give the keys that a name would have, had one letter of one word been written wrongly, left out, added or swapped.

    Some hundreds, most of which nobody has: for looking one name up, never for storing.
    """
    chosen = _chosen(full_name)[:MOST_SLIPPED]
    found: set[str] = set()
    for place, one in enumerate(chosen):
        others = [each for word in chosen[:place] + chosen[place + 1 :] for each in word.skeletons[:3]]
        found |= {_pair(near, other) for near in _near(one.skeletons[0]) | _near_as_written(one) for other in others}
    return frozenset(found)


def word_keys(full_name: str) -> frozenset[str]:
    """Give the plain skeleton of each word: wide, so look up by it only together with a birth date or a place."""
    return frozenset(word.skeletons[0] for word in words(full_name)[: 2 * MOST_WORDS] if not word.is_initial)


def document_key(number: str) -> str:
    """Give a document number as it is compared: capitals and digits only, Cyrillic look-alikes as Latin letters, digits of
    any script (٣, ３) as 0 to 9, the sign of a number (№) left out.
    """
    if number.isascii():
        return number.upper() if number.isalnum() else "".join(filter(str.isalnum, number.upper()))
    plain = unicodedata.normalize("NFKC", number.replace("№", "")).upper().translate(_CONFUSABLE)
    return "".join(str(unicodedata.digit(sign, sign)) for sign in plain if sign.isalnum())


def _chosen(full_name: str) -> list[Word]:
    every = [word for word in words(full_name) if not word.is_initial]
    main = [word for word in every if not word.is_patronymic]
    return (main if len(main) >= 2 else every)[:MOST_WORDS]


def _with_initials(full_name: str, chosen: list[Word]) -> set[str]:
    """Give the keys of a name written with initials (Кодиров У. М.)."""
    initials = [word for word in words(full_name) if word.is_initial][:1]
    return {
        _pair(word.skeletons[0], skeleton[:1])
        for word in chosen
        for initial in initials
        for skeleton in initial.skeletons
    }


def _joined(chosen: list[Word]) -> set[str]:
    """Give the keys of a name of which two words are written as one elsewhere: Abdu Rahmon, Abdurahmon."""
    found = set()
    for place, (one, other) in enumerate(pairwise(chosen)):
        if not one.is_surname:
            whole = joined(one, other).skeletons[0]
            rest = chosen[:place] + chosen[place + 2 :]
            found |= {_pair(whole, word.skeletons[0]) for word in rest}
    return found


def _near(skeleton: str) -> set[str]:
    """Give the skeletons one slip away: a letter wrong, missing, added, or two swapped."""
    signs = _SLIPPED + "aiu"
    cuts = [(skeleton[:place], skeleton[place:]) for place in range(len(skeleton) + 1)]
    found = {left + right[1:] for left, right in cuts if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    for left, right in cuts:
        letters = _SLIPPED if left else signs
        found |= {left + sign + right for sign in letters}
        found |= {left + sign + right[1:] for sign in letters if right}
    return found - {skeleton, ""}


def _near_as_written(word: Word) -> set[str]:
    """Give the skeletons of the word with a letter less or two swapped where that changes more than one consonant: of
    those that make one sound ("Kdhonkarim"), and of an ending ("Salimzoka", "Yusufzdoa").
    """
    plain = word.plain
    cuts = [(plain[:place], plain[place:]) for place in range(len(plain))]
    others = {left + right[1:] for left, right in cuts}
    others |= {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    stems = {stem_of(other)[0] for other in others} | (set() if word.is_surname else slipped_stems(plain))
    return set(map(skeleton, filter(None, stems))) - {word.skeletons[0], ""}


def _pair(one: str, other: str) -> str:
    return " ".join(sorted((one, other)))
