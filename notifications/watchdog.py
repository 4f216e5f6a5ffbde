"""A silent engine must be seen. Each task signs its round; a page reads one cached row."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.cache import cache

from notifications.models import EngineSign

PATIENCE = {"deliveries": timedelta(minutes=2), "escalation": timedelta(minutes=3)}
"""After how long without a sign a part of the engine counts as silent."""
CACHED_FOR = 15
_KEY = "watchdog.signs"


def sign(name: str, *, real_at: datetime) -> None:
    """Writes that the part `name` has just done its round."""
    EngineSign.objects.update_or_create(name=name, defaults={"last_seen_at": real_at})


def silent_since(*, real_at: datetime) -> datetime | None:
    """Since when a part of the engine has been silent, or None while all is well. Nothing signed yet is no silence."""
    signs: dict[str, datetime] | None = cache.get(_KEY)
    if signs is None:
        signs = dict(EngineSign.objects.values_list("name", "last_seen_at"))
        cache.set(_KEY, signs, CACHED_FOR)
    late = [seen for name, seen in signs.items() if name in PATIENCE and real_at - seen > PATIENCE[name]]
    return min(late, default=None)
