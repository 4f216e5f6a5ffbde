"""What an import costs beside the bare staged path: COPY to a temporary table, checks in SQL, INSERT … SELECT."""

from __future__ import annotations

import io
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.db import models
from psycopg import sql

from bench.faces import asked_through, session
from bench.one_import import Imported, imported, worked
from bench.outcome import Outcome
from bench.people import namings
from bench.rounds import Cost, p95
from bench.world import World
from common import clock
from common.actors import Actor
from common.audience import Audience, asking
from common.sheets import write_xlsx
from migrants.models import Migrant, Nationality, PersonName, TravelDocument, TravelGroup
from returns import importing
from returns.models import ReturnCase

ROWS, QUICK_ROWS, SEED = 100_000, 4_000, 11
PAIRS, QUICK_PAIRS = 3, 5
LONGEST, MEMORY_MB = 180_000, 500
"""Rows of as large a file as is taken (20 MB), and what no list may take (MB)."""
SHORT, SHORT_TIMES, SHORT_MS = 102, 20, 250
"""People of a short list, how many of them, and what one may take (ms)."""
HEADING = ("Full name", "Sex", "Birth date", "Nationality", "Document", "Document number", "Valid until", "Phone")
GOALS = {"csv": 1 / 0.30, "xlsx": 1 / 0.25}
"""How many times as long as the bare path it may take."""
TABLES: tuple[tuple[type[models.Model], str], ...] = (
    (Migrant, "id"),
    (PersonName, "person_id"),
    (Nationality, "person_id"),
    (TravelDocument, "person_id"),
    (ReturnCase, "person_id"),
)
CHECKS = (
    (Migrant, "full_name = '' or birth_month not between 1 and 12 or birth_day not between 1 and 31"),
    (Nationality, "code !~ '^[A-Z]{3}$'"),
    (TravelDocument, "expires_on < '1990-01-01'"),
)


@dataclass(frozen=True, slots=True)
class Bare:
    """What the bare path took (s): of work, of that before the foreign keys were checked, and on the clock."""

    work: float
    before_keys: float
    elapsed: float


def measure(world: World, *, quick: bool) -> Iterator[Outcome]:
    """Yield what a short list takes, then microseconds of work a row of CSV and XLSX against the bare path, and memory.

    Pairs alternate, each with a list of its own, and begin with swept tables: what a bare path has rolled back lies about else.
    """
    rows, pairs = (QUICK_ROWS, QUICK_PAIRS) if quick else (ROWS, PAIRS)
    yield from _short_lists(world)  # before the long ones fill one crossing with more people than any has
    peak = 0.0
    for place, (kind, goal) in enumerate(GOALS.items()):
        told = [_pair(world, kind, rows, seed=SEED + place * 50 + pair) for pair in range(pairs)]
        ratio = statistics.median(each.stored / bare.work for each, bare in told)
        conditions = {
            "people": world.people,
            "rows": rows,
            "pairs": pairs,
            "elapsed_µs": _a_row((each.elapsed for each, _bare in told), rows),
            "bare_elapsed_µs": _a_row((bare.elapsed for _each, bare in told), rows),
            "bare_before_its_keys_µs": _a_row((bare.before_keys for _each, bare in told), rows),
            "judging_after_µs": _a_row((each.judged for each, _bare in told), rows),
        }
        peak = max(peak, *(each.peak for each, _bare in told))
        ours = _a_row((each.stored for each, _bare in told), rows)
        limit = _a_row((bare.work for _each, bare in told), rows)
        yield Outcome("import", f"{kind}, a row", ours, "µs", limit, ratio, goal, conditions)
    yield Outcome("import", "memory at most", peak, "MB", MEMORY_MB, peak / MEMORY_MB, 1, {"rows": rows})
    if not quick:
        yield _longest(world)


