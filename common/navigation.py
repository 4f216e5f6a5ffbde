"""The rail of every page: each app registers its own entries from `AppConfig.ready()`; nobody keeps a list of all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.urls import reverse
from django.utils.functional import Promise


class Asks(Protocol):
    """Whoever can be asked what they may do: `partners.access.Viewer`."""

    def may(self, permission: Any) -> bool: ...


@dataclass(frozen=True)
class Entry:
    label: str | Promise
    url_name: str
    icon: str
    permissions: tuple[str, ...]
    rank: int
    count: Callable[[Any], int] | None


_entries: dict[str, Entry] = {}


def register(
    *,
    label: str | Promise,
    url_name: str,
    icon: str,
    permissions: Sequence[str],
    rank: int,
    count: Callable[[Any], int] | None = None,
) -> None:
    """Adds an entry for whoever holds any of `permissions`; lower `rank` stands higher. `count(viewer)` is its badge."""
    _entries[url_name] = Entry(label, url_name, icon, tuple(permissions), rank, count)


def entries_for(viewer: Asks, *, path: str) -> list[dict[str, Any]]:
    """What `base.html` draws: label, url, icon, count and which entry the page at `path` belongs to."""
    allowed = [entry for entry in _entries.values() if any(viewer.may(permission) for permission in entry.permissions)]
    rows: list[dict[str, Any]] = [
        {
            "label": entry.label,
            "url": reverse(entry.url_name),
            "icon": entry.icon,
            "count": entry.count(viewer) if entry.count else 0,
        }
        for entry in sorted(allowed, key=lambda entry: entry.rank)
    ]
    here = max((row["url"] for row in rows if path.startswith(row["url"])), key=len, default="")
    for row in rows:
        row["current"] = row["url"] == here and (here != "/" or path == "/")
    return rows
