"""History: what every statement did to a row, with who asked for it, written by the database itself.

Triggers write it, so no way of writing goes past it: bulk, COPY and raw SQL included. A migration says
`KeepHistory("migrants_migrant", …)`; a test finds the table that nobody said it for. An audit row says why and carries the
same transaction, so both are read together. Rows can only be added (docs/adr/0016-history-in-one-table.md).
"""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation, OperationCategory

from common import audit
from common.actors import Actor
from common.models import HistoryErasure

SEALED_MARK = "sealed"
"""Stands in the content for the value of a sealed column: that it is there, or that it changed, and nothing else."""
EVENTS = {
    "insert": "new table as new_rows",
    "update": "old table as old_rows new table as new_rows",
    "delete": "old table as old_rows",
}

ENVELOPE = """jsonb_build_array(
    id, extract(epoch from at), table_name, row_id, public_id, person_id, second_person_id, mission_id, operation, who,
    request_id, transaction
)::text"""
"""Everything that a row's digest holds besides its content: `common/seals.py` reads it in the same words."""

_CHANGES = {
    "insert": "select 'insert', %1$s, %2$s%3$s from new_rows n",
    "delete": "select 'delete', %1$s, %2$s%3$s from old_rows o",
    # A statement that changes the keys themselves takes rows away and brings others.
    "update": """
            select case when o.id is null then 'insert' when n.id is null then 'delete' else 'update' end, %1$s,
                   case when n.id is null then %2$s%4$s when o.id is null then %3$s%4$s else %5$s end
            from old_rows o full join new_rows n on n.id = o.id""",
}
"""What became of the rows; for `%n$s` the trigger puts in what `_TOLD` says of the columns of its table."""
_ASKER = """(
    select {what} from (select nullif(current_setting('homeward.audience', true), '')::jsonb as asker) asking
    where asker is not null)"""
_GIVEN = {
    "behind": "$1[4]",
    "table_name": "$2::text",
    "wall_time": "(select clock_timestamp())",
    "who": _ASKER.format(what="jsonb_build_object('kind', asker -> 'kind', 'ref', asker -> 'ref')"),
    "request": "coalesce(" + _ASKER.format(what="left(asker ->> 'request', 64)") + ", '')",
}
"""What the statements call by name: `$1` are the arguments of the trigger, `$2` is its table."""
_KEEP = """
insert into common_historyrow (
    id, at, table_name, row_id, public_id, person_id, second_person_id, mission_id, operation, content, who, request_id,
    transaction, salt, content_digest, digest
)
overriding system value
select id, at, table_name, row_id, public_id, person_id, second_person_id, mission_id, operation, content, who, request_id,
       transaction, salt, content_digest, sha256(convert_to({envelope}, 'UTF8') || content_digest)
from (
    select *, sha256(uuid_send(salt) || convert_to(content::text, 'UTF8')) as content_digest
    from (
        select nextval('common_historyrow_id_seq') as id, gen_random_uuid() as salt, operation, content,
               {wall_time} as at, {table_name} as table_name, {who} as who, {request} as request_id,
               pg_current_xact_id()::text::bigint as transaction,
               row_id, public_id, second_person_id, mission_id,
               case when {behind} = '' then person_id else homeward_person_behind({behind}, person_id) end as person_id
        from ({changes} offset 0) changes (operation, row_id, public_id, person_id, second_person_id, mission_id, content)
        where content is not null
        offset 0
    ) kept
    offset 0
) digested"""

