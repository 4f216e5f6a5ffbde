"""The letters of a request as its parties would get them, before anybody is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from common.actors import Actor
from corridors.models import CorridorVersion
from corridors.request_words import KIND, alert_context
from notifications.messages import RenderedMessage, preview
from notifications.models import Alert


@dataclass(frozen=True, slots=True)
class LetterBeforehand:
    """A letter in one language; its link opens nothing yet."""

    language: str
    name: str
    letter: RenderedMessage


def letters_beforehand(
    version: CorridorVersion, *, answer_by: datetime, by: Actor, at: datetime
) -> list[LetterBeforehand]:
    """The letter in each language, for answers until `answer_by`; nothing is stored. None for a version without a window."""
    if not version.has_window:
        return []
    alert = Alert(
        number=0,
        kind=KIND,
        context=alert_context(version, answer_by=answer_by, at=at),
        raised_at=at,
        raised_by=by,
        expires_at=answer_by,
    )
    return [LetterBeforehand(code, name, preview(alert, code)) for code, name in settings.LANGUAGES]
