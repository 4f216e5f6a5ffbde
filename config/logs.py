"""What a log may say. The address of a signed link is a key, and what people search for is often a name: neither is kept."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

KEY = re.compile(r"/(a|d|invitations|accounts/password/reset/key)/[^/?\s]+")
"""Addresses whose next part opens something without an account: notices, decisions, invitations, a new password."""


def without_keys(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Takes keys and questions out of a line before it is written (a processor of structlog)."""
    for name in ("event", "request"):
        if isinstance(said := event.get(name), str):
            event[name] = KEY.sub(r"/\1/…", said)
    if isinstance(asked := event.get("request"), str):
        event["request"] = asked.partition("?")[0]
    return event
