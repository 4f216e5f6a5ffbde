"""The counts of the board, kept beside the judgements: how many people of each worst finding wait in each direction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from django.db.models import Count, Q

from common.audience import FIGURES, reaching_for
from migrants.heads import heads_of
from migrants.models import TravelGroup
from returns.enums import Verdict
from returns.ledgers import Direction
from returns.models import BoardCount, CaseReadiness
from returns.on_the_road import departed_people, without_departed

Key = tuple[int, str, str, str]
"""Crossing (its key), from country, to country, worst finding."""


@reaching_for(FIGURES)
def refresh(directions: Collection[Direction]) -> None:
    """Count the stored judgements of `directions` anew, inside the caller's transaction; heads not registered are unknown."""
    wanted = _in(directions, "")
    if wanted is None:
        return
    now = _judged(directions) + _unregistered(wanted)
    stored = {
        (row.crossing_id, row.from_country, row.to_country, row.verdict): row.people
        for row in BoardCount.objects.filter(wanted)
    }
    _write({key: now[key] for key in set(now) | set(stored) if stored.get(key) != now[key]})


@reaching_for(FIGURES)
def shift(moved: Mapping[Key, int]) -> None:
    """Move counts that were right by how many people have another worst finding now, without counting anybody else anew."""
    wanted = _in({key[:3] for key, people in moved.items() if people}, "")
    if wanted is None:
        return
    stored = {
        (row.crossing_id, row.from_country, row.to_country, row.verdict): row.people
        for row in BoardCount.objects.filter(wanted)
    }
    _write({key: max(0, stored.get(key, 0) + people) for key, people in moved.items() if people})


def _write(counts: Mapping[Key, int]) -> None:
    BoardCount.objects.bulk_create(
        [
            BoardCount(crossing_id=key[0], from_country=key[1], to_country=key[2], verdict=key[3], people=counts[key])
            for key in sorted(counts)
        ],
        update_conflicts=True,
        unique_fields=["crossing", "from_country", "to_country", "verdict"],
        update_fields=["people"],
    )


def refresh_group(group: TravelGroup) -> None:
    """Count the direction in which `group` waits anew: after a head count, or when it is closed."""
    refresh([(group.crossing_id, group.from_country, group.to_country)])


def _judged(directions: Iterable[Direction]) -> Counter[Key]:
    path = "case__person__group__"
    rows = (
        CaseReadiness.objects.standing()
        .filter(_in(directions, path), case__person__group__closed_at__isnull=True)
        .exclude(case__person__in=departed_people())
        .values_list(f"{path}crossing", f"{path}from_country", f"{path}to_country", "worst")
        .annotate(people=Count("pk"))
        .order_by()
    )
    return Counter({(crossing, start, end, worst): people for crossing, start, end, worst, people in rows})


def _unregistered(wanted: Q) -> Counter[Key]:
    groups = {group.pk: group for group in without_departed(TravelGroup.objects.waiting().filter(wanted))}
    counts: Counter[Key] = Counter()
    for key, heads in heads_of(groups).items():
        group = groups[key]
        direction = (group.crossing_id, group.from_country, group.to_country)
        counts[(*direction, Verdict.UNKNOWN.value)] += heads.unknown
    return counts


def _in(directions: Iterable[Direction], path: str) -> Q | None:
    wanted = None
    for crossing, from_country, to_country in directions:
        one = Q(**{f"{path}crossing": crossing, f"{path}from_country": from_country, f"{path}to_country": to_country})
        wanted = one if wanted is None else wanted | one
    return wanted
