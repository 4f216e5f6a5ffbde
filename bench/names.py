"""`bin/bench names`: whether a name finds the right person among a million and what that costs, and who is taken for whom.

The bare limit of the search is what a database offers by itself: likeness of trigrams at the usual threshold of 0.3 over its
index, the twenty likeliest, on the same rows, asked through a role that row security does not hold.
"""

from __future__ import annotations

import csv
import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper

from accounts.models import User
from bench.faces import asked_through, session
from bench.hands import otherwise
from bench.outcome import Outcome
from bench.rounds import ROUNDS, Comparison, Cost, compare
from bench.world import CROSSING, SEED, World
from common.audience import Audience, asking
from migrants.models import Migrant
from migrants.names import Described, initial_keys, keys, latin, slipped_keys
from migrants.names import compare as likeness
from migrants.searching import MOST, search
from partners.access import Viewer, viewer_of

FULL, QUICK = 100, 10
"""Searches in each round."""
MOST_MISSED, MOST_COST, LEAST_RECALL = 0.05, 1 / 3, 0.95
FIELD = "field@homeward.example"
ASKERS = {"coordinator": "coordinator@homeward.example", "field officer of one crossing": FIELD}
PLAIN = """
SELECT id FROM migrants_migrant WHERE upper(latin_name) %% upper(%s)
ORDER BY similarity(upper(latin_name), upper(%s)) DESC LIMIT 20
"""
PAIRS = Path(__file__).parents[1] / "tests" / "fixtures" / "synthetic_duplicate_pairs.csv"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the key of the person who is meant."""

    asked: str
    meant: int
    what: frozenset[str]


def measure(world: World, *, quick: bool) -> Iterator[Outcome]:
    """Yield what is missed by the search and what it costs, then what is missed among labelled pairs."""
    world.narrow(FIELD)
    for asker, email in ASKERS.items():
        rounds = _rounds(world, FULL if not quick else QUICK, crossing=CROSSING if email == FIELD else "%")
        yield from _searched(world, asker, email, rounds)
    yield from _pairs()


def _rounds(world: World, each: int, *, crossing: str) -> list[list[Question]]:
    """Draw who is asked for among those at a crossing ("%": at any), the same at each run."""
    chance = random.Random(SEED)
    people = world.rights.execute(
        b"SELECT m.id, full_name FROM migrants_migrant m JOIN migrants_travelgroup g ON g.id = m.group_id"
        b" JOIN corridors_bordercrossing c ON c.id = g.crossing_id AND c.code LIKE %s WHERE merged_into_id IS NULL"
        b" ORDER BY hashint8(m.id), m.id LIMIT %s",
        [crossing, ROUNDS * each * 2],
    ).fetchall()
    drawn = iter(chance.sample(people, ROUNDS * each))
    return [[_question(chance, *next(drawn)) for _each in range(each)] for _round in range(ROUNDS)]


def _question(chance: random.Random, meant: int, full_name: str) -> Question:
    asked, what = otherwise(chance, full_name)
    return Question(asked, meant, what)


def _searched(world: World, asker: str, email: str, rounds: list[list[Question]]) -> Iterator[Outcome]:
    with asking(Audience.command("bench")):
        viewer = viewer_of(User.objects.get(email=email), at=world.at)
    walled, bare = (session(os.environ[name]) for name in ("DATABASE_URL", "UNWALLED_DATABASE_URL"))
    missed: dict[str, dict[Question, bool]] = {"ours": {}, "plain": {}}
    work, elapsed = compare(
        rounds,
        ours=partial(_ours, viewer, walled, missed["ours"]),
        bare=partial(_plain, bare, missed["plain"]),
    )
    every = [question for questions in rounds for question in questions]
    shares = [sum(missed[side][question] for question in every) / len(every) for side in ("ours", "plain")]
    by_kind = Counter(
        what for question in every if missed["ours"][question] for what in question.what or {"as written"}
    )
    conditions = {"people": world.people, "asked": len(every), "missed": dict(by_kind)}
    yield Outcome(
        "names", f"right person not among the first {MOST}, {asker}", shares[0], "share", shares[1], shares[0], MOST_MISSED,
        conditions,
    )  # fmt: skip
    yield _cost(asker, work, elapsed, world)


def _cost(asker: str, work: Comparison, elapsed: Comparison, world: World) -> Outcome:
    conditions = {
        "people": world.people,
        "asked": work.asked,
        "rounds": ROUNDS,
        "elapsed": [round(number, 2) for number in (elapsed.ours, elapsed.bare, elapsed.ratio)],
        "limit": "pg_trgm at 0.3, 20 likeliest",
    }
    return Outcome(
        "names",
        f"search for a name, {asker}",
        work.ours,
        "ms of work (p95)",
        work.bare,
        work.ratio,
        MOST_COST,
        conditions,
    )


def _ours(viewer: Viewer, through: DatabaseWrapper, missed: dict[Question, bool], question: Question) -> Cost:
    with asked_through(through) as costs, asking(viewer.audience):
        found = search(asked=question.asked, within=Migrant.objects.visible_to(viewer))
        missed[question] = question.meant not in {each.pk for each in found}
    return costs[0]


def _plain(through: DatabaseWrapper, missed: dict[Question, bool], question: Question) -> Cost:
    name = latin(question.asked)
    with asked_through(through) as costs, connection.cursor() as cursor:
        cursor.execute(PLAIN, [name, name])
        missed[question] = question.meant not in {key for (key,) in cursor.fetchall()}
    return costs[0]


def _pairs() -> Iterator[Outcome]:
    """Compare the labelled pairs: how many that are one are missed, and how many that are not would be taken for certain."""
    with PAIRS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    told = {row["second_ref"]: _told(row) for row in rows}
    same = [row for row in rows if row["same_person"] == "1"]
    others = [row for row in rows if row["same_person"] == "0"]
    offered = Counter(row["kind"] for row in rows if told[row["second_ref"]] != "no")
    by_kind = {
        kind: f"{offered[kind]} of {count} offered" for kind, count in Counter(row["kind"] for row in rows).items()
    }
    missed = sum(told[row["second_ref"]] == "no" for row in same) / len(same)
    wrong = sum(told[row["second_ref"]] != "no" for row in others)
    right = sum(told[row["second_ref"]] != "no" for row in same)
    certain = sum(told[row["second_ref"]] == "certain" for row in others)
    conditions = {"kinds": by_kind, "recall": round(1 - missed, 3), "precision": round(right / (right + wrong), 3)}
    yield Outcome("names", "one person not offered", missed, "share", 0.0, missed, 1 - LEAST_RECALL, conditions)
    yield Outcome(
        "names", "brothers and namesakes taken for certain", certain, "pairs", 0.0, certain, 0.0, {"pairs": len(others)}
    )


def _told(row: dict[str, str]) -> str:
    """Give what a registrar would be told of a pair: certain, perhaps, or no."""
    one, other = (_described(row, prefix) for prefix in ("first_", ""))
    score = likeness(one, other)
    is_found = bool(
        (keys(other.full_name) | initial_keys(other.full_name) | slipped_keys(other.full_name)) & keys(one.full_name)
        or one.document_numbers & other.document_numbers
    )
    return "no" if not (is_found and score.is_offered) else "certain" if score.is_sure else "perhaps"


def _described(row: dict[str, str], prefix: str) -> Described:
    year, month, day = map(int, row[f"{prefix}dob"].split("-"))
    number = row[f"{prefix}document_no"]
    return Described(row[f"{prefix}name"], (), year, month, day, document_numbers=frozenset({number} if number else ()))