def _longest(world: World) -> Outcome:
    """Show the longest list that is taken: what is remembered of its rows, so that each is compared with those before it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "list.csv")
        file.write_bytes(_csv(_listed(LONGEST, seed=SEED + 400)))
        peak = imported(file, group=str(_group().code), kept=False).peak
    told = {"people": world.people, "rows": LONGEST}
    return Outcome("import", "memory at most, the longest list", peak, "MB", MEMORY_MB, peak / MEMORY_MB, 1, told)


def _a_row(seconds: Iterable[float], rows: int) -> int:
    """Give the median of what lists took, in microseconds a row."""
    return round(statistics.median(seconds) / rows * 1e6)


def _pair(world: World, kind: str, rows: int, *, seed: int) -> tuple[Imported, Bare]:
    """Import a list and bring its very rows in again by the bare path."""
    for model, _key in TABLES:
        world.rights.execute(sql.SQL("VACUUM (INDEX_CLEANUP ON) {}").format(sql.Identifier(model._meta.db_table)))
    listed = _listed(rows, seed=seed)
    content = _csv(listed) if kind == "csv" else write_xlsx([HEADING, *listed], name="list")
    before = int(world.column("SELECT max(id) FROM migrants_migrant")[0])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"list.{kind}")
        file.write_bytes(content)
        took = imported(file, group=str(_group().code))
    return took, _bare(world.rights, before)


def _short_lists(world: World) -> Iterator[Outcome]:
    """Yield how long a request works on a list of 102: to show what will happen, and to store it (p95 of work)."""
    told: dict[str, list[Cost]] = {"preview": [], "commit": []}
    through = session(os.environ["DATABASE_URL"])
    for place in range(SHORT_TIMES):
        content = _csv(_listed(SHORT, seed=SEED + 200 + place))
        group = _group(place + 1)
        with asked_through(through) as costs, asking(Audience.command("bench")):
            upload = importing.take(
                group=group,
                mission=group.mission,
                file=io.BytesIO(content),
                name="list.csv",
                size=len(content),
                **_by(),
            )
        told["preview"] += costs
        with asked_through(through) as costs, asking(Audience.command("bench")):
            importing.confirm(upload=upload, decisions={}, partial=True, **_by())
        told["commit"] += costs
    for what, costs in told.items():
        work, elapsed = (p95(each) * 1000 for each in zip(*((cost.work, cost.elapsed) for cost in costs), strict=True))
        conditions = {"people": world.people, "lists": SHORT_TIMES, "elapsed_ms": round(elapsed)}
        yield Outcome("import", f"{what} of a list of 102", work, "ms", SHORT_MS, work / SHORT_MS, 1, conditions)


def _by() -> dict[str, Any]:
    return {"by": Actor.command("bench"), "at": clock.now(), "within": Migrant.objects.living_records()}


def _group(place: int = 0) -> TravelGroup:
    """Give one of the groups that wait: the newest takes the long lists, each short list goes to another."""
    with asking(Audience.command("bench")):
        waiting = TravelGroup.objects.select_related("mission").filter(closed_at__isnull=True)
        return waiting.order_by("-pk")[place]


def _csv(listed: list[tuple[str, ...]]) -> bytes:
    return "\n".join(";".join(row) for row in (HEADING, *listed)).encode()


def _listed(how_many: int, *, seed: int) -> list[tuple[str, ...]]:
    chance = random.Random(seed)
    known = list(namings(max(how_many // 5, 100), seed=seed))
    listed: list[tuple[str, ...]] = []
    for place in range(how_many):
        each = chance.choice(known)
        born = f"{chance.randint(1, 28):02}.{chance.randint(1, 12):02}.{chance.randint(1950, 2015)}"
        country = chance.choice(("Tajikistan", "Узбекистан", "KGZ"))
        number = str(600_000_000 + seed * 1_000_000 + place)
        phone = f"+99290{chance.randint(1_000_000, 9_999_999)}"
        listed.append((each.full_name, each.sex.lower(), born, country, "passport", number, "31.12.2029", phone))
    return listed


def _bare(rights: psycopg.Connection, before: int) -> Bare:
    """Take the rows out and bring the very same in again, past history and wall; nothing of it stays.

    What the tables themselves hold stays on: indexes, checks and foreign keys, which are checked at the end as ours are.
    """
    with rights.transaction(force_rollback=True):
        rights.execute("SET LOCAL session_replication_role = replica")
        contents = {}
        for model, key in TABLES:
            table = sql.Identifier(model._meta.db_table)
            beyond = sql.SQL("{} > {}").format(sql.Identifier(key), before)
            with rights.cursor() as cursor:
                with cursor.copy(sql.SQL("COPY (SELECT * FROM {} WHERE {}) TO STDOUT").format(table, beyond)) as copy:
                    contents[model] = b"".join(copy)
                cursor.execute(sql.SQL("DELETE FROM {} WHERE {}").format(table, beyond))
                cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
        rights.execute("SET LOCAL session_replication_role = origin")
        server = rights.info.backend_pid
        began, began_at = worked(server), time.monotonic()
        for model, _key in TABLES:
            _bring_in(rights, model, contents[model])
        before_keys = worked(server) - began
        rights.execute("SET CONSTRAINTS ALL IMMEDIATE")
        return Bare(worked(server) - began, before_keys, time.monotonic() - began_at)


def _bring_in(rights: psycopg.Connection, model: type[models.Model], content: bytes) -> None:
    table, beside = sql.Identifier(model._meta.db_table), sql.Identifier(f"bare_{model._meta.db_table}")
    with rights.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE TEMP TABLE {} (LIKE {})").format(beside, table))
        with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(beside)) as copy:
            copy.write(content)
        for checked, wrong in CHECKS:
            if checked is model:
                cursor.execute(sql.SQL("SELECT count(*) FROM {} WHERE {}").format(beside, sql.SQL(wrong)))
        cursor.execute(sql.SQL("INSERT INTO {} OVERRIDING SYSTEM VALUE SELECT * FROM {}").format(table, beside))
