"""Keyset pages: the next page begins behind the last row shown, however many rows there are."""

from __future__ import annotations

from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db import models

Row = TypeVar("Row", bound=models.Model)
PAGE = 50


def page_of(rows: models.QuerySet[Row]) -> tuple[list[Row], bool]:
    """The first rows of an ordered queryset, and whether there are more."""
    found = list(rows[: PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def address(**values: Any) -> str:
    """The query string of a page, empty values left out."""
    return "?" + urlencode({name: value for name, value in values.items() if value})
