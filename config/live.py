"""The live process: one subscription to what changed (`common/live.py`), passed on to every page that listens.

It knows no model, no database and nobody's rights. A page shows a ticket that the web signed for its viewer, and hears
the kinds of topics that stand in it, never more; a stream ends after some minutes, and the next one needs a new ticket. Each
listener has a set of what it has not heard yet, which cannot grow, so that a slow one holds nobody. Without Redis every
stream ends and pages ask by themselves.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

from environs import FileAwareEnv
from redis.asyncio import Redis
from redis.exceptions import RedisError

from common.live_tickets import Ticket, TicketError, channel_of, kind_of, read

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = logging.getLogger(__name__)
PATH, READY = "/live/stream", "/readyz"
STREAM_SECONDS = 300
"""How long a stream lasts, and so how long somebody hears on whose membership has ended."""
BREATH_SECONDS = 15
"""A word that means nothing, so often, keeps the line open and finds out who has gone."""
GAP_SECONDS = 1.0
"""What changes meanwhile is told together, once."""
MOST_OF_ONE, MOST = 12, 2000
"""Streams of one account, and of all."""
PATIENCE_SECONDS = 2.0
"""How long Redis may say nothing before it is asked whether it is there, and how long it has to answer that."""
AGAIN_SECONDS = 1.0
"""How long after its end Redis is asked again."""


class Listener:
    """One open stream: what it listens to, and what it has not heard yet."""

    def __init__(self, ticket: Ticket) -> None:
        self.who, self.topics = ticket.who, frozenset(ticket.topics)
        self.unheard: set[str] = set()
        self.woken = asyncio.Event()
        self.is_over = False

    def hear(self, topics: Iterable[str]) -> None:
        """Notes the kinds of those topics to which it listens."""
        if kinds := {kind_of(topic) for topic in self.topics.intersection(topics)}:
            self.unheard |= kinds
            self.woken.set()

    def end(self) -> None:
        self.is_over = True
        self.woken.set()


class Live:
    """The application (ASGI)."""

    def __init__(
        self, *, key: str, redis_url: str, public_address: str, stream_seconds: float = STREAM_SECONDS
    ) -> None:
        self.key, self.redis_url, self.stream_seconds = key, redis_url, stream_seconds
        parts = urlsplit(public_address)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.listeners: set[Listener] = set()
        self.of_one: Counter[str] = Counter()
        self.hears = False
        self.subscription: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    def end_streams(self) -> None:
        """Lets every page go at once; it asks by itself until it has found another stream."""
        for listener in list(self.listeners):
            listener.end()

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.subscription = asyncio.create_task(self._subscribe())
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                self.end_streams()
                if self.subscription:
                    self.subscription.cancel()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _subscribe(self) -> None:
        """Passes on what Redis says; whenever it is lost every stream ends, and it is tried again."""
        while True:
            try:
                await self._pass_on()
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("live_hears_nothing %s", type(error).__name__)
            self.hears = False
            self.end_streams()
            await asyncio.sleep(AGAIN_SECONDS)

    async def _pass_on(self) -> None:
        client = Redis.from_url(self.redis_url, socket_connect_timeout=2, socket_timeout=5)
        async with client, client.pubsub() as subscription:
            await subscription.subscribe(channel_of(self.redis_url))
            asked = True  # the answer to the subscription is the first that must come
            while True:
                message = await subscription.get_message(timeout=PATIENCE_SECONDS)
                if message is None:
                    if asked:
                        raise TimeoutError("Redis holds the line and says nothing")
                    await subscription.ping()
                    asked = True
                    continue
                asked, self.hears = False, True
                if message["type"] == "message":
                    topics = json.loads(message["data"])
                    for listener in list(self.listeners):
                        listener.hear(topics)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        allowed = (b"access-control-allow-origin", self.origin.encode())
        if scope["path"] == READY:
            await _say(send, 200 if self.hears else 503)
        elif isinstance(asked := self._asked(scope), Ticket):
            await self._stream(Listener(asked), allowed, receive, send)
        else:
            await _say(send, asked, allowed)

    def _asked(self, scope: Scope) -> Ticket | int:
        """Give the ticket of whoever may listen, or the status that refuses."""
        origin = dict(scope["headers"]).get(b"origin", b"").decode("latin-1")
        if scope["path"] != PATH:
            return 404
        if scope["method"] != "GET":
            return 405
        try:
            ticket = read(parse_qs(scope["query_string"].decode("latin-1")).get("ticket", [""])[0], key=self.key)
        except TicketError:
            return 403
        if origin not in ("", self.origin):
            return 403
        if self.of_one[ticket.who] >= MOST_OF_ONE:
            return 429
        return ticket if self.hears and len(self.listeners) < MOST else 503

    async def _stream(self, listener: Listener, allowed: tuple[bytes, bytes], receive: Receive, send: Send) -> None:
        """Tells one page what changes until it goes, its time is over, or nothing is heard any more."""
        self.listeners.add(listener)
        self.of_one[listener.who] += 1
        gone = asyncio.create_task(_until_gone(receive, listener))
        try:
            async with asyncio.timeout(self.stream_seconds):
                await _begin(send, allowed)
                while not listener.is_over:
                    await _tell(send, listener)
        except (TimeoutError, OSError):
            pass  # its time is over, or nobody is there any more
        finally:
            gone.cancel()
            self.listeners.discard(listener)
            self.of_one -= Counter([listener.who])
            with suppress(OSError, asyncio.CancelledError):
                await asyncio.wait_for(send({"type": "http.response.body", "body": b""}), timeout=1)


async def _begin(send: Send, allowed: tuple[bytes, bytes]) -> None:
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
        (b"x-content-type-options", b"nosniff"),
        allowed,
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b": listening\n\n", "more_body": True})


async def _tell(send: Send, listener: Listener) -> None:
    """Waits for something to tell, or for the time to breathe, and says it; then leaves a gap."""
    with suppress(TimeoutError):
        await asyncio.wait_for(listener.woken.wait(), timeout=BREATH_SECONDS)
    if listener.is_over:
        return
    listener.woken.clear()
    kinds, listener.unheard = sorted(listener.unheard), set()
    said = "".join(f"event: changed\ndata: {kind}\n\n" for kind in kinds) or ": here\n\n"
    await send({"type": "http.response.body", "body": said.encode(), "more_body": True})
    if kinds:
        await asyncio.sleep(GAP_SECONDS)


async def _until_gone(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    listener.end()


async def _say(send: Send, status: int, *headers: tuple[bytes, bytes]) -> None:
    """A short answer without a body."""
    said = [(b"content-length", b"0"), (b"cache-control", b"no-store"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": said})
    await send({"type": "http.response.body", "body": b""})


def made_from_environment() -> Live:
    """The application with the three settings that it needs, and no others (`.env.example`)."""
    env = FileAwareEnv(strip_whitespace=True)
    return Live(
        key=env.str("LIVE_KEY"),
        redis_url=env.str("REDIS_URL"),
        public_address=env.str("PUBLIC_ADDRESS", "http://127.0.0.1:8000"),
    )
