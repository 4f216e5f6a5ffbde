"""References that came with an address or a form: read without trusting them, and used to begin a page behind a row."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from django.db import models

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")
NOTHING = UUID(int=0)
"""The reference of no row."""


def reference(text: str) -> UUID:
    """The public id that `text` is, or that of no row."""
    try:
        return UUID(text)
    except ValueError:
        return NOTHING


def older_than(rows: Rows, asked: str) -> Rows:
    """Those of `rows` that were made before the one whose public id is `asked`; all of them where it is none of `rows`.

    A page begins behind a public id, because numbers of rows stay inside.
    """
    last = rows.filter(public_id=reference(asked)).values_list("pk", flat=True).first() if asked else None
    return rows if last is None else rows.filter(pk__lt=last)
