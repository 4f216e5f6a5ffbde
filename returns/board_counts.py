"""The counts of the board, kept beside the judgements: how many people of each worst finding wait in each direction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeAlias

from django.db import connection
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Greatest

from common.audience import FIGURES, reaching_for
from migrants.models import Migrant, TravelGroup
from returns.enums import Verdict
from returns.ledgers import Direction
from returns.models import BoardCount, CaseReadiness
from returns.on_the_road import departed_people, without_departed

Key: TypeAlias = tuple[int, str, str, str]
"""Crossing (its key), from country, to country, worst finding."""
_GROUP = "case__person__group"
_WAY = (f"{_GROUP}__crossing", f"{_GROUP}__from_country", f"{_GROUP}__to_country")
_TURN = 7_305_001
"""Key of the advisory lock that lets one write judgements or counts at a time (the database knows it too, migration 0021)."""


def take_turn() -> None:
    """Wait until nobody else writes judgements or counts, and keep it so until the transaction ends.

    So an older judgement never covers a newer one, and no difference is added to counts that somebody else moves.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_TURN])


@reaching_for(FIGURES)
def refresh(directions: Collection[Direction]) -> None:
    """Count the stored judgements of `directions` anew, inside the caller's transaction; heads not registered are unknown.

    It costs what everybody there costs; whatever an act has changed is a difference (`shift`, `carried`).
    """
    if not directions:
        return
    take_turn()
    stored, heads = _stored(directions), _unregistered(directions)
    now = {key: (people, 0) for key, people in _judged(directions).items()}
    for key, unregistered in heads.items():
        now[key] = (now.get(key, (0, 0))[0] + unregistered, unregistered)
    _write({key: now.get(key, (0, 0)) for key in set(now) | set(stored)}, stored)


@reaching_for(FIGURES)
def shift(moved: Mapping[Key, int], *, heads_in: Collection[Direction] = ()) -> None:
    """Move counts that were right by how many people have another worst finding now, or have one for the first time.

    `heads_in`: directions in which heads were counted or people registered, so that others are unregistered now. Nobody
    else is counted anew: it costs what has changed, and the stored heads of the groups there.
    """
    directions = {key[:3] for key, people in moved.items() if people} | set(heads_in)
    if not directions:
        return
    take_turn()
    stored, heads = _stored(directions), _unregistered(heads_in)
    now = dict(stored)
    for key in {*moved, *heads}:
        people, unregistered = now.get(key, (0, 0))
        others = people - unregistered + moved.get(key, 0)
        unregistered = heads.get(key, unregistered)
        now[key] = (max(0, others) + unregistered, unregistered)
    _write(now, stored)


@contextmanager
def carried(
    *, people: Iterable[int] = (), groups: Collection[TravelGroup] = (), heads: Collection[TravelGroup] = ()
) -> Iterator[None]:
    """Let the counts follow an act in which `people` (keys) or whole `groups` go, come, are closed or become one record.

    They count where they stand afterwards with the finding that is stored then, and no longer where they stood; nobody else
    is counted anew. Unregistered heads are, there and where the groups `heads` wait. Judge people after it
    (`readiness.check` with `facts_only`), not within.
    """
    keys = set(people) | _members(groups)
    stood, near = _standing(keys), _around(keys) | {_where(group) for group in (*groups, *heads)}
    yield
    take_turn()  # not before: whoever judges one of them has locked their row, and waits for this turn
    shift(_difference(stood, _standing(keys)), heads_in=near | _around(keys))


def count_heads(group: TravelGroup) -> None:
    """Bring the counts of the direction in which `group` waits up to date with the heads that were counted in it."""
    shift({}, heads_in=[_where(group)])


def _where(group: TravelGroup) -> Direction:
    return group.crossing_id, group.from_country, group.to_country


