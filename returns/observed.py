"""How many heads a movement has, as somebody counted them; never taken from the people listed (rule 23).

Whoever is outside casework may know what is seen at a barrier. What was written down about people is no such thing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Count

from common.audience import FIGURES, reaching_for
from migrants.groups import latest_counts
from migrants.models import HeadCount
from returns.enums import CheckpointKind
from returns.models import Checkpoint, Movement, Vehicle
from returns.reconciliation import WAY


@reaching_for(FIGURES)
def group_counts(movements: Sequence[Movement]) -> dict[int, HeadCount]:
    """Give the newest head count of the group of each movement, by the key of the group; one query."""
    return latest_counts([movement.group_id for movement in movements])


def last_counts(movements: Sequence[Movement]) -> dict[int, dict[int, tuple[int, int]]]:
    """Give by movement and bus (keys) the last count of each: how far along the way it was, and the heads; one query."""
    last: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
    rows = Checkpoint.objects.filter(
        movement__in=movements, vehicle__isnull=False, recounted_by__isnull=True
    ).values_list("movement", "vehicle", "kind", "heads")
    for movement, vehicle, kind, heads in rows:
        place = WAY.index(CheckpointKind(kind))
        last[movement][vehicle] = max(last[movement].get(vehicle, (-1, 0)), (place, heads))
    return last


def heads_of(movements: Sequence[Movement]) -> dict[int, int | None]:
    """Give the heads of each movement (by key): the last counts of its buses, before that those of the group that waits.

    None where nobody has counted yet. Three queries.
    """
    last = last_counts(movements)
    buses = dict(
        Vehicle.objects.filter(movement__in=movements).values_list("movement").annotate(n=Count("pk")).order_by()
    )
    waiting = {key: count.total for key, count in group_counts(movements).items()}
    return {
        row.pk: sum(heads for _place, heads in last[row.pk].values())
        if last[row.pk] and len(last[row.pk]) == buses[row.pk]
        else waiting.get(row.group_id)
        for row in movements
    }
