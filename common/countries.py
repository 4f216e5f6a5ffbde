"""Countries and nationalities without a table: codes of ISO 3166 and ICAO Doc 9303, names from CLDR by Babel.

Inside the product a nationality is always an upper-case alpha-3 code. Passports also know people without a
country (XXA, XXB, XXC, XXX); those four are kept as they are, because a protection rule hangs on them.
"""

import unicodedata
from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

STATELESS, REFUGEE, OTHER_REFUGEE, UNSPECIFIED = "XXA", "XXB", "XXC", "XXX"
WITHOUT_COUNTRY = frozenset({STATELESS, REFUGEE, OTHER_REFUGEE, UNSPECIFIED})
"""Doc 9303 part 3, section 5: stateless (1954 Convention), refugee (1951), refugee otherwise, unspecified."""

MRZ_ALIASES = {"D": "DEU", "GBD": "GBR", "GBN": "GBR", "GBO": "GBR", "GBP": "GBR", "GBS": "GBR", "RKS": "XKK"}
"""What a passport prints instead of the ISO code. Kosovo stands in CLDR as XKK."""

_HISTORIC = frozenset({"ANT", "BUR", "DDR", "FXX", "NTZ", "SCG", "SUN", "TMP", "YMD", "YUG", "ZAR"})
_OWN_NAMES = {("ru", "KG"): "Кыргызстан"}
"""Where the name in CLDR is not the one that the country itself uses in that language."""
_NAMED_IN = ("en", "ru", "tg", "uz", "uz_Cyrl", "kk", "ky", "fa", "fa_AF")
_ALSO_CALLED = {
    "киргизия": "KGZ",
    "рф": "RUS",
    "российская федерация": "RUS",
    "рт": "TJK",
    "республика таджикистан": "TJK",
    "республика узбекистан": "UZB",
    "республика казахстан": "KAZ",
    "кыргызская республика": "KGZ",
    "без гражданства": STATELESS,
    "лицо без гражданства": STATELESS,
    "лбг": STATELESS,
    "апатрид": STATELESS,
    "stateless": STATELESS,
    "stateless person": STATELESS,
    "бешаҳрванд": STATELESS,
    "шахси бешаҳрванд": STATELESS,
    "fuqaroligi yo'q": STATELESS,
    "fuqaroligi bo'lmagan shaxs": STATELESS,
    "беженец": REFUGEE,
    "refugee": REFUGEE,
    "гуреза": REFUGEE,
    "qochqin": REFUGEE,
}


def load() -> None:
    """Read all names now. A process that forks calls it first: CLDR takes 9 MB, which its forks then share."""
    _names()


@cache
def alpha3_to_alpha2() -> dict[str, str]:
    """Give every country code of three letters with its code of two, as CLDR pairs them."""
    pairs = {}
    for alpha3, targets in get_global("territory_aliases").items():
        is_code = len(alpha3) == 3 and alpha3.isalpha() and alpha3 not in _HISTORIC
        is_pair = len(targets) == 1 and len(targets[0]) == 2 and targets[0] in Locale("en").territories
        if is_code and is_pair and not _is_private(alpha3):
            pairs[alpha3] = targets[0]
    return pairs


def _is_private(alpha3: str) -> bool:
    """Tell codes that ISO leaves to users; CLDR maps some of them to "unknown region"."""
    return (alpha3[0] in "XQ" and alpha3 not in ("QAT", "XKK")) or alpha3 in ("AAA", "ZZZ")


def is_nationality_code(code: str) -> bool:
    """Tell whether `code` is a country of ISO 3166 (three letters) or one of the four codes without a country."""
    return code in alpha3_to_alpha2() or code in WITHOUT_COUNTRY


def from_mrz(code: str) -> str | None:
    """Give our code for what a passport prints ("D", "GBN", "XXA"), or None if no such code exists."""
    plain = MRZ_ALIASES.get(code.strip("< ").upper(), code.strip("< ").upper())
    return plain if is_nationality_code(plain) else None


def name(code: str, language: str | None = None) -> str:
    """Give the country's name in a language (the active one by default); the code itself if it has no name."""
    language = language or get_language() or "en"
    if code in WITHOUT_COUNTRY:
        with override(language):
            return _name_without_country(code)
    alpha2 = alpha3_to_alpha2().get(code)
    if alpha2 is None:
        return code
    locale = language.split("-")[0]
    return _OWN_NAMES.get((locale, alpha2)) or _territories(locale).get(alpha2) or _territories("en")[alpha2]


def _name_without_country(code: str) -> str:
    return {
        STATELESS: _("stateless"),
        REFUGEE: _("refugee"),
        OTHER_REFUGEE: _("refugee (other)"),
        UNSPECIFIED: _("nationality not determined"),
    }[code]


@lru_cache(maxsize=4096)
def find(text: str) -> str | None:
    """Give the code of a country as somebody wrote it: a code or a name in en, ru, tg, uz, kk or ky.

    A name that stands for two countries, or that nobody knows, gives None: a person decides.
    """
    written = text.strip()
    if written == "D" or len(written) == 3:
        code = from_mrz(written)
        if code:
            return code
    if len(written) == 2 and written.isascii():
        by_alpha2 = {alpha2: alpha3 for alpha3, alpha2 in alpha3_to_alpha2().items()}
        return by_alpha2.get(written.upper())
    return _names().get(_folded(written))


@cache
def _territories(language: str) -> dict[str, str]:
    return dict(Locale.parse(language).territories) if language in _NAMED_IN else {}


@cache
def _names() -> dict[str, str]:
    """Give every folded name with its code; names of two countries are left out."""
    found: dict[str, str] = {}
    twice = set()
    for alpha3, alpha2 in alpha3_to_alpha2().items():
        for language in _NAMED_IN:
            folded = _folded(_territories(language).get(alpha2, ""))
            if folded and found.setdefault(folded, alpha3) != alpha3:
                twice.add(folded)
    for folded in twice:
        del found[folded]
    return found | {_folded(written): code for written, code in _ALSO_CALLED.items()}


def _folded(text: str) -> str:
    """Fold case, ё, every apostrophe and repeated spaces, so that a hand-written name meets its entry."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е").replace("ي", "ی").replace("ك", "ک")
    for mark in "‘’ʻʼ`´":
        plain = plain.replace(mark, "'")
    return " ".join(plain.replace(".", " ").split())
