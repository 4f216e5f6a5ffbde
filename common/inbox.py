"""What waits for somebody: each app registers its own places from `AppConfig.ready()`; nothing is copied, only counted.

A place says how many wait, since when, and how many are overdue, with one query. What is *owed* must be done by a certain hour:
it makes the number of the bell. The rest waits for a quiet hour. What is overdue stands above every page until it is done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise

from common import live

CACHED_SECONDS = 10
"""How long the counts of one viewer are kept; an act that is called out ends that at once (`common.live`)."""
STAFF = "inbox:staff"
MOST = 1000
"""Beyond this a number says no more than that there is much to do."""


class Asks(Protocol):
    """Whoever can be asked what they may do: `partners.access.Viewer`."""

    def may(self, permission: Any) -> bool: ...

    @property
    def audience(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait, since when the oldest does, how many are overdue, and where they are, if not at the place's own page."""

    count: int = 0
    since: datetime | None = None
    overdue: int = 0
    url: str = ""


Look = Callable[[Any, datetime], Waiting]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something may wait. `owed`: by a certain hour; `look(viewer, at)` counts, with one query."""

    name: str
    label: str | Promise
    url_name: str
    icon: str
    permissions: tuple[str, ...]
    rank: int
    owed: bool
    look: Look
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A place where something waits for this viewer."""

    place: Place
    waiting: Waiting

    @property
    def url(self) -> str:
        return self.waiting.url or reverse(self.place.url_name)


@dataclass(frozen=True, slots=True)
class Inbox:
    """Everything that waits for one viewer."""

    entries: tuple[Entry, ...] = ()

    @property
    def owed(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.place.owed]

    @property
    def in_time(self) -> list[Entry]:
        """What waits for a quiet hour."""
        return [entry for entry in self.entries if not entry.place.owed]

    @property
    def overdue(self) -> list[Entry]:
        return [entry for entry in self.owed if entry.waiting.overdue]

    @property
    def count(self) -> int:
        """The number of the bell."""
        return sum(entry.waiting.count for entry in self.owed)


_places: dict[str, Place] = {}


def register(
    name: str,
    *,
    label: str | Promise,
    url_name: str,
    icon: str,
    permissions: Sequence[str],
    rank: int,
    look: Look,
    owed: bool = True,
    topic: str = "",
) -> None:
    """Add a place for whoever holds any of `permissions`; lower `rank` stands higher. `name` is what the API calls it.

    `topic` calls only those anew who see this place, where that it stirs would say too much to the others.
    """
    _places[name] = Place(name, label, url_name, icon, tuple(permissions), rank, owed, look, topic)


def counted(rows: QuerySet[Any], *, since: str, overdue: Q | None = None) -> Waiting:
    """Count rows in one query: `since` is the field of the hour, `overdue` chooses those that are."""
    fields = {"count": Count("pk"), "since": Min(since)}
    late = {} if overdue is None else {"overdue": Count("pk", filter=overdue)}
    return Waiting(**rows.order_by().aggregate(**fields, **late))


def topics_of(viewer: Asks) -> Collection[str]:
    """What calls a viewer's inbox anew: the house's own with the rooms that the viewer may enter, or that of each organisation
    outside.
    """
    audience = viewer.audience
    if audience.kind != "staff":
        return [topic_of(code) for code in audience.organisations]
    rooms = (place.topic for place in _places.values() if any(viewer.may(each) for each in place.permissions))
    return [STAFF, *sorted(filter(None, set(rooms)))]


def topic_of(code: str) -> str:
    """The inboxes of an organisation outside, by its code."""
    return f"inbox:{code}"


def inbox_of(viewer: Asks, *, at: datetime) -> Inbox:
    """Read what waits for `viewer`; one query for each place, or none where it was read some seconds ago."""
    places = sorted(
        (place for place in _places.values() if any(viewer.may(each) for each in place.permissions)),
        key=lambda place: (not place.owed, place.rank),
    )
    names = [place.name for place in places]
    asker = replace(viewer.audience, at="")
    scope = hashlib.sha256(f"{asker!r}|{names}".encode()).hexdigest()[:40]
    found = live.remembered(
        f"homeward:inbox:{scope}",
        topics=topics_of(viewer),
        seconds=CACHED_SECONDS,
        found=lambda: [_written(place.look(viewer, at)) for place in places],
    )
    entries = (Entry(place, _read(each)) for place, each in zip(places, found, strict=True))
    return Inbox(tuple(entry for entry in entries if entry.waiting.count))


def _written(waiting: Waiting) -> list[Any]:
    return [waiting.count, waiting.since.isoformat() if waiting.since else None, waiting.overdue, waiting.url]


def _read(kept: Sequence[Any]) -> Waiting:
    count, since, overdue, url = kept
    return Waiting(min(count, MOST), datetime.fromisoformat(since) if since else None, overdue, url)
