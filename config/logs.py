"""What a log may say. The address of a signed link is a key, and what people search for is often a name: neither is kept."""

from __future__ import annotations

import logging
import re
from collections.abc import MutableMapping
from typing import Any

KEY = re.compile(r"/(a|d|reached|invitations|accounts/password/reset/key)/[^/?\s]+")
"""Addresses whose next part opens something without an account: notices, decisions, tests, invitations, passwords."""


LONGEST = 400
"""Letters of one line's text: whoever is refused cannot fill the log with what they sent."""
FIRST_OF_OURS = 500
"""From this status on an answer is our fault, and its trace is kept."""


class WithoutTraceOfRefusals(logging.Filter):
    """Takes the trace off the line of a request that was refused: a stranger could fill the log, and it helps nobody."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line is kept."""
        if getattr(record, "status_code", FIRST_OF_OURS) < FIRST_OF_OURS:
            record.exc_info, record.exc_text = None, None
        return True


def without_keys(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Takes keys and questions out of a line before it is written (a processor of structlog)."""
    for name in ("event", "request"):
        if isinstance(said := event.get(name), str):
            event[name] = KEY.sub(r"/\1/…", said)[:LONGEST]
    if isinstance(asked := event.get("request"), str):
        event["request"] = asked.partition("?")[0]
    return event
