"""Several turns on one world: what each of them does is undone before the next comes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    """Undoes at its end whatever was done to rows inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
