"""How many stand there: counted, registered, and the difference. A head count is never derived from persons (domain 23)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from migrants.models import HeadCount, Migrant
from migrants.models.people import MigrantQuerySet


@dataclass(frozen=True, slots=True)
class Heads:
    """Of one group: the latest head count (None: nobody has counted), when and how, and the people registered in it."""

    counted: int | None = None
    exact: bool = True
    counted_at: datetime | None = None
    registered: int = 0

    @property
    def unknown(self) -> int:
        """Heads that nobody has registered."""
        return max((self.counted or 0) - self.registered, 0)

    @property
    def present(self) -> int:
        """How many need seats, food and tests: the head count, or the registered where those are more."""
        return max(self.counted or 0, self.registered)


def heads_of(groups: Collection[int], *, among: MigrantQuerySet | None = None) -> dict[int, Heads]:
    """Give the heads of each group (by key), of the registered only those `among`; two queries."""
    latest = {
        count.group_id: count
        for count in HeadCount.objects.filter(group__in=groups)
        .order_by("group", "-counted_at", "-pk")
        .distinct("group")
        .only("group", "total", "exact", "counted_at")
    }
    registered = dict(
        (Migrant.objects.living_records() if among is None else among)
        .filter(group__in=groups)
        .values_list("group")
        .annotate(people=Count("pk"))
        .order_by()
    )
    return {group: _heads(latest.get(group), registered.get(group, 0)) for group in groups}


def _heads(count: HeadCount | None, registered: int) -> Heads:
    if count is None:
        return Heads(registered=registered)
    return Heads(count.total, count.exact, count.counted_at, registered)
