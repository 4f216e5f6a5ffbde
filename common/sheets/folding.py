"""Fold written words so that they meet their entries: case, ё, apostrophes, Arabic and Persian letters, digits. Pure."""

import re
import unicodedata

_ARABIC = {ord(one): other for one, other in zip("يىكةۀؤأإٱ", "ییکههوااا", strict=True)}
_UNSEEN = dict.fromkeys(
    [
        0xAD, 0x307, 0x640, 0x670, *range(0x64B, 0x660), *range(0x200B, 0x2010), *range(0x202A, 0x202F),
        0x2066, 0x2067, 0x2069, 0xFEFF,
    ]
)  # fmt: skip
"""Marks that change no word: soft hyphen, tatweel, vowel signs, joiners, and the marks of direction."""
_APOSTROPHES = re.compile(r"[‘’ʻʼ`´ʹ]")
_TYPED_AS = str.maketrans(
    {
        "қ": "к", "ғ": "г", "ҳ": "х", "ҷ": "ч", "ӣ": "и", "ӯ": "у", "ў": "у", "ң": "н", "ү": "у", "ұ": "у", "ө": "о",
        "ә": "а", "і": "и", "һ": "х", "'": None,
    }
)  # fmt: skip
"""What a clerk types on a Russian keyboard for letters of Tajik, Uzbek, Kazakh and Kyrgyz."""


def fold(text: str) -> str:
    """Fold case, ё, accents of width, apostrophes, punctuation and spaces, so that written names meet their entries.

    Arabic and Persian forms of one letter become one, their digits become ASCII, marks that nobody sees are left out.
    """
    plain = latin_digits(unicodedata.normalize("NFKC", text).casefold().translate(_UNSEEN).translate(_ARABIC))
    plain = _APOSTROPHES.sub("'", plain.replace("ё", "е"))
    return " ".join(re.sub(r"[^\w']+|_+", " ", plain).split())


def fold_heading(text: str) -> str:
    """Fold further than `fold`: letters that a Russian keyboard lacks become those that are typed for them."""
    return fold(text).translate(_TYPED_AS)


def latin_digits(text: str) -> str:
    """Give the text with every digit as 0–9, those of Arabic and Persian among them."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.digit(letter)) if letter.isdecimal() and not letter.isascii() else letter for letter in text
    )
