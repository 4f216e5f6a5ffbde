"""A silent engine must be seen. Each task signs its round; a page reads one cached row."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache

from notifications.models import EngineSign

PATIENCE = {
    "deliveries": timedelta(seconds=100),
    "escalation": timedelta(seconds=100),
    "webhooks": timedelta(seconds=100),
    "beat": timedelta(seconds=100),
}
"""After how long without a sign a part of the engine counts as silent: with the cache it is seen within two minutes.

`deliveries`, `escalation` and `webhooks` sign each round of the worker, which nudges wake too; `beat` signs only what beat
itself sent.
"""
CACHED_FOR = 15
_KEY = "watchdog.signs"


def sign(name: str, *, real_at: datetime) -> None:
    """Writes that the part `name` has just done its round."""
    EngineSign.objects.update_or_create(name=name, defaults={"last_seen_at": real_at})


def silent_parts(*, real_at: datetime) -> dict[str, datetime]:
    """Which parts of the engine are silent, each since when. What never signed is not silent: it has not begun."""
    signs: dict[str, datetime] | None = cache.get(_KEY)
    if signs is None:
        signs = dict(EngineSign.objects.values_list("name", "last_seen_at"))
        cache.set(_KEY, signs, CACHED_FOR)
    return {name: seen for name, seen in sorted(signs.items()) if name in PATIENCE and real_at - seen > PATIENCE[name]}


def silent_since(*, real_at: datetime) -> datetime | None:
    """Since when a part of the engine has been silent, or None while all is well."""
    return min(silent_parts(real_at=real_at).values(), default=None)


def signs() -> dict[str, datetime | None]:
    """When each part of the engine last signed, None where it has not begun."""
    seen = dict(EngineSign.objects.values_list("name", "last_seen_at"))
    return {name: seen.get(name) for name in PATIENCE}
