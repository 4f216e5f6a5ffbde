"""What XML can hold: a sign that it cannot would make a feed, an alert or a workbook unreadable to everybody."""

from __future__ import annotations

import re

_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""All but the characters of XML 1.0, 2.2: what comes along when somebody copies out of a document."""


def printable(text: str) -> str:
    """Give the text without the signs that XML has no way to write; letters of every script stay."""
    return _UNFIT.sub("", text)
