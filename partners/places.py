"""Where a membership may be narrowed to: codes of crossings, which a higher floor knows and registers here by name."""

from __future__ import annotations

from collections.abc import Callable

Places = Callable[[], list[tuple[str, str]]]
_known: list[Places] = []


def register_crossings(places: Places) -> None:
    """`places()` gives (code, name) of every crossing that a membership may name."""
    _known[:] = [places]


def crossings() -> list[tuple[str, str]]:
    """(code, name) of every crossing; empty where nobody knows any."""
    return _known[0]() if _known else []
