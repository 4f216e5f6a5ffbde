"""Who was recorded or changed since somebody looked: what was compared then need be compared with these alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

MOST_CHANGED = 1_000
"""Beyond so many it is simpler to compare with everybody."""


@dataclass(frozen=True, slots=True)
class Look:
    """A look at all people: the transactions that it saw, the one that looked, and how far its asker reached."""

    seen: str
    by: int | None
    reach: str


def look() -> Look:
    """Say what a comparison sees that begins now; call it before the comparison."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_current_snapshot()::text, pg_current_xact_id_if_assigned()::text::bigint, asker_reach_said()"
        )
        return Look(*cursor.fetchone())


def changed_since(earlier: Look, *, now: Look) -> frozenset[int] | None:
    """Give the people in the asker's reach who came or were changed after `earlier`, save by the transaction that looked.

    `now` is a new look. None where nobody can say: the asker reaches others now, the transaction is still the same, or too
    many were changed.
    """
    if earlier.reach != now.reach or earlier.by is None or earlier.by == now.by:
        return None
    with connection.cursor() as cursor:
        cursor.execute("select people_changed(%s::pg_snapshot, %s, %s)", [earlier.seen, earlier.by, MOST_CHANGED])
        (changed,) = cursor.fetchone()
    return None if changed is None else frozenset(changed)
