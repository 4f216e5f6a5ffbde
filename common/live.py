"""Says that something changed, and never what: open pages then ask again, through their own door and with their own rights.

A change is called out after commit, over Redis, to the live process (`config/live.py`), which passes it on. It is a courtesy
like a nudge: pages also ask by themselves now and then, so a lost call loses nothing. What is watched (`watch`) is called out
by the audit row that each act writes, so that no act has to think of it.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, TypeVar

import structlog
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from common.live_tickets import channel_of, issue

log = structlog.get_logger(__name__)
Found = TypeVar("Found")
Viewer = Any
Topics = Callable[[Sequence[Any]], Iterable[str]]
PATIENCE = 0.5
"""Seconds that a page waits for Redis here, at the most; then it does without."""
QUIET_FOR = 5.0
"""Seconds for which nothing is asked of a Redis that did not answer, so that not every page waits for it."""

_kinds: dict[str, Callable[[Viewer], Collection[str]]] = {}
_watched: dict[str, list[Topics]] = {}


class _Line:
    """The connection of this process, made at its first use, and until when it is left alone."""

    client: Redis | None = None
    quiet_until = 0.0


def offer(kind: str, topics: Callable[[Viewer], Collection[str]]) -> None:
    """Let pages listen to `kind`; `topics(viewer)` are those that this viewer may hear, none for whoever may hear nothing."""
    _kinds[kind] = topics


def watch(label: str, topics: Topics) -> None:
    """Call out `topics(rows)` whenever an act is written down about rows of the model `label` (`app.Model`)."""
    _watched.setdefault(apps.get_model(label)._meta.label, []).append(topics)


def ticket_for(viewer: Viewer, kinds: Iterable[str]) -> str:
    """Sign a ticket for what a page shows; empty where the viewer may hear of none of it."""
    topics = {topic for kind in kinds if kind in _kinds for topic in _kinds[kind](viewer)}
    return issue(who=str(viewer.user.public_id), topics=topics, key=settings.LIVE_KEY) if topics else ""


def noticed(rows: Iterable[models.Model]) -> None:
    """Call out what is watched among the rows of an act."""
    by_model: dict[str, list[models.Model]] = {}
    for row in rows:
        if (label := row._meta.label) in _watched:
            by_model.setdefault(label, []).append(row)
    if by_model:
        tell(*(topic for label, found in by_model.items() for topics in _watched[label] for topic in topics(found)))


def tell(*topics: str) -> None:
    """Call out that something under these topics changed, once the running transaction has committed; each once."""
    if not topics:
        return
    # One that waits already is undone only together with the act at hand; at worst it says a word too much.
    waiting = next((each[1] for each in connection.run_on_commit if isinstance(each[1], _Telling)), None)
    if waiting is not None:
        waiting.topics.update(topics)
    else:
        transaction.on_commit(_Telling(topics), robust=True)


class _Telling:
    """What one transaction has to call out."""

    def __init__(self, topics: Iterable[str]) -> None:
        self.topics = set(topics)

    def __call__(self) -> None:
        def call_out(client: Redis) -> None:
            pipe = client.pipeline(transaction=False)
            pipe.mset(dict.fromkeys(map(_word_of, self.topics), secrets.token_hex(8)))
            pipe.publish(channel_of(settings.REDIS_URL), json.dumps(sorted(self.topics)))
            pipe.execute()

        _asked(call_out)


def remembered(key: str, *, topics: Collection[str], seconds: int, found: Callable[[], Found]) -> Found:
    """Give what `found` gave less than `seconds` ago, or gives now where one of `topics` was called out since.

    It must be something that JSON holds. Without Redis it is found each time.
    """
    if not seconds:
        return found()
    words = [_word_of(topic) for topic in sorted(topics)]
    kept: list[Any] | None = _asked(lambda client: client.mget(key, *words))
    if kept is None:
        return found()
    told = [value.decode() if value else "" for value in kept[1:]]
    if kept[0] and (was := json.loads(kept[0]))["told"] == told:
        return was["found"]  # type: ignore[no-any-return]  # what `found` gave, through JSON
    fresh = found()
    _asked(lambda client: client.set(key, json.dumps({"told": told, "found": fresh}), ex=seconds))
    return fresh


def _word_of(topic: str) -> str:
    """Where the last word about a topic stands, another one each time."""
    return f"homeward:told:{topic}"


def _asked(ask: Callable[[Redis], Found]) -> Found | None:
    """Ask Redis; None where it does not answer, and nothing more is asked for a while."""
    if time.monotonic() < _Line.quiet_until:
        return None
    if _Line.client is None:
        _Line.client = Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),
        )
    try:
        return ask(_Line.client)
    except (RedisError, OSError) as error:
        _Line.quiet_until = time.monotonic() + QUIET_FOR
        log.warning("live_not_told", error=type(error).__name__)
        return None
