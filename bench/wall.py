"""`bin/bench wall`: what the wall in the database costs a page, a list and a name search.

Without the wall means: the same request, in the same process, on the same rows, through a role with the rights of the
runtime role to which row security does not apply (BYPASSRLS). So nothing but the wall differs.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from functools import partial

from bench.faces import Face, session
from bench.outcome import Outcome
from bench.rounds import ROUNDS, compare
from bench.world import CROSSING, SEED, World

GOAL = 1.15
FULL, QUICK = 40, 4
"""How often a plain page is asked on each side in each round."""
COORDINATOR, FIELD, CONSULAR = (f"{name}@homeward.example" for name in ("coordinator", "field", "consular"))

LIVING = "FROM migrants_migrant m JOIN migrants_travelgroup g ON g.id = m.group_id"
GROUPS = "FROM migrants_travelgroup g JOIN corridors_bordercrossing c ON c.id = g.crossing_id"
FURTHER = "least(60, (SELECT count(*) / 2 FROM migrants_travelgroup))"
"""After which group lists are asked for: a whole page of older ones stands behind it, in a small world half of all."""
HERE = f"JOIN corridors_bordercrossing c ON c.id = g.crossing_id AND c.code = '{CROSSING}'"


def measure(world: World, *, quick: bool) -> Iterator[Outcome]:
    """Yield one outcome for each kind of request and each kind of viewer."""
    world.narrow(FIELD)
    sides = [session(os.environ[name]) for name in ("DATABASE_URL", "UNWALLED_DATABASE_URL")]
    for name, email, addresses, share in _requests(world):
        questions = _rounds(addresses, max(4, round((QUICK if quick else FULL) * share)))
        if not questions:
            print(f"Left out, for this world is too small to ask for it: {name}", file=sys.stderr, flush=True)
            continue
        face = Face(email)
        ours, bare = (partial(face.get, through=side) for side in sides)
        work, elapsed = compare(questions, ours=ours, bare=bare)
        conditions = world.conditions(work.asked, elapsed, through="WSGI in process")
        yield Outcome("wall", name, work.ours, "ms of work (p95)", work.bare, work.ratio, GOAL, conditions)


def _rounds(addresses: list[str], each: int) -> list[list[str]]:
    """Draw the questions of every round, the same at each run."""
    chance = random.Random(SEED)
    return [chance.choices(addresses, k=each) for _round in range(ROUNDS)] if addresses else []


def _requests(world: World) -> Iterator[tuple[str, str, list[str], float]]:
    """Yield the name of a measure, who asks, the addresses to draw from, and how many to ask beside a plain page."""
    for viewer, email, narrowed in (("coordinator", COORDINATOR, ""), ("field officer of one crossing", FIELD, HERE)):
        people, groups = f"{LIVING} {narrowed}", f"FROM migrants_travelgroup g {narrowed}"
        yield (
            f"page of a person, {viewer}",
            email,
            world.column(
                f"SELECT '/people/' || m.public_id || '/' {people} WHERE m.id % 97 = 0 OR g.closed_at IS NULL"
            ),
            1,
        )
        yield (
            f"page of a group, {viewer}",
            email,
            world.column(f"SELECT '/groups/' || g.public_id || '/' {groups} WHERE g.id % 7 = 0 OR g.closed_at IS NULL"),
            1,
        )
        yield (
            f"list of the people of a group, {viewer}",
            email,
            world.column(
                f"SELECT '/groups/' || g.public_id || '/people/' {groups} WHERE g.id % 7 = 0 OR g.closed_at IS NULL"
            ),
            1,
        )
        yield (
            f"list of groups, {viewer}",
            email,
            world.column(f"SELECT '/groups/?show=all&after=' || g.public_id {groups} WHERE g.id > {FURTHER}"),
            0.5,
        )
        yield f"list of open cases, {viewer}", email, ["/cases/", "/cases/?show=all"], 0.5
        yield (
            f"search for a name, {viewer}",
            email,
            world.column(f"SELECT '/people/?q=' || m.latin_name {people} WHERE m.id % 97 = 0"),
            0.2,
        )
    yield (
        "list of those who return, embassy",
        CONSULAR,
        world.column(
            "SELECT '/incoming/?after=' || d.public_id FROM migrants_disclosure d"
            " JOIN partners_organisation o ON o.id = d.recipient_id WHERE o.code = 'tj-emb-uz' AND d.valid_until IS NULL"
        ),
        1,
    )