_BEHIND = """
-- Some rows know their person only through another row: a sample through its case.
create or replace function homeward_person_behind(behind text, key bigint) returns bigint
language plpgsql stable set search_path = public, pg_temp as $$
declare
    person bigint;
begin
    execute format('select person_id from %I where id = $1', behind) into person using key;
    return person;
end $$;
revoke all on function homeward_person_behind(text, bigint) from public;
"""
_COLUMNS = """
-- What is told of the columns of a table, as SQL for rows of the alias `@`, or for the pair `o` and `n`: the keys by which a
-- row is found; the row without what is sealed or derived, and for each sealed column the word that stands for it; and of
-- a pair what has changed, as [was, is]. What is not told is not read: as JSON it would be written in hexadecimal, only to be
-- thrown away. What has not changed is compared and never made JSON: that is most of a row, and ten times the work.
drop function if exists homeward_told_columns(oid, text[], text[]);
create or replace function homeward_told_columns(
    kept oid, arguments text[], out keys text, out either_keys text, out seen text, out marks text, out either text,
    out changed text)
language plpgsql stable as $$
declare
    sealed text[] := string_to_array(arguments[0], ' ');
    derived text[] := string_to_array(arguments[1], ' ');
begin
    select string_agg(case when attname is null then 'null::' || kind else format('@.%I::%s', attname, kind) end, ', '
               order by place),
           string_agg(case when attname is null then 'null::' || kind
               else format('(case when n.id is null then o.%1$I else n.%1$I end)::%2$s', attname, kind) end, ', '
               order by place)
    into keys, either_keys
    from unnest(
        array['id', 'public_id', arguments[2], arguments[3], 'mission_id'],
        array['bigint', 'uuid', 'bigint', 'bigint', 'bigint']) with ordinality wanted (name, kind, place)
    left join pg_attribute on attrelid = kept and attname = name and attnum > 0 and not attisdropped;
    select 'to_jsonb((select as_told from (select '
               || string_agg(format('@.%I', attname), ', ') filter (where not is_sealed) || ') as_told))',
           string_agg(format(' || case when @.%I is null then ''{{}}'' else %L end::jsonb', attname, name || mark || '}}'), '')
               filter (where is_sealed),
           string_agg(format(' || case when coalesce(o.%1$I, n.%1$I) is null then ''{{}}'' else %2$L end::jsonb',
               attname, name || mark || '}}'), '') filter (where is_sealed),
           'nullif(''{{'' || array_to_string(array[' || string_agg(
               format('case when o.%1$I is distinct from n.%1$I then %2$L', attname, substr(name, 2)) || case
                   when is_sealed then format(' || %L', mark)
                   else format(' || jsonb_build_array(o.%1$I, n.%1$I)::text', attname) end || ' end', ', ')
               || '], '', '') || ''}}'', ''{{}}'')::jsonb'
    into seen, marks, either, changed
    from (
        select attname, attname = any (sealed) as is_sealed, '{{' || to_json(attname::text) || ': ' as name,
               '"{mark}"' as mark
        from pg_attribute
        where attrelid = kept and attnum > 0 and not attisdropped and attname <> all (derived)
        order by attnum
    ) told;
end $$;
revoke all on function homeward_told_columns(oid, text[]) from public;
"""
_TOLD = {
    "insert": "replace(told.keys, '@', 'n'), replace(told.seen, '@', 'n'), replace(told.marks, '@', 'n')",
    "delete": "replace(told.keys, '@', 'o'), replace(told.seen, '@', 'o'), replace(told.marks, '@', 'o')",
    "update": "told.either_keys, replace(told.seen, '@', 'o'), replace(told.seen, '@', 'n'), told.either, told.changed",
}
_FUNCTION = """
create or replace function homeward_keep_{event}() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $keeping$
declare
    told record := homeward_told_columns(tg_relid, tg_argv);
begin
    -- Planned anew each time: a plan kept for each table would cost every connection half a megabyte a table.
    execute format($keep${keep}$keep$, {told}) using tg_argv, tg_table_name;
    return null;
end $keeping$;
revoke all on function homeward_keep_{event}() from public;
"""

