"""Shapes of what is only looked at: the engine, and what alerts say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from rest_framework import serializers

from common.serializers import Choice, Entry, Text
from notifications import watchdog
from notifications.books import books, last_successes
from notifications.messages import MessageKind
from notifications.samples import Sample


class PartShape(serializers.Serializer[Any]):
    """A part of the engine: when it last gave a sign of life, and whether that is too long ago."""

    name = serializers.CharField()
    seen_at = serializers.DateTimeField(allow_null=True)
    is_silent = serializers.BooleanField()


class AccountShape(serializers.Serializer[Any]):
    """One of the books: all rows of the last days, by what became of them; `astray` names rows that fit nowhere."""

    name = serializers.CharField()
    total = serializers.IntegerField()
    parts = serializers.DictField(child=serializers.IntegerField())
    astray = serializers.ListField(child=serializers.CharField())
    holds = serializers.BooleanField()


class ChannelSuccessShape(serializers.Serializer[Any]):
    """When something was last handed over by a kind of channel."""

    kind = serializers.CharField()
    last_success_at = serializers.DateTimeField(allow_null=True)


class EngineShape(serializers.Serializer[Any]):
    """The state of the engine. `holds`: every alert raised is answered, open or over, and every message went or failed."""

    holds = serializers.BooleanField()
    parts = PartShape(many=True)
    books = AccountShape(many=True)
    channels = ChannelSuccessShape(many=True)


class KindFilters(Entry):
    """Of which kind (all where it is left out), in which language (English where it is left out)."""

    kind = Text(max_length=40, required=False)
    language = Choice(choices=[code for code, _name in settings.LANGUAGES], required=False)


class LetterSaysShape(serializers.Serializer[Any]):
    """A letter: its subject, its text, and the same as HTML."""

    subject = serializers.CharField()
    text = serializers.CharField()
    html = serializers.CharField()


class KindSaysShape(serializers.Serializer[Any]):
    """What a kind of alert says in `language`; `parts` is how many text messages the short form takes."""

    kind = serializers.CharField()
    words = serializers.CharField()
    language = serializers.CharField()
    letter = LetterSaysShape()
    short = serializers.CharField()
    parts = serializers.IntegerField()
    call = serializers.CharField()


def engine_said(*, at: datetime, real_at: datetime) -> dict[str, Any]:
    """The engine as the API tells of it."""
    silent, signs, accounts = watchdog.silent_parts(real_at=real_at), watchdog.signs(), books(at=at, real_at=real_at)
    told = {
        "holds": all(account.holds for account in accounts),
        "parts": [{"name": name, "seen_at": seen, "is_silent": name in silent} for name, seen in signs.items()],
        "books": [
            {
                "name": str(account.name), "total": account.total, "astray": account.astray, "holds": account.holds,
                "parts": {str(name): number for name, number in account.parts.items()},
            }
            for account in accounts
        ],
        "channels": [
            {"kind": kind, "last_success_at": success} for kind, success in last_successes(at=at).items()
        ],
    }  # fmt: skip
    return dict(EngineShape(told).data)


def kind_said(kind: MessageKind, sample: Sample, language: str) -> dict[str, Any]:
    """A kind with its sample as the API tells of it."""
    letter = {"subject": sample.letter.subject, "text": sample.letter.text, "html": sample.letter.html}
    told = {"kind": kind.kind, "words": str(kind.label), "language": language, "letter": letter}
    return dict(KindSaysShape({**told, "short": sample.short, "parts": sample.parts, "call": sample.call}).data)
