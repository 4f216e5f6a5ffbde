"""What an import costs beside the bare staged path: COPY to a temporary table, checks in SQL, INSERT … SELECT."""

from __future__ import annotations

import io
import random
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from django.db import models
from psycopg import sql

from bench.outcome import Outcome
from bench.people import namings
from bench.world import World
from common import clock
from common.actors import Actor
from common.audience import Audience, asking
from common.sheets import write_xlsx
from migrants.models import Migrant, Nationality, PersonName, TravelDocument, TravelGroup
from returns import import_run
from returns.models import ReturnCase

ROWS, QUICK_ROWS, SEED = 100_000, 2_000, 11
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
class Imported:
    """How long an import took (seconds) and the keys of whom it brought: those beyond `before`."""

    seconds: float
    before: int
    people: int


def measure(world: World, *, quick: bool) -> Iterator[Outcome]:
    """Yield microseconds a row of CSV and XLSX, each against the bare path with the same rows right after, and the memory."""
    rows = QUICK_ROWS if quick else ROWS
    for place, (kind, goal) in enumerate(GOALS.items()):
        listed = _listed(rows, seed=SEED + place)
        imported = _import(world, kind, listed)
        bare = _bare(world.rights, imported)
        ours, limit = (seconds / rows * 1e6 for seconds in (imported.seconds, bare))
        conditions = {"people": world.people, "rows": rows, "registered": imported.people}
        yield Outcome("import", f"{kind}, a row", ours, "µs", limit, ours / limit, goal, conditions)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Outcome("import", "memory at most", peak, "MB", 500, peak / 500, 1, {"rows": rows})


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


def _import(world: World, kind: str, listed: list[tuple[str, ...]]) -> Imported:
    if kind == "csv":
        content = "\n".join(";".join(row) for row in (HEADING, *listed)).encode()
    else:
        content = write_xlsx([HEADING, *listed], name="list")
    before = int(world.column("SELECT max(id) FROM migrants_migrant")[0])
    with asking(Audience.command("bench")):
        group = str(TravelGroup.objects.filter(closed_at__isnull=True).latest("pk").code)
    run = import_run.Run(
        by=Actor.command("bench"),
        at=clock.now(),
        real_at=clock.real_now(),
        within=lambda: asking(Audience.command("bench")),
        say=lambda _done, _total, _words: None,
    )
    began = time.monotonic()
    import_run.run(run, file=io.BytesIO(content), name=f"list.{kind}", group=group, dry_run=False, partial=True)
    seconds = time.monotonic() - began
    return Imported(seconds, before, int(world.column(f"SELECT count(*) FROM migrants_migrant WHERE id > {before}")[0]))


def _bare(rights: psycopg.Connection, imported: Imported) -> float:
    """Take the rows out and bring the very same in again, past history and wall; nothing of it stays."""
    with rights.transaction(force_rollback=True):
        rights.execute("SET LOCAL session_replication_role = replica")
        contents = {}
        for model, key in TABLES:
            table = sql.Identifier(model._meta.db_table)
            beyond = sql.SQL("{} > {}").format(sql.Identifier(key), imported.before)
            with rights.cursor() as cursor:
                with cursor.copy(sql.SQL("COPY (SELECT * FROM {} WHERE {}) TO STDOUT").format(table, beyond)) as copy:
                    contents[model] = b"".join(copy)
                cursor.execute(sql.SQL("DELETE FROM {} WHERE {}").format(table, beyond))
        began = time.monotonic()
        for model, _key in TABLES:
            _bring_in(rights, model, contents[model])
        return time.monotonic() - began


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
