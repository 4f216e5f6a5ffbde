"""How many stand there: counted, registered, and the difference. A head count is never derived from persons (rule 23)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from migrants.models import GroupMove, HeadCount, Migrant
from migrants.models.people import MigrantQuerySet


@dataclass(frozen=True, slots=True)
class Heads:
    """Of one group: the latest head count (None: nobody has counted), when and how, and the people registered in it.

    `came` and `went` are heads that were moved into the group and out of it since that count.
    """

    counted: int | None = None
    exact: bool = True
    counted_at: datetime | None = None
    registered: int = 0
    came: int = 0
    went: int = 0

    @property
    def expected(self) -> int | None:
        """How many heads should be there: the count with what came and went since; None where nobody can say."""
        if self.counted is None and not self.came:
            return None
        return max((self.counted or 0) + self.came - self.went, 0)

    @property
    def unknown(self) -> int:
        """Heads that nobody has registered."""
        return max((self.expected or 0) - self.registered, 0)

    @property
    def uncounted(self) -> int:
        """People who are registered beyond the heads that should be there; a recount settles it. 0 without a count."""
        return 0 if self.counted is None else max(self.registered - (self.expected or 0), 0)

    @property
    def present(self) -> int:
        """How many need seats, food and tests: the heads that should be there, or the registered where those are more."""
        return max(self.expected or 0, self.registered)


def heads_of(groups: Iterable[int], *, among: MigrantQuerySet | None = None) -> dict[int, Heads]:
    """Give the heads of each group (by key), of the registered only those `among`; three queries."""
    keys = list(groups)
    latest = {
        count.group_id: count
        for count in HeadCount.objects.filter(group__in=keys)
        .order_by("group", "-counted_at", "-pk")
        .distinct("group")
        .only("group", "total", "exact", "counted_at")
    }
    registered = dict(
        (Migrant.objects.living_records() if among is None else among)
        .filter(group__in=keys)
        .values_list("group")
        .annotate(people=Count("pk"))
        .order_by()
    )
    came, went = _moved_since(keys, {key: count.counted_at for key, count in latest.items()})
    return {key: _heads(latest.get(key), registered.get(key, 0), came[key], went[key]) for key in keys}


def _moved_since(groups: Collection[int], counted: dict[int, datetime]) -> tuple[dict[int, int], dict[int, int]]:
    """Give the heads that came into each group and went out of it after its latest count."""
    came: dict[int, int] = defaultdict(int)
    went: dict[int, int] = defaultdict(int)
    moves = GroupMove.objects.filter(Q(from_group__in=groups) | Q(to_group__in=groups)).order_by()
    for left, entered, heads, moved_at in moves.values_list("from_group", "to_group", "heads", "moved_at"):
        if left not in counted or moved_at > counted[left]:
            went[left] += heads
        if entered not in counted or moved_at > counted[entered]:
            came[entered] += heads
    return came, went


def _heads(count: HeadCount | None, registered: int, came: int, went: int) -> Heads:
    if count is None:
        return Heads(registered=registered, came=came, went=went)
    return Heads(count.total, count.exact, count.counted_at, registered, came, went)
