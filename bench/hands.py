"""Names as another hand writes them: in other letters, with another ending or order, with a slip. Seeded and pure."""

from __future__ import annotations

import random
import re

from migrants.names import icao, latin

_PAIRS = (
    "shch щ,sh ш,ch ч,kh х,zh ж,gh г,ts ц,yo ё,yu ю,ya я,ye е,o‘ у,g‘ г,a а,b б,c к,d д,e е,f ф,g г,h х,i и,j дж,k к,l л,"
    "m м,n н,o о,p п,q к,r р,s с,t т,u у,v в,w в,x х,y й,z з"
)
_CYRILLIC = dict(pair.split() for pair in _PAIRS.split(","))
_LETTERS = re.compile("|".join(sorted(_CYRILLIC, key=len, reverse=True)))
_NATIONAL = str.maketrans("ғқҳҷӣӯўәңөұүһі", "гкхжиууанoуухи".replace("o", "о"))
_ENDINGS = (
    ("ова", "зода"), ("ов", "зода"), ("ева", "зода"), ("ев", "зода"), ("зода", "ов"),
    ("ova", "zoda"), ("ov", "zoda"), ("eva", "zoda"), ("ev", "zoda"), ("zoda", "ov"),
)  # fmt: skip
_FATHERS = re.compile(r"(ович|овна|ұлы|қызы|ovich|ovna|uly|qyzy)$")
_PARTICLES = re.compile(r" (\S+) (ўғли|қизи|уулу|кызы|o‘ghli|o'ghli|qizi|uulu|kyzy)$")
HOW_OFTEN = {"script": 0.5, "ending": 0.25, "order": 0.25, "father left out": 0.3, "slip": 0.3}
"""How often each thing happens to a name; several may."""


def otherwise(chance: random.Random, full_name: str) -> tuple[str, frozenset[str]]:
    """Write a name down as somebody else would, and give what became of it (names of `HOW_OFTEN`)."""
    happens = frozenset(what for what, share in HOW_OFTEN.items() if chance.random() < share)
    name = full_name
    if "father left out" in happens:
        name = _without_father(name)
    if "ending" in happens:
        name = " ".join(map(_with_other_ending, name.split()))
    if "script" in happens:
        name = _in_other_letters(chance, name)
    if "order" in happens:
        first, *others = name.split()
        name = " ".join([*others[:1], first, *others[1:]])
    if "slip" in happens:
        name = _with_slip(chance, name)
    return name, happens


def _without_father(name: str) -> str:
    short = _PARTICLES.sub("", name)
    words = short.split()
    return " ".join(words[:-1]) if len(words) > 2 and (_FATHERS.search(words[-1]) or short == name) else short


def _with_other_ending(word: str) -> str:
    for ending, other in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word.removesuffix(ending) + other
    return word


def _in_other_letters(chance: random.Random, name: str) -> str:
    """Of Cyrillic letters Latin ones, by the country or the passport, or those of Russian; of Latin ones Russian ones."""
    if name.isascii() or "‘" in name:
        return _LETTERS.sub(lambda found: _CYRILLIC[found[0]], name.lower()).title()
    return chance.choice((latin, icao, lambda text: text.lower().translate(_NATIONAL).title()))(name)


def _with_slip(chance: random.Random, name: str) -> str:
    """Write one letter wrongly, twice, not at all, or before the one in front of it, in one of the longer words."""
    words = name.split()
    place = chance.choice([place for place, word in enumerate(words[:2]) if len(word) > 3] or [0])
    word = words[place]
    at = chance.randrange(1, max(2, len(word) - 1))
    near = chance.choice("abdegiklmnoprstuz" if word.isascii() else "абдегиклмнопрстуз")
    words[place] = chance.choice(
        (
            word[:at] + near + word[at + 1 :],
            word[:at] + near + word[at:],
            word[:at] + word[at + 1 :],
            word[: at - 1] + word[at : at + 1] + word[at - 1 : at] + word[at + 1 :]
            if at > 1
            else word[:at] + word[at + 1 :],
        )
    )
    return " ".join(words)
