"""A part of a timeline, newest first: what lies before an hour, so many entries of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

Entry = dict[str, Any]
"""What the timeline component shows: `at`, `words`, `by`, and perhaps `tone` and `url`."""


@dataclass(frozen=True, slots=True)
class Span:
    """`most` entries before `before`; None: up to now."""

    most: int
    before: datetime | None = None

    def of(self, rows: QuerySet[Any, Any], hour: str) -> QuerySet[Any, Any]:
        """Give the newest rows by the field `hour` that may stand in it; one more than it holds tells that there is more."""
        if self.before is not None:
            rows = rows.filter(**{f"{hour}__lt": self.before})
        return rows.order_by(f"-{hour}")[: self.most + 1]

    def cut(self, entries: Iterable[Entry]) -> tuple[list[Entry], datetime | None]:
        """Give its entries, and the hour before which the next part lies; None: there is none.

        What happened in one instant stays together, whatever the number.
        """
        inside = [entry for entry in entries if self.before is None or entry["at"] < self.before]
        inside.sort(key=lambda entry: entry["at"], reverse=True)
        if len(inside) <= self.most:
            return inside, None
        last = inside[self.most - 1]["at"]
        shown = [entry for entry in inside if entry["at"] >= last]
        return shown, last if len(shown) < len(inside) else None
