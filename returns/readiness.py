"""Keep the stored judgement of every open case true: load, judge, write only what differs. Set-based throughout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from migrants.models import TravelGroup
from returns import board_counts, ledgers, verdicts
from returns.barriers import PlacedCase, place
from returns.enums import CaseVerdict
from returns.ledgers import Direction, Ledger, StandingRule
from returns.models import CaseReadiness
from returns.on_the_road import departed_people
from returns.verdicts import Judged

_WRITTEN = ["judged_for", "late_for", "verdict", "worst", "findings", "judged_at", "recheck_at"]
_TURN = 7_305_001
"""Key of the advisory lock that lets one check write at a time, so that an older judgement never covers a newer one."""


@dataclass(frozen=True, slots=True)
class Summary:
    """How many cases were judged, how many stored judgements changed, and how many cases have each verdict now."""

    judged: int
    changed: int
    verdicts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Explained:
    """Cases with evidence, for a page: what is asked of them (one column each) and each case's findings."""

    rules: list[StandingRule]
    cases: list[Judged]


@transaction.atomic
def check(
    *,
    at: datetime,
    cases: Collection[int] | None = None,
    people: Collection[int] | None = None,
    group: TravelGroup | None = None,
    directions: Collection[Direction] | None = None,
    due: bool = False,
) -> Summary:
    """Judge open cases as of `at` and store what differs; the counts of the board follow in the same transaction.

    Name the cases by one or more of: their keys, their people's keys, their group, the directions in which their
    group waits or is planned, `due` (those whose judgement may stand no longer). Without any, all are judged. Whoever has
    left with a movement keeps the last judgement before: the planned hour has come.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_TURN])
    wanted = _selected(cases, people, group, directions, due_at=at if due else None)
    placed = place(wanted & ~Q(person__in=departed_people()), at=at)
    judged = _judge(placed, at=at)[1]
    changed = _store(judged, at=at)
    waiting = {case.barrier.waiting for case in placed} | set(directions or ())
    if group is not None:
        waiting.add((group.crossing_id, group.from_country, group.to_country))
    board_counts.refresh(waiting)
    return Summary(len(judged), changed, Counter(str(case.verdict) for case in judged))


def explain(people: Iterable[int], *, at: datetime) -> Explained:
    """Judge the open cases of `people` (keys) as of `at` with evidence; nothing is stored."""
    placed = place(Q(person__in=list(people)), at=at)
    ledger, judged = _judge(placed, at=at)
    asked: dict[str, StandingRule] = {}
    for barrier in {case.barrier for case in placed}:
        asked |= {rule.key: rule for rule in ledger.at(barrier.direction, barrier.hour)}
    return Explained(list(asked.values()), judged)


def _judge(placed: list[PlacedCase], *, at: datetime) -> tuple[Ledger, list[Judged]]:
    ledger = ledgers.known({case.barrier.direction for case in placed}, at=at)
    return ledger, verdicts.judge_cases(placed, verdicts.evidence(placed, at=at), ledger)


def _selected(
    cases: Collection[int] | None,
    people: Collection[int] | None,
    group: TravelGroup | None,
    directions: Collection[Direction] | None,
    *,
    due_at: datetime | None,
) -> Q:
    wanted = Q()
    if cases is not None:
        wanted &= Q(pk__in=cases)
    if people is not None:
        wanted &= Q(person__in=people)
    if group is not None:
        wanted &= Q(person__group=group)
    if directions is not None:
        wanted &= at_directions(directions)
    if due_at is not None:
        wanted &= Q(readiness__isnull=True) | Q(readiness__recheck_at__lte=due_at)
    return wanted


def at_directions(directions: Iterable[Direction]) -> Q:
    """Select the cases whose group waits, or is planned to cross, in one of `directions`."""
    wanted = Q(pk__in=[])
    for crossing, from_country, to_country in directions:
        for path in ("person__group", "person__group__plan"):
            wanted |= Q(
                **{
                    f"{path}__crossing": crossing,
                    f"{path}__from_country": from_country,
                    f"{path}__to_country": to_country,
                }
            )
    return wanted


def _store(judged: list[Judged], *, at: datetime) -> int:
    """Write the judgements that say something else than what is stored; returns how many."""
    stored = CaseReadiness.objects.in_bulk([case.placed.case for case in judged])
    rows = []
    for case in judged:
        row = _row(case, at=at)
        if not _says_the_same(stored.get(row.case_id), row):
            rows.append(row)
    CaseReadiness.objects.bulk_create(
        rows, batch_size=2000, update_conflicts=True, unique_fields=["case"], update_fields=_WRITTEN
    )
    return len(rows)


def _row(judged: Judged, *, at: datetime) -> CaseReadiness:
    barrier = judged.placed.barrier
    return CaseReadiness(
        case_id=judged.placed.case,
        judged_for=barrier.planned,
        late_for=None if barrier.planned is None else barrier.late,
        verdict=judged.verdict,
        worst=judged.worst,
        findings={key: finding.verdict.value for key, finding in judged.findings.items()},
        judged_at=at,
        recheck_at=barrier.recheck_at,
    )


def _says_the_same(stored: CaseReadiness | None, row: CaseReadiness) -> bool:
    if stored is None or (stored.findings, stored.judged_for, stored.late_for) != (
        row.findings,
        row.judged_for,
        row.late_for,
    ):
        return False
    return stored.recheck_at is not None and stored.recheck_at > row.judged_at


def ready(counts: Mapping[str, int]) -> int:
    """Give how many of a summary's cases are ready."""
    return counts.get(CaseVerdict.READY.value, 0)
