"""Numbers that are called and printed: each given once, in an order that tells neither how many there are nor who came first.

A counter that no two transactions share says which one is next; a keyed shuffle (a Feistel network of four rounds) turns
the place in the order into the number, so that two who register at once never meet and nobody has to look for a gap. Of
the numbers of one length only half are given out, so that a slip of the tongue rarely names another person; then they
grow by a digit. Numbers that were given before the counter began, by whomever and in whatever scope, are passed over.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation, OperationCategory
from psycopg import sql

from common.partitions import runtime_role
from common.wall import lend

LONGEST = 12
"""Digits that the columns hold."""
DRAW = """
create function numbers_of_{table}(how_many int) returns setof varchar language plpgsql volatile security definer
    set search_path = public, pg_temp set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
    missing int := how_many;
    given int;
begin
    while missing > 0 loop
        return query with drawn as materialized (
            select nextval('numbers_of_{table}_given') - 1 as place from generate_series(1, missing)
        ), split as materialized (
            select t.smallest, t.many, t.half, (1::bigint << t.half) - 1 as mask,
                (d.place - t.first) >> t.half as a, (d.place - t.first) & ((1::bigint << t.half) - 1) as b
            from drawn d join (values {lengths}) t (first, beyond, smallest, many, half)
                on d.place >= t.first and d.place < t.beyond
        ), first as materialized (
            select *, a # (hashint8extended(b, {seed} + half) & mask) as c from split
        ), second as materialized (
            select *, b # (hashint8extended(c, {seed} + half + 100) & mask) as d from first
        ), third as materialized (
            select *, c # (hashint8extended(d, {seed} + half + 200) & mask) as e from second
        ), fourth as materialized (
            select smallest, many, (e << half) | (d # (hashint8extended(e, {seed} + half + 300) & mask)) as step from third
        ), numbers as materialized (
            select (smallest + step)::text::varchar as number from fourth where step < many
        )
        select n.number from numbers n where not exists (select from {table} t where t.number = n.number);
        get diagnostics given = row_count;
        missing := missing - given;
    end loop;
end $$;
"""


def draw(table: str, how_many: int) -> list[str]:
    """Give so many numbers that no row of `table` has and none will be given; whatever the scope, one statement.

    A number that is drawn and not used is lost; there are enough of them.
    """
    if how_many < 1:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("select {}(%s)").format(sql.Identifier(f"numbers_of_{table}")), [how_many])
        return [number for (number,) in cursor.fetchall()]


def lengths(shortest: int) -> list[tuple[int, int, int, int, int]]:
    """Give for each length of a number, from `shortest` digits on: its first place in the order and the one beyond, the
    smallest number, how many there are, and half of the bits in which the shuffle counts them."""
    rows, first = [], 0
    for digits in range(shortest, LONGEST + 1):
        smallest = 10 ** (digits - 1)
        half = ((9 * smallest).bit_length() + 1) // 2
        beyond = first + (1 << (2 * half - 1))
        rows.append((first, beyond, smallest, 9 * smallest, half))
        first = beyond
    return rows


class GiveNumbers(Operation):
    """Migration operation: `draw` gives numbers for the column `number` of `table`, from `shortest` digits on."""

    reversible = True
    category = OperationCategory.SQL

    def __init__(self, table: str, *, shortest: int) -> None:
        self.table, self.shortest = table, shortest

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.table], {"shortest": self.shortest}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models know nothing of it."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        rows = ", ".join(
            f"({', '.join(f'{part}::bigint' for part in row[:-1])}, {row[-1]})" for row in lengths(self.shortest)
        )
        seed = secrets.randbits(60)  # another in every database
        text = DRAW.format(table=self.table, lengths=rows, seed=seed)
        schema_editor.execute(f"create sequence numbers_of_{self.table}_given", params=None)
        schema_editor.execute(text, params=None)
        lend(f"numbers_of_{self.table}(int)")(None, schema_editor)
        role = schema_editor.connection.ops.quote_name(runtime_role())  # how many were given concerns nobody
        schema_editor.execute(f"revoke all on sequence numbers_of_{self.table}_given from {role}", params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        schema_editor.execute(f"drop function numbers_of_{self.table}(int)", params=None)
        schema_editor.execute(f"drop sequence numbers_of_{self.table}_given", params=None)

    def describe(self) -> str:
        return f"Give numbers to {self.table}"
