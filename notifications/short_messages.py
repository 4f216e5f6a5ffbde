"""A notice as a text message: a number, a few words and the link, in no more than two parts.

A part holds 160 letters of the GSM alphabet, or 70 where one letter is outside it; of a longer message each part gives a
few up to its joint: 153 or 67 (3GPP TS 23.038, 23.040).
"""

from __future__ import annotations

from notifications.messages import in_few_words
from notifications.models import Alert

MOST_PARTS = 2
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE = frozenset("\f^{}\\[~]|€")
"""Letters of its second table: each takes the place of two."""
_PLAINER = str.maketrans(
    {"‘": "'", "’": "'", "ʻ": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-", "—": "-", "→": ">", "·": "-", "\u00a0": " "}
)
"""Letters for which a phone would need three times the parts, though a plainer one says the same."""


def parts_of(text: str) -> int:
    """How many parts a text message of this text is sent in."""
    if all(letter in _GSM or letter in _GSM_DOUBLE for letter in text):
        length, alone, joined = len(text) + sum(letter in _GSM_DOUBLE for letter in text), 160, 153
    else:
        length, alone, joined = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= alone else -(-length // joined)


def short(alert: Alert, language: str, *, link: str) -> str:
    """The text message of `alert` in `language`, with `link` whole at its end."""
    return fitted(alert, in_few_words(alert, language), link=link)


def fitted(alert: Alert, said: str, *, link: str) -> str:
    """The text message that says `said` of an alert, with its number before and `link` whole after it.

    Words are left out before the link is.
    """
    words = f"Homeward {alert.number or 0}: {said.translate(_PLAINER)}".split(" ")
    whole = " ".join(words)
    while parts_of(f"{whole}\n{link}") > MOST_PARTS and len(words) > 2:
        words.pop()
        whole = " ".join(words).rstrip(" ,.:;-") + ".."
    return f"{whole}\n{link}"
