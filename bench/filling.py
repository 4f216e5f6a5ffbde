"""Fills tables as their owner, much faster than the product would: rows by INSERT … SELECT, indexes afterwards, no triggers.

No trigger fires while it fills: foreign keys are not looked up (what fills must be right), and no history is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString, cast

import psycopg
from django.db import models
from psycopg import sql

BY = json.dumps({"kind": "command", "ref": "bench", "printed_name": "bench"})
"""Who recorded what a benchmark makes."""


def fill(rights: psycopg.Connection, model: type[models.Model], source: str, **columns: str) -> None:
    """Insert one row for each row of `source` (what follows FROM); `columns` are expressions over it.

    Columns that are not named get what the model would put there, so that a new one needs no line here.
    """
    literals = {**_usual(model), **{name: sql.SQL(_trusted(value)) for name, value in columns.items()}}
    statement = sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join(map(sql.Identifier, literals)),
        sql.SQL(", ").join(literals.values()),
        sql.SQL(_trusted(source)),
    )
    rights.execute(statement)
    if "id" in columns:
        beyond = sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {}")
        table = model._meta.db_table
        rights.execute(beyond.format(sql.Literal(table), sql.Identifier(table)))


def _usual(model: type[models.Model]) -> dict[str, sql.Composable]:
    """Give what every row of the model has where nobody says otherwise."""
    usual: dict[str, sql.Composable] = {}
    for field in model._meta.concrete_fields:
        if field.primary_key or field.null or field.has_db_default() or field.column in (None, "public_id"):
            continue
        value = BY if field.column == "by" else field.get_default()
        if value is not None:
            is_json = isinstance(field, models.JSONField) and field.column != "by"
            usual[field.column] = sql.Literal(json.dumps(value) if is_json else value)
    return usual


@contextmanager
def quickly(rights: psycopg.Connection, *filled: type[models.Model]) -> Iterator[None]:
    """One transaction without triggers and without those indexes of `filled` that no constraint needs; they come back."""
    with rights.transaction():
        rights.execute("SET LOCAL session_replication_role = replica")
        rights.execute("SET LOCAL maintenance_work_mem = '512MB'")
        rights.execute("SET LOCAL work_mem = '128MB'")
        tables = [model._meta.db_table for model in filled]
        indexes = rights.execute(_FREE_INDEXES, [tables]).fetchall()
        for name, _definition in indexes:
            rights.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        yield
        for _name, definition in indexes:
            rights.execute(sql.SQL(_trusted(definition)))
    for table in tables:
        rights.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))


_FREE_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename = ANY (%s) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexname::regclass)
"""


def _trusted(text: Any) -> LiteralString:
    """Our own SQL, put together in this package from nothing that anybody enters."""
    return cast("LiteralString", text)
