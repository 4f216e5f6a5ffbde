"""Monthly partitions: SQL that migrations use, and the call that makes the months ahead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

PARTITIONED = ("common_historyrow", "common_auditentry", "common_accessentry", "notifications_deliveryattempt")

ENSURE_MONTH = """
create or replace function homeward_ensure_month(parent text, at timestamptz) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    first_day date := date_trunc('month', at at time zone 'UTC');
    next_month timestamptz := (first_day + interval '1 month') at time zone 'UTC';
    strays boolean;
    part text := parent || '_' || to_char(first_day, 'YYYYMM');
    grantee oid;
begin
    if not exists (select from pg_partitioned_table p join pg_class c on c.oid = p.partrelid
                   where c.relname = parent and c.relowner = (select oid from pg_roles where rolname = current_user)) then
        raise exception 'not a partitioned table of ours: %', parent;
    end if;
    if to_regclass(part) is not null then
        return;
    end if;
    -- Rows that came before their month was made stay in the default partition, and the month with them.
    execute format('select exists (select from %I where at >= $1 and at < $2)', parent || '_default')
        into strays using first_day::timestamp at time zone 'UTC', next_month;
    if strays then
        return;
    end if;
    execute format('create table %I partition of %I for values from (%L) to (%L)', part, parent,
                   first_day::timestamp at time zone 'UTC', next_month);
    -- Months are written and read through their whole, which says what may be done.
    execute format('revoke all on %I from %I', part, '__RUNTIME__');
end $$;
revoke all on function homeward_ensure_month(text, timestamptz) from public;
"""


def runtime_role() -> str:
    """The database role that serves requests and runs tasks."""
    return str(settings.DATABASES["default"]["USER"])


def prepare_roles(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Migration step: the runtime role may use what the owner makes, and may ask for a month ahead."""
    role = schema_editor.connection.ops.quote_name(runtime_role())
    for statement in (
        f"grant usage on schema public to {role}",
        f"grant select, insert, update, delete on all tables in schema public to {role}",
        f"grant usage, select on all sequences in schema public to {role}",
        f"alter default privileges in schema public grant select, insert, update, delete on tables to {role}",
        f"alter default privileges in schema public grant usage, select on sequences to {role}",
    ):
        schema_editor.execute(statement, params=None)
    schema_editor.execute(ENSURE_MONTH.replace("__RUNTIME__", runtime_role()), params=None)
    schema_editor.execute(f"grant execute on function homeward_ensure_month(text, timestamptz) to {role}", params=None)


def append_only(*tables: str) -> Callable[[object, BaseDatabaseSchemaEditor], None]:
    """Returns a migration step after which the runtime role can only read and add."""

    def revoke(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
        quote = schema_editor.connection.ops.quote_name
        for table in tables:
            schema_editor.execute(
                f"revoke update, delete, truncate on {quote(table)} from {quote(runtime_role())}", params=None
            )

    return revoke


def ensure_months(*, around: datetime, ahead: int = 2) -> None:
    """Makes the partitions of the month of `around` and of `ahead` months after it; what exists is left alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select homeward_ensure_month(parent, %s + make_interval(months => month))"
            " from unnest(%s::text[]) parent, generate_series(0, %s) month",
            [around, list(PARTITIONED), ahead],
        )