def _stored(directions: Collection[Direction]) -> dict[Key, tuple[int, int]]:
    """Ask for crossings, not for each direction: of many, putting that into words took longer than reading the counts."""
    wanted = set(directions)
    rows = BoardCount.objects.filter(crossing__in={direction[0] for direction in wanted})
    columns = rows.values_list("crossing", "from_country", "to_country", "verdict", "people", "unregistered")
    return {
        (crossing, start, end, worst): (people, unregistered)
        for crossing, start, end, worst, people, unregistered in columns
        if (crossing, start, end) in wanted
    }


def _write(counts: Mapping[Key, tuple[int, int]], stored: Mapping[Key, tuple[int, int]]) -> None:
    BoardCount.objects.bulk_create(
        [
            BoardCount(
                crossing_id=key[0],
                from_country=key[1],
                to_country=key[2],
                verdict=key[3],
                people=counts[key][0],
                unregistered=counts[key][1],
            )
            for key in sorted(counts)
            if stored.get(key) != counts[key]
        ],
        update_conflicts=True,
        unique_fields=["crossing", "from_country", "to_country", "verdict"],
        update_fields=["people", "unregistered"],
    )


def _judged(directions: Iterable[Direction]) -> Counter[Key]:
    rows = _counted(_in(directions, f"{_GROUP}__")).values_list(*_WAY, "worst").annotate(people=Count("pk")).order_by()
    return Counter({(crossing, start, end, worst): people for crossing, start, end, worst, people in rows})


def _counted(wanted: Q) -> QuerySet[CaseReadiness]:
    rows = CaseReadiness.objects.standing().filter(wanted, **{f"{_GROUP}__closed_at__isnull": True})
    return rows.exclude(case__person__in=departed_people())


@reaching_for(FIGURES)
def _members(groups: Collection[TravelGroup]) -> set[int]:
    return set(Migrant.objects.filter(group__in=groups).values_list("pk", flat=True)) if groups else set()


@reaching_for(FIGURES)
def _standing(people: Collection[int]) -> dict[int, Direction]:
    """Give where each open case of some people counts, by its key."""
    rows = _counted(Q(case__person__in=people)).values_list("case", *_WAY)
    return {case: (crossing, start, end) for case, crossing, start, end in rows}


@reaching_for(FIGURES)
def _around(people: Collection[int]) -> set[Direction]:
    groups = TravelGroup.objects.filter(people__in=people)
    return set(groups.order_by().values_list("crossing", "from_country", "to_country").distinct())


@reaching_for(FIGURES)
def _difference(stood: Mapping[int, Direction], stand: Mapping[int, Direction]) -> Counter[Key]:
    """What is stored of each is what counts where they stood: whoever judged them meanwhile had their turn before."""
    gone = {case for case in {**stood, **stand} if stood.get(case) != stand.get(case)}
    moved: Counter[Key] = Counter()
    for case, worst in CaseReadiness.objects.filter(case__in=gone).values_list("case", "worst"):
        for where, step in ((stood, -1), (stand, 1)):
            if case in where:
                moved[(*where[case], worst)] += step
    return moved


def _unregistered(directions: Collection[Direction]) -> dict[Key, int]:
    """Give how many heads of each direction nobody has registered, from the heads that the database keeps of each group."""
    if not directions:
        return {}
    beyond = Greatest(F("waiting_heads__expected") - F("waiting_heads__registered"), 0)
    rows = (
        without_departed(TravelGroup.objects.waiting().filter(_in(directions, "")))
        .order_by()
        .values_list("crossing", "from_country", "to_country")
        .annotate(heads=Coalesce(Sum(beyond), 0))
    )
    heads = {(crossing, start, end): people for crossing, start, end, people in rows}
    return {(*direction, Verdict.UNKNOWN.value): heads.get(direction, 0) for direction in directions}


def _in(directions: Iterable[Direction], path: str) -> Q:
    wanted = Q(pk__in=[])
    for crossing, from_country, to_country in directions:
        one = Q(**{f"{path}crossing": crossing, f"{path}from_country": from_country, f"{path}to_country": to_country})
        wanted |= one
    return wanted