_EMPTY = """
create or replace function homeward_empty_history(
    reference uuid, person_key bigint, person_public_id uuid, asked_at timestamptz, asked_by jsonb, asked_why text
) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
    subjects text[];
    history_rows integer;
    audit_rows integer;
begin
    select array_agg(distinct regexp_replace(table_name, '_', '.') || ':' || public_id) into subjects
    from common_historyrow
    where (person_id = person_key or second_person_id = person_key) and public_id is not null;
    update common_historyrow set content = null, salt = null, emptied_by = reference
    where (person_id = person_key or second_person_id = person_key) and salt is not null;
    get diagnostics history_rows = row_count;
    update common_auditentry set why = '', salt = null, emptied_by = reference
    where subject = any(subjects) and why <> '' and salt is not null;
    get diagnostics audit_rows = row_count;
    insert into common_historyerasure (public_id, person, at, by, why, rows)
    values (reference, person_public_id, asked_at, asked_by, asked_why, history_rows + audit_rows);
    return history_rows + audit_rows;
end $$;
revoke all on function homeward_empty_history(uuid, bigint, uuid, timestamptz, jsonb, text) from public;
grant execute on function homeward_empty_history(uuid, bigint, uuid, timestamptz, jsonb, text) to __RUNTIME__;
"""


def functions() -> str:
    """The SQL of the functions of the triggers: one insert for each statement, never a loop over its rows."""
    keeping = {event: _KEEP.format(**_GIVEN, envelope=ENVELOPE, changes=changes) for event, changes in _CHANGES.items()}
    functions = (_FUNCTION.format(event=event, keep=keep, told=_TOLD[event]) for event, keep in keeping.items())
    return _BEHIND + _COLUMNS.format(mark=SEALED_MARK) + "".join(functions)


def emptying() -> str:
    """The SQL of the one function that empties what history holds of a person; `__RUNTIME__` stands for the role."""
    return _EMPTY


@transaction.atomic
def empty_content(*, person: models.Model, by: Actor, at: datetime, why: str) -> HistoryErasure:
    """Empties the content of every row of history about `person`, and the reasons of the acts on the person's rows.

    The rows stay, with who, when and which, and the seals over them stay whole. Call it last in the transaction that
    erases: what that transaction itself changed is emptied too. It may be done again, and empties what came since.
    """
    reference = uuid.uuid4()
    told = json.dumps({key: text for key, text in asdict(by).items() if text})
    with connection.cursor() as cursor:
        cursor.execute(
            "select homeward_empty_history(%s, %s, %s, %s, %s::jsonb, %s)",
            [reference, person.pk, person.public_id, at, told, why],  # type: ignore[attr-defined]  # every person has one
        )
    erasure = HistoryErasure.objects.get(public_id=reference)
    audit.record("history of a person emptied", erasure, by=by, at=at, why=why)
    return erasure


class KeepHistory(Operation):
    """Migration operation: from here on every change of `table` leaves a row of history.

    Arguments: `sealed` names columns whose content never enters it (that they changed does), `derived` those that only
    follow from others and are left out; `person` is the column that holds the person's key, `second_person` that of
    another where the row is about two; `behind` is the table which `person` is a key of, where the person stands there.
    """

    reduces_to_sql = True
    reversible = True
    category = OperationCategory.SQL

    def __init__(
        self,
        table: str,
        *,
        sealed: tuple[str, ...] = (),
        derived: tuple[str, ...] = (),
        person: str = "person_id",
        second_person: str = "",
        behind: str = "",
    ) -> None:
        self.table, self.sealed, self.derived = table, sealed, derived
        self.person, self.second_person, self.behind = person, second_person, behind

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        given = {
            name: getattr(self, name)
            for name in ("sealed", "derived", "person", "second_person", "behind")
            if getattr(self, name)
        }
        return type(self).__name__, [self.table], given

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models know nothing of it."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        quote = schema_editor.connection.ops.quote_name
        self.database_backwards(app_label, schema_editor, to_state, from_state)
        texts = (" ".join(self.sealed), " ".join(self.derived), self.person, self.second_person, self.behind)
        arguments = ", ".join(f"'{text}'" for text in texts)
        for event, tables in EVENTS.items():
            schema_editor.execute(
                f"create trigger keep_history_of_{event} after {event} on {quote(self.table)} referencing {tables}"
                f" for each statement execute function homeward_keep_{event}({arguments})",
                params=None,
            )

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        quote = schema_editor.connection.ops.quote_name
        for event in EVENTS:
            schema_editor.execute(f"drop trigger if exists keep_history_of_{event} on {quote(self.table)}", params=None)

    def describe(self) -> str:
        return f"Keep the history of {self.table}"
