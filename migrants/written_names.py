"""Names as they are written down: nothing is invented to fill a field (rule 17). Pure."""

from __future__ import annotations

import re

_STAND_INS = frozenset(
    {"fnu", "lnu", "nfn", "nln", "nmn", "n/a", "n.a.", "n\\a", "б/о", "б.о.", "б/ф", "б/и", "н/д", "н.д."}
)
"""Words that forms ask for where a part of the name does not exist: no first name, no last name, not available, without
father’s name, without surname, no data."""
_NO_NAMES = frozenset(
    [
        "unknown", "no name", "noname", "not known", "none", "na", "nil", "test", "xxx", "anonymous", "name unknown",
        "неизвестно", "неизвестный", "неизвестная", "без имени", "нет", "нет имени", "аноним", "имя неизвестно",
        "номаълум", "беном", "ном надорад", "nomaʼlum", "nomalum", "noma'lum", "noma’lum", "noma‘lum", "ismsiz",
        "белгисиз", "белгісіз", "ناشناس", "نامعلوم",
    ]
)  # fmt: skip
"""What is written in the place of a whole name that nobody asked for."""


_ONE_SIGN = re.compile(r"(\w)\1{2,}")
_BETWEEN = re.compile(r"[\s,;()]+")


def stand_in(full_name: str) -> str:
    """Give the word of a name that stands for a part which does not exist or was not asked, or "" where all is a name."""
    plain = " ".join(full_name.split())
    folded = plain.casefold()
    if folded in _NO_NAMES or not any(map(str.isalpha, plain)) or _ONE_SIGN.fullmatch(plain):
        return plain
    if _STAND_INS.isdisjoint(_BETWEEN.split(folded)):
        return ""
    return next((word for word in _BETWEEN.split(plain) if word.casefold() in _STAND_INS), "")


def without_stand_ins(full_name: str) -> tuple[str, str]:
    """Give the name without the words that stand for what it has not, and the first of them ("" where there is none).

    For lists, whose senders fill each column: what is left out is said, and a row of nothing else has no name.
    """
    first = stand_in(full_name)
    name, word = " ".join(full_name.split()), first
    while word:
        if word == name:
            return "", first
        kept = [each for each in name.split() if each.strip(",;()") != word]
        if len(kept) == len(name.split()):
            return name.replace(word, "").strip(" ,;()"), first
        name = " ".join(kept)
        word = stand_in(name)
    return name, first
