"""How many messages an operator takes a second: one bucket of tokens for each, in Redis, for all workers together.

Without Redis nothing stops: each process then counts for itself, and goes on at a quarter of the pace.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import redis
import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

log = structlog.get_logger(__name__)

TAKE = """
local rate, most, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local held = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = math.min(most, (tonumber(held[1]) or most) + math.max(0, now - (tonumber(held[2]) or now)) * rate)
local given = math.min(wanted, math.floor(tokens))
redis.call('HSET', KEYS[1], 'tokens', tokens - given, 'at', now)
redis.call('EXPIRE', KEYS[1], math.ceil(most / rate) + 60)
return given
"""
"""One step in the server, so that two workers never take the same token."""
SLOWLY = 0.25


@dataclass(slots=True)
class _Own:
    """The bucket of one process, for when Redis is away."""

    tokens: float = 1.0
    at: float = 0.0


_own: dict[str, _Own] = {}


def take(kind: str, wanted: int) -> int:
    """How many of `wanted` messages of a kind may be sent now; all of them where the kind is not limited."""
    rate = rates(tuple(settings.PROVIDER_RATES)).get(kind)
    if rate is None or wanted < 1:
        return wanted
    try:
        return int(_server(settings.REDIS_URL).eval(TAKE, 1, f"homeward:bucket:{kind}", rate, max(rate, 1), wanted))
    except (redis.RedisError, OSError):
        log.warning("bucket_without_redis", kind=kind)
        return _take_alone(kind, wanted, rate * SLOWLY)


def wait_for(kind: str) -> timedelta:
    """After how long a few tokens are there again."""
    return timedelta(seconds=max(0.2, 1 / rates(tuple(settings.PROVIDER_RATES))[kind]))


@lru_cache(maxsize=8)
def rates(said: tuple[str, ...]) -> dict[str, float]:
    """Messages a second by kind of channel. Raises ImproperlyConfigured with a remedy."""
    try:
        found = {kind.strip(): float(rate) for kind, rate in (entry.split("=") for entry in said)}
    except ValueError as error:
        raise ImproperlyConfigured("PROVIDER_RATES is KIND=NUMBER, separated by commas: sms=10,telegram=25.") from error
    if any(rate <= 0 for rate in found.values()):
        raise ImproperlyConfigured("PROVIDER_RATES needs numbers above nought; leave out a kind that has no limit.")
    return found


def _take_alone(kind: str, wanted: int, rate: float) -> int:
    own, now = _own.setdefault(kind, _Own(at=time.monotonic())), time.monotonic()
    own.tokens, own.at = min(max(rate, 1.0), own.tokens + (now - own.at) * rate), now
    given = min(wanted, int(own.tokens))
    own.tokens -= given
    return given


@lru_cache(maxsize=2)
def _server(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
