"""Looking people up by number, document, phone and name, in functions of the database behind the wall.

They walk the indexes as their owner and give only whom the asker reaches: `people_like` everybody whom a clue finds, to be
compared one with the other; `people_found` the likeliest first, each with its clues, to be shown. What follows, scope and
order, is an ordinary query.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db import connection
from django.db.models.expressions import RawSQL


@dataclass(frozen=True, slots=True)
class Clues:
    """What is known of somebody sought; each clue that is there may find.

    `parts` are parts of a name as written; `called` is the whole name in Latin letters, by which the likeliest come first.
    """

    number: str | None = None
    documents: Collection[bytes] = ()
    phones: Collection[bytes] = ()
    keys: Collection[str] = ()
    parts: Collection[str] = field(default=())
    called: str = ""


def people_like(clues: Clues) -> RawSQL:
    """Give the keys of all people with one of the documents or keys and whom the asker reaches, for `pk__in`."""
    return RawSQL(
        "select people_like(null, %s::bytea[], null, %s::varchar[], null)",
        [list(clues.documents), sorted(clues.keys)],
    )


def people_found(clues: Clues, *, most: int) -> dict[int, frozenset[str]]:
    """Give at most `most` people whom the asker reaches, the likeliest first: their keys, and by which clues they are found.

    Clues are `number`, `phone`, `document`, `name` (by key) and `part`.
    """
    parts = ["%" + re.sub(r"([\\%_])", r"\\\1", part.upper()) + "%" for part in clues.parts]
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, clues from people_found(%s, %s::bytea[], %s::bytea[], %s::varchar[], %s::text[], upper(%s), %s)",
            [clues.number, list(clues.documents), list(clues.phones), sorted(clues.keys), parts, clues.called, most],
        )
        return {key: frozenset(found) for key, found in cursor.fetchall()}
