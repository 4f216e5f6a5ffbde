"""`bin/bench readiness`: what it costs that verdicts are right again when a rule changes, beside a bare statement over masks.

The bare statement knows what somebody holds and what is needed as one number each, neither alternatives nor exemptions nor
queues, and writes the same rows of a table of the same shape. The anti-join keeps both as rows of their own instead.
"""

from __future__ import annotations

import os
import resource
import statistics
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from functools import partial

from django.db.backends.postgresql.base import DatabaseWrapper

from bench import masks
from bench.crowd_rules import ASKED_BEFORE, NEVER_ASKED, RULES, settle, toggle
from bench.faces import asked_through, session
from bench.outcome import Outcome
from bench.rounds import ROUNDS, Comparison, Cost, compare, p95
from bench.world import CROSSING, World
from common.audience import Audience, asking
from corridors.models import Passage
from migrants.models import TravelGroup
from returns import readiness
from returns.ledgers import Direction

ONE_RULE, EVERYBODY, ON_DEMAND_MS, MEMORY_MB = 5.0, 1 / 0.30, 30.0, 100.0
GROUPS, QUICK_GROUPS = 200, 40
ANTI_JOINS = 2
CHANGES = {ASKED_BEFORE: "conditions known", NEVER_ASKED: "a condition never asked"}
"""What a change says, and what that means for whoever is judged."""


class Crowd:
    """The crowd with its rules; `turn` publishes one more change everywhere or at some crossings and gives when."""

    def __init__(self, world: World) -> None:
        self.world, self.at = world, world.at
        self.ours, self.bare = (session(os.environ[name]) for name in ("DATABASE_URL", "UNWALLED_DATABASE_URL"))
        with self.bare.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")  # a command's patience, which ours has too
        with asking(Audience.command("bench")):
            rows = Passage.objects.order_by("pk").values_list(
                "crossing__code", "crossing", "from_country", "to_country"
            )
            self.directions = {code: (crossing, start, end) for code, crossing, start, end in rows}

    def turn(self, codes: Collection[str], to: str) -> datetime:
        self.at += timedelta(seconds=1)
        toggle(self.world, codes, at=self.at, to=to)
        return self.at

    def changed(self, codes: Collection[str], to: str) -> Cost:
        """Publish a change and judge whom it concerns; what is counted is the judging."""
        at = self.turn(codes, to)
        return _asked(self.ours, partial(_check, at, [self.directions[code] for code in codes]))


def measure(world: World, *, quick: bool) -> Iterator[Outcome]:
    """Yield outcomes for a rule at one crossing, for one everywhere, for the anti-join, for memory and for a group."""
    settle(world)
    first = _asked(session(os.environ["DATABASE_URL"]), partial(_check, world.at, None))
    masks.settle(world)
    crowd, before = Crowd(world), _most_memory()
    yield from _one_rule(crowd, first)
    yield from _everybody(crowd)
    grown = _most_memory() - before
    yield Outcome("readiness", "memory beyond what the first judging took", grown, "MB", MEMORY_MB, grown / MEMORY_MB, 1,
                  {"people": world.people})  # fmt: skip
    yield _on_demand(crowd, QUICK_GROUPS if quick else GROUPS)


def _one_rule(crowd: Crowd, first: Cost) -> Iterator[Outcome]:
    """A rule changes at the crossing where the most wait: bits, verdicts and counts."""
    concerned = int(crowd.world.column(masks.waiting_at(CROSSING))[0])
    for to, name in CHANGES.items():
        work, elapsed = _compared(crowd, [CROSSING], to)
        yield Outcome(
            "readiness", f"one rule changes at one crossing, {name}", work.ours, "ms of work", work.bare, work.ratio,
            ONE_RULE, _conditions(crowd, elapsed, concerned=concerned, all_from_facts_s=round(first.elapsed, 1)),
        )  # fmt: skip


def _everybody(crowd: Crowd) -> Iterator[Outcome]:
    codes = sorted(crowd.directions)
    joined = statistics.median(_asked(crowd.bare, masks.anti_join).work for _turn in range(ANTI_JOINS)) * 1000
    for to, name in CHANGES.items():
        work, elapsed = _compared(crowd, codes, to)
        yield Outcome(
            "readiness", f"a rule changes everywhere, {name}", work.ours, "ms of work", work.bare, work.ratio,
            EVERYBODY, _conditions(crowd, elapsed),
        )  # fmt: skip
        yield Outcome(
            "readiness", f"a rule changes everywhere, {name}, beside an anti-join", work.ours, "ms of work", joined,
            work.ours / joined, 1, _conditions(crowd, elapsed),
        )  # fmt: skip


def _on_demand(crowd: Crowd, groups: int) -> Outcome:
    """Every fact of a group is looked at anew."""
    with asking(Audience.command("bench")):
        asked = list(TravelGroup.objects.filter(closed_at__isnull=True).order_by("public_id")[: groups + 5])
    costs = [_asked(crowd.ours, partial(_check_group, crowd.at, group)) for group in asked][5:]
    took = p95(cost.work for cost in costs) * 1000
    clocked = round(p95(cost.elapsed for cost in costs) * 1000, 1)
    return Outcome(
        "readiness", "a group on demand", took, "ms of work (p95)", ON_DEMAND_MS, took / ON_DEMAND_MS, 1,
        {"people": crowd.world.people, "asked": groups, "in_a_group": 100, "elapsed": clocked},
    )  # fmt: skip


def _compared(crowd: Crowd, codes: Collection[str], to: str) -> tuple[Comparison, Comparison]:
    def ours(_turn: None) -> Cost:
        crowd.world.rights.execute(b"VACUUM returns_casereadiness")
        return crowd.changed(codes, to)

    def bare(_turn: None) -> Cost:
        crowd.world.rights.execute(b"VACUUM bare_readiness")
        return _asked(crowd.bare, partial(masks.judge, codes))

    return compare([[None]] * ROUNDS, ours=ours, bare=bare)


def _asked(through: DatabaseWrapper, act: Callable[[], object]) -> Cost:
    with asked_through(through) as costs:
        act()
    return costs[0]


def _check(at: datetime, directions: Collection[Direction] | None) -> None:
    with asking(Audience.command("bench")):
        readiness.check(directions=directions, at=at)


def _check_group(at: datetime, group: TravelGroup) -> None:
    with asking(Audience.command("bench")):
        readiness.check(group=group, at=at, facts_only=True)


def _most_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _conditions(crowd: Crowd, elapsed: Comparison, **further: object) -> dict[str, object]:
    clocked = [round(number, 2) for number in (elapsed.ours, elapsed.bare, elapsed.ratio)]
    return {"people": crowd.world.people, "rules": len(RULES), "rounds": ROUNDS, "elapsed": clocked, **further}
