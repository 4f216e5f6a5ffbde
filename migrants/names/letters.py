"""Scripts and letters: which script a name is written in, and how it reads in Latin letters. Pure."""

import csv
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from anyascii import anyascii

TABLE = Path(__file__).parents[1] / "tables" / "translit_variants.csv"

_PAIRS = (
    "а a,б b,в v,г g,д d,е e,ё yo,ж zh,з z,и i,й y,к k,л l,м m,н n,о o,п p,р r,с s,т t,у u,ф f,х kh,ц ts,ч ch,ш sh,"
    "щ shch,ъ ,ы y,ь ,э e,ю yu,я ya,"
    "ғ gh,ӣ i,қ q,ӯ u,ҳ h,ҷ j,ў o‘,ә a,ң ng,ө o,ұ u,ү u,һ h,і i"  # Tajik, Uzbek, Kazakh, Kyrgyz
)
LATIN: Mapping[str, str] = {pair[0]: pair[2:] for pair in _PAIRS.split(",")}
"""How a Cyrillic letter is shown in Latin: the national way where the letter belongs to one language."""

ICAO: Mapping[str, str] = {**LATIN, "ё": "e", "й": "i", "ъ": "ie", "ю": "iu", "я": "ia", "ў": "u"}
"""How a passport prints a Cyrillic letter (Doc 9303 part 3, section 6), national letters by LATIN."""

_ARABIC_PAIRS = (
    "ا a,آ o,أ a,إ i,ٱ a,ب b,پ p,ت t,ٹ t,ث s,ج j,چ ch,ح h,خ kh,د d,ډ d,ڈ d,ذ z,ر r,ړ r,ڑ r,ز z,ژ zh,ږ zh,س s,ش sh,ښ sh,"
    "ص s,ض z,ط t,ظ z,ع ,غ gh,ف f,ق q,ک k,ك k,ګ g,گ g,ل l,م m,ن n,ڼ n,ں n,ڭ ng,و u,ؤ u,ۇ u,ۆ o,ه h,ھ h,ہ h,ة a,ە a,"
    "ی i,ي i,ې e,ۍ i,ئ ,ى a,ء ,ځ dz,څ ts"  # Arabic, Farsi, Dari, Pashto, Uyghur
)
ARABIC: Mapping[str, str] = {pair[0]: pair[2:] for pair in _ARABIC_PAIRS.split(",")}
"""How an Arabic letter is shown in Latin. Short vowels are not written and none is invented; w and y stand as vowels."""

_MARKED_PAIRS = (
    "ş sh,ș sh,š sh,ś sh,ŝ sh,ç ch,č ch,ć ch,ĉ ch,ž zh,ź zh,ż zh,ğ gh,ģ gh,ǧ j,ǰ j,ñ n,ň n,ņ n,ŋ ng,ý y,ı i,ä a,ə a,å a,"
    "ö o,ő o,ø o,ü u,ű u,ḩ h,ḥ h,ħ h,đ d,ł l,ţ t,ț t,ř r,ß s,ð d,þ t"
)
MARKED: Mapping[str, str] = dict(pair.split() for pair in _MARKED_PAIRS.split(","))
"""How a marked Latin letter sounds where it has a sound of its own: Turkish, Turkmen, Polish, Baltic spellings."""

_SILENT = {"dropped": "", "''": "", "'": "", "-": ""}
"""What the table writes for a letter that leaves no sound."""
_SCRIPTS = {"CYRILLIC": "Cyrl", "LATIN": "Latn", "ARABIC": "Arab"}


def scripts(text: str) -> frozenset[str]:
    """Give the scripts of the letters in `text` as ISO 15924 codes: Cyrl, Latn, Arab, or Zyyy for any other."""
    return frozenset(_SCRIPTS.get(_script_name(letter), "Zyyy") for letter in text if letter.isalpha())


def script(text: str) -> str:
    """Give the script of most letters; Zyyy where there is no letter."""
    counted: dict[str, int] = {}
    for letter in filter(str.isalpha, text):
        code = _SCRIPTS.get(_script_name(letter), "Zyyy")
        counted[code] = counted.get(code, 0) + 1
    return max(counted, key=lambda code: counted[code], default="Zyyy")


def latin(full_name: str) -> str:
    """Show a name in Latin letters: "Қодиров Умед" as "Qodirov Umed". Latin names stay as they are."""
    return " ".join(map(_latin_word, unicodedata.normalize("NFC", full_name).split()))


def icao(full_name: str) -> str:
    """Write a name as the machine readable zone does: capitals A–Z and single spaces ("IUSUFOV KHASAN")."""
    plain = anyascii(_written(unicodedata.normalize("NFKC", full_name), ICAO)).upper()
    return " ".join("".join(sign if "A" <= sign <= "Z" else " " * (sign in " -.,") for sign in plain).split())


@lru_cache(maxsize=20_000)
def _latin_word(word: str) -> str:
    """A people has some thousand names, in as many lists as one likes."""
    return _word(word, LATIN)


@lru_cache(maxsize=4096)
def _script_name(letter: str) -> str:
    return unicodedata.name(letter, "").split(" ", 1)[0]


def _written(text: str, table: Mapping[str, str]) -> str:
    return " ".join(_word(word, table) for word in unicodedata.normalize("NFC", text).split())


def _word(word: str, table: Mapping[str, str]) -> str:
    signs = []
    is_shouted = len(word) > 1 and word.isupper()
    for sign in word:
        lower = sign.lower()
        if lower in table:
            plain = table[lower]
        elif lower in ARABIC:
            plain = ARABIC[lower]
        elif sign.isascii() or _script_name(sign) in ("LATIN", "MODIFIER") or not sign.isalpha():
            plain = sign
        else:
            plain = anyascii(sign)
        is_capital = sign != lower
        signs.append(
            plain.upper() if is_capital and is_shouted else plain.capitalize() if is_capital and plain else plain
        )
    return "".join(signs)


@cache
def spellings() -> Mapping[str, tuple[str, ...]]:
    """Give every known Latin spelling of each Cyrillic letter, over all languages of the table."""
    found: dict[str, dict[str, None]] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            letter = row["cyrillic"]
            if row["language"] not in ("morph", "ref") and len(letter) == 1:
                variants = (_SILENT.get(variant, variant) for variant in row["latin_variants"].split("|"))
                found.setdefault(letter, {}).update(dict.fromkeys(variants))
    return {letter: tuple(variants) for letter, variants in found.items()}
