"""What pages and the live process agree on: where changes are called out, and the ticket that lets a page listen.

Pure and light on purpose: the live process (`config/live.py`) loads this and no setting, no model and no database.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import urlsplit

from django.core import signing

SALT = "homeward.live"
GOOD_FOR = 30
"""Seconds within which a ticket must be shown; the stream it opens lasts longer, and ends by itself."""


class Ticket(NamedTuple):
    """Who listens (public id of the account), and to which topics."""

    who: str
    topics: tuple[str, ...]


class TicketError(ValueError):
    """A ticket that is none of ours, was altered, or is too old."""


def channel_of(redis_url: str) -> str:
    """The name under which changes are called out; databases of one Redis share their channels, so its number is in it."""
    return f"homeward:live:{urlsplit(redis_url).path.strip('/') or '0'}"


def kind_of(topic: str) -> str:
    """What a page is told of a topic: `inbox:kz-border` is its `inbox`."""
    return topic.partition(":")[0]


def issue(*, who: str, topics: Collection[str], key: str) -> str:
    """Sign a ticket with `key`."""
    return _signer(key).sign_object([who, sorted(topics)], compress=False)


def read(ticket: str, *, key: str, good_for: int = GOOD_FOR) -> Ticket:
    """Give what a ticket says. Raises TicketError."""
    try:
        who, topics = _signer(key).unsign_object(ticket, max_age=good_for)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise TicketError("not a ticket of ours, or no longer") from error
    return Ticket(str(who), tuple(str(topic) for topic in topics))


def _signer(key: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(key=key, salt=SALT, fallback_keys=[])
