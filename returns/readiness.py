"""Keep the stored judgement of every open case true, set-based; and judge some people with evidence, for a page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from common.audience import reaching_for
from corridors.models import RequirementDraft
from migrants.models import TravelGroup
from returns import board_counts, ledgers, verdicts
from returns.barriers import PlacedCase, asked_at, place
from returns.engine import previews
from returns.engine import runs as engine
from returns.engine.previews import Previewed
from returns.enums import CaseVerdict
from returns.ledgers import Direction, Ledger, StandingRule
from returns.on_the_road import departed_people
from returns.verdicts import Judged


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
@reaching_for("readiness")
def check(
    *,
    at: datetime,
    cases: Collection[int] | None = None,
    people: Collection[int] | None = None,
    group: TravelGroup | None = None,
    directions: Collection[Direction] | None = None,
    due: bool = False,
    facts_only: bool = False,
) -> Summary:
    """Judge open cases as of `at` and store what differs; the counts of the board follow in the same transaction.

    Name the cases by one or more of: their keys, their people's keys, their group, the directions in which their
    group waits or is planned, `due` (those whose judgement may stand no longer). Without any, all are judged. Whoever has
    left with a movement keeps the last judgement before: the planned hour has come.

    Their facts are read anew. By directions alone only what is asked may have changed, so that whoever is to pass at a
    planned hour is judged by the conditions that are stored, and only those that were never asked there are looked at.

    With `facts_only` nobody has gone or waits elsewhere; what is known of people has changed, and some may be judged for the
    first time. Then the counts of the board move by whoever has another worst finding, instead of being counted anew.
    """
    board_counts.take_turn()
    run = engine.Run(at)
    wanted = _selected(cases, people, group, directions, due_at=at if due else None)
    waiting = set(directions or ())
    if directions is not None and cases is None and people is None and group is None and not due:
        run.judge_planned(waiting)
        groups = run.without_hour(waiting)
        wanted, cases = Q(person__group__in=groups), None if groups else ()
        facts_only = True
    if cases is None or cases:
        run.judge_anew(wanted & ~Q(person__in=departed_people()))
    if facts_only:
        board_counts.shift(run.moved, heads_in=run.came)
    else:
        own = {(group.crossing_id, group.from_country, group.to_country)} if group is not None else set()
        board_counts.refresh(waiting | run.waiting | own)
    return Summary(run.verdicts.total(), run.changed, run.verdicts)


@transaction.atomic
@reaching_for("readiness")
def preview(draft: RequirementDraft, *, at: datetime) -> list[Previewed]:
    """Judge everybody who waits or is planned in the direction of `draft`, before and after it; nothing is stored.

    What it says after is what `check` stores once the draft is published, for the same statements say it.
    """
    return previews.preview(draft, at=at)


def explain(people: Iterable[int], *, at: datetime) -> Explained:
    """Judge the open cases of `people` (keys) as of `at` with evidence; nothing is stored."""
    placed = place(Q(person__in=list(people)), at=at)
    ledger, judged = _judge(placed, at=at)
    asked: dict[str, StandingRule] = {}
    for barrier in {case.barrier for case in placed}:
        asked |= {rule.key: rule for rule in asked_at(ledger, barrier)}
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
        wanted &= Q(readiness__recheck_at__isnull=True) | Q(readiness__recheck_at__lte=due_at)
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


def ready(counts: Mapping[str, int]) -> int:
    """Give how many of a summary's cases are ready."""
    return counts.get(CaseVerdict.READY.value, 0)
