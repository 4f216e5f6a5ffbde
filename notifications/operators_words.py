"""What operators and mail servers say of a message, without the address that they repeat: it is kept where many read it."""

from __future__ import annotations

import re

HIDDEN = "…"


def without_address(words: str, address: str) -> str:
    """The words with the address, or the number in any way of writing it, left out. Pure."""
    if not words or not address:
        return words
    if address.lstrip("+-").isdecimal():
        written = r"[\s().-]*".join(address.lstrip("+-"))
        return re.sub(rf"[+-]?{written}", HIDDEN, words)
    return re.sub(re.escape(address), HIDDEN, words, flags=re.IGNORECASE)
