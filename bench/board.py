"""`bin/bench board`: whether the board and the list of cases cost the same however many people there are.

The limit of growth is the same page in the same process over a database with the same crossings and far fewer people.
The limit of the list is a bare Django view that reads the same fifty rows: signed in, and nothing else done for them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

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
    yield _beside_the_bare_view(world, many, rounds)


def _asking(face: Face, address: str, through: DatabaseWrapper) -> Ask[None]:
    """Give the one question of all turns."""
    return lambda _turn: face.get(address, through=through)


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
