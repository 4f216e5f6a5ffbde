"""A decision that holds for the next version too, told to the party that took it: nothing is asked of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from corridors import message_samples, request_words
from corridors.models import CorridorVersion

KIND = "corridor_carried"
ANSWER_WITHIN = timedelta(days=2)


def source_of(version: CorridorVersion) -> str:
    """How the alerts of a version are recognised; the round in which it was laid before its parties follows."""
    return f"corridor-carried:{version.public_id}"


def alert_context(version: CorridorVersion, *, at: datetime) -> dict[str, Any]:
    """What an alert keeps: the wording and what it says otherwise than the one before, as in a request."""
    return request_words.alert_context(version, answer_by=at, at=at)


def context(alert: dict[str, Any], language: str) -> dict[str, Any]:
    """What the templates of this kind get, worded in `language`, which must be the active one."""
    return request_words.context(alert, language)


def sample() -> dict[str, Any]:
    """An invented version that asks for less than the one before, to look at the messages."""
    asked = message_samples.corridor_request()
    wording = {**asked["wording"], "cap": 90}
    return {**asked, "version": 3, "before": {"version": 2, **asked["wording"]}, "wording": wording}
