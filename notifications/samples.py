"""A message of every kind with an invented context: for administrators who look before anything is sent, and for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from common.actors import Actor
from notifications.messages import MessageKind, RenderedMessage, call_script, preview, render, sample_link
from notifications.models import Alert
from notifications.short_messages import parts_of, short

NUMBER = 27
"""The number that an invented notice has."""


@dataclass(frozen=True)
class Sample:
    """The letter, the message inside it, the text message with its parts, and what a caller reads out."""

    letter: RenderedMessage
    message: RenderedMessage
    short: str
    parts: int
    call: str


def sample_of(kind: MessageKind, language: str, *, by: Actor, at: datetime) -> Sample:
    """Everything that a kind says in `language`; nothing is stored. Needs a kind with a sample."""
    alert = Alert(
        number=NUMBER,
        kind=kind.kind,
        source="sample",
        subject="sample",
        context=kind.sample() if kind.sample else {},
        raised_at=at,
        raised_by=by,
        expires_at=at + timedelta(days=2),
    )
    return sayings_of(alert, language)


def sayings_of(alert: Alert, language: str) -> Sample:
    """The same of an alert that stands; links lead nowhere."""
    said = short(alert, language, link=sample_link(alert))
    return Sample(
        letter=preview(alert, language),
        message=render(alert, language),
        short=said,
        parts=parts_of(said),
        call=call_script(alert, language),
    )
