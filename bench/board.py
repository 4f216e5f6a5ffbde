"""`bin/bench board`: whether the board and the list of cases cost the same however many people there are.

The limit of growth is the same page in the same process over a database with the same crossings and far fewer people.
The limit of the list is a bare Django view that reads the same fifty rows: signed in, and nothing else done for them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from django.db.backends.postgresql.base import DatabaseWrapper

from bench import bare_list
from bench.faces import Face, asked_through, session
from bench.outcome import Outcome
from bench.rounds import ROUNDS, Ask, compare
from bench.world import CROSSING, FEW, World, made

FEW_PEOPLE = 1_000
GROWTH, HALF = 2.0, 2.0
FULL, QUICK = 30, 6
"""How often a page is asked on each side in each round."""
COORDINATOR, FIELD = (f"{name}@homeward.example" for name in ("coordinator", "field"))
PAGES = (
    ("board, coordinator", COORDINATOR, "/"),
    ("board, field officer of one crossing", FIELD, "/"),
    ("list of cases that something stops, coordinator", COORDINATOR, "/cases/"),
    ("list of cases at a crossing, coordinator", COORDINATOR, f"/cases/?crossing={CROSSING}&show=all"),
    ("list of cases at a crossing, field officer of it", FIELD, f"/cases/?crossing={CROSSING}&show=all"),
    ("list of groups, coordinator", COORDINATOR, "/groups/"),
)
COUNTED = re.compile(
    r'^select count\(\*\)[^(]* from "(migrants_migrant|returns_returncase|returns_casereadiness|common_\w+)"', re.I
)
"""An exact count of rows of a table that grows with the people; one with an end (LIMIT) stands around another question."""
NARROWED = re.compile(r'"(id|group_id|person_id|case_id|upload_id|movement_id|subject|public_id)" (=|in)', re.I)
"""To one group, one person, one list: what such a count reads does not grow with the people."""


def measure(world: World, *, quick: bool) -> Iterator[Outcome]:
    """Yield one outcome for each page as it grows, then one for the list beside the bare view."""
    rounds = [[None] * (QUICK if quick else FULL)] * ROUNDS
    many = session(os.environ["DATABASE_URL"])
    few = session(os.environ["FEW_DATABASE_URL"])
    with psycopg.connect(os.environ["FEW_DATABASE_OWNER_URL"], autocommit=True) as rights:
        small = made(rights, people=FEW_PEOPLE, at=world.at, shape=FEW)
        for each in (world, small):
            each.narrow(FIELD)
    for name, email, address in PAGES:
        with asked_through(few):
            there = Face(email)
        here = Face(email)
        work, elapsed = compare(
            rounds,
            ours=_asking(here, address, many),
            bare=_asking(there, address, few),
        )
        yield Outcome("board", f"{name}: growth", work.ours, "ms of work (p95)", work.bare, work.ratio, GROWTH,
                      world.conditions(work.asked, elapsed, few=FEW_PEOPLE))  # fmt: skip
    yield _counted_exactly(world, many)
    yield _beside_the_bare_view(world, many, rounds)


def _asking(face: Face, address: str, through: DatabaseWrapper) -> Ask[None]:
    """Give the one question of all turns."""
    return lambda _turn: face.get(address, through=through)


def _counted_exactly(world: World, many: DatabaseWrapper) -> Outcome:
    """Ask every page once more, and look whether it counts a whole table."""
    counted: list[str] = []
    asked = 0

    def listen(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal asked
        asked += 1
        if COUNTED.match(sql) and " LIMIT " not in sql and not NARROWED.search(sql):
            counted.append(sql)
        return execute(sql, *rest)

    for _name, email, address in PAGES:
        face = Face(email)
        with many.execute_wrapper(listen):
            face.get(address, through=many)
    return Outcome(
        "board", "exact counts over the table", len(counted), "statements", 0, len(counted), 0,
        {"people": world.people, "pages": len(PAGES), "statements": asked, "counts": counted},
    )  # fmt: skip


def _beside_the_bare_view(world: World, many: DatabaseWrapper, rounds: list[list[None]]) -> Outcome:
    """Compare requests per second: twice the time of the bare view is half of its requests."""
    face, address = Face(COORDINATOR), f"/cases/?crossing={CROSSING}&show=all"
    bare, unwalled = bare_list.Bare(face.cookie), session(os.environ["UNWALLED_DATABASE_URL"])
    work, elapsed = compare(
        rounds,
        ours=_asking(face, address, many),
        bare=_asking(bare, f"/?crossing={CROSSING}", unwalled),
    )
    return Outcome(
        "board", "list of cases at a crossing, beside a bare view", work.ours, "ms of work (p95)", work.bare, work.ratio,
        HALF, world.conditions(work.asked, elapsed, limit="session, account, 50 rows of six tables, plain template"),
    )  # fmt: skip
