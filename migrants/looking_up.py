"""Looking people up by number, document, phone and name, in one function of the database behind the wall.

The function (`people_like`) walks the indexes as their owner and gives only whom the asker reaches. What follows, scope
and order, is an ordinary query.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models.expressions import RawSQL


@dataclass(frozen=True, slots=True)
class Clues:
    """What is known of somebody sought; each clue that is there may find. `part` is a part of a name as written."""

    number: str | None = None
    documents: Collection[bytes] = ()
    phone: bytes | None = None
    keys: Collection[str] = ()
    part: str = ""


def people_like(clues: Clues) -> RawSQL:
    """Give the keys of all people whom one of the clues finds and whom the asker reaches, for `pk__in`."""
    part = "%" + re.sub(r"([\\%_])", r"\\\1", clues.part.upper()) + "%" if clues.part else None
    return RawSQL(
        "select people_like(%s, %s::bytea[], %s::bytea, %s::varchar[], upper(%s::text))",  # values apart
        [clues.number, list(clues.documents), clues.phone, sorted(clues.keys), part],
    )
