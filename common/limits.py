"""How often somebody may ask, so that nobody tries keys or walks through the register. Counted in Redis, by name and by whom.

Where Redis is away nobody is kept out: that a notice can be answered weighs more than that a guess is slowed down.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from redis.exceptions import RedisError

from common import addresses

log = structlog.get_logger(__name__)
View = Callable[..., HttpResponse]


class TooManyError(Exception):
    """Asked too often; `wait` are the seconds after which it may be asked again."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"again in {wait} s")
        self.wait = wait


def count(name: str, key: str) -> None:
    """Counts one more of what the setting LIMITS calls `name`, for `key`. Raises TooManyError beyond the limit.

    The key is kept as a digest only: it may be a token or an address.
    """
    most, seconds = settings.LIMITS[name]
    counter = f"limit:{name}:{hashlib.sha256(key.encode()).hexdigest()[:32]}"
    try:
        cache.add(counter, 0, timeout=seconds)
        reached = cache.incr(counter)
    except (RedisError, OSError, ValueError):  # ValueError: the counter ended between the two
        log.warning("limit_not_counted", limit=name)
        return
    if reached > most:
        log.warning("limit_reached", limit=name)
        raise TooManyError(seconds)


def limited(name: str) -> Callable[[View], View]:
    """Counts every call of a view by whoever is signed in, or by the address of a stranger."""

    def fit(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            count(name, who(request))
            return view(request, *args, **kwargs)

        return counted

    return fit


def who(request: HttpRequest) -> str:
    """The account that asks, or the address of a stranger."""
    if request.user.is_authenticated:
        return str(request.user.public_id)
    return address_of(request)


def address_of(request: HttpRequest) -> str:
    """Whence a request came: as many steps back as there are proxies of ours (TRUSTED_PROXIES), and no further.

    What a client itself writes into X-Forwarded-For is not believed. Of IPv6 the whole network counts.
    """
    came = addresses.address_of(request)
    try:
        address = ipaddress.ip_address(came)
    except ValueError:
        return came[:64]
    return str(address) if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))
