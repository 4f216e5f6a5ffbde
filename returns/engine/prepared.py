"""Long statements that come again and again: a session of the database reads each once, and keeps how it is to be done.

psycopg prepares statements too, but would take a long text apart anew each time, which costs what is won.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db.backends.utils import CursorWrapper

MOST = 4
"""Statements that a session keeps, some 2.5 MB each: whoever records the tests of a group asks one again and again."""
_PARAMETER = re.compile(r"%\((\w+)\)s|%%")
_NUMBERS = count(1)
_kept: WeakKeyDictionary[Any, OrderedDict[str, str]] = WeakKeyDictionary()
"""For each session, the names of statements that it has read, the one that was asked last at the end."""


def run(cursor: CursorWrapper, statement: str, parameters: Mapping[str, Any]) -> None:
    """Execute `statement`, in which `parameters` stand as `%(name)s`, each where its type is seen.

    How it is to be done is settled without looking at the parameters, so it must suit few rows and many.
    """
    names, numbered = _numbered(statement)
    name = _name(cursor, statement, numbered)
    values = ", ".join(f"%({each})s" for each in names)
    cursor.execute(f"execute {name} ({values})", dict(parameters))


def _name(cursor: CursorWrapper, statement: str, numbered: str) -> str:
    kept = _kept.setdefault(cursor.db.connection, OrderedDict())
    if statement in kept:
        kept.move_to_end(statement)
        return kept[statement]
    if len(kept) >= MOST:
        _oldest, forgotten = kept.popitem(last=False)
        cursor.execute(f"deallocate {forgotten}")
    name = f"judging_{next(_NUMBERS)}"
    cursor.execute(f"prepare {name} as {numbered}")
    kept[statement] = name
    return name


@lru_cache(maxsize=128)
def _numbered(statement: str) -> tuple[tuple[str, ...], str]:
    """Give the names of the parameters in the order in which they come, and the statement with their numbers."""
    places: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"${places.setdefault(found[1], len(places) + 1)}" if found[1] else "%"

    numbered = _PARAMETER.sub(number, statement)
    return tuple(places), numbered
