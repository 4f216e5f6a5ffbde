"""Keys by which likely spellings of one name are looked up in the database (array overlap). Pure."""

from itertools import combinations

from .words import MOST_WORDS, words

_CONFUSABLE = str.maketrans("АВЕКМНОРСТУХІЈ", "ABEKMHOPCTYXIJ")


def keys(full_name: str) -> frozenset[str]:
    """Give the keys of a name, whatever the order of its words: "kdr umd" for Қодиров Умед, Umed Kodirov.

    Two names that may be one person share a key. A key joins the skeletons of two words, because one word alone
    fits thousands; a patronymic is left out where two other words are there. A single name gives its one skeleton.
    """
    every = [word for word in words(full_name) if not word.is_initial]
    main = [word for word in every if not word.is_patronymic]
    chosen = (main if len(main) >= 2 else every)[:MOST_WORDS]
    if len(chosen) == 1:
        return frozenset(chosen[0].skeletons)
    found = set()
    for one, other in combinations(chosen, 2):
        found |= {_pair(skeleton, other.skeletons[0]) for skeleton in one.skeletons}
        found |= {_pair(one.skeletons[0], skeleton) for skeleton in other.skeletons}
    return frozenset(found)


def word_keys(full_name: str) -> frozenset[str]:
    """Give the plain skeleton of each word: wide, so look up by it only together with a birth date or a place."""
    return frozenset(word.skeletons[0] for word in words(full_name)[: 2 * MOST_WORDS] if not word.is_initial)


def document_key(number: str) -> str:
    """Give a document number as it is compared: capitals and digits only, Cyrillic look-alikes as Latin letters."""
    return "".join(filter(str.isalnum, number.upper().translate(_CONFUSABLE)))


def _pair(one: str, other: str) -> str:
    return " ".join(sorted((one, other)))
