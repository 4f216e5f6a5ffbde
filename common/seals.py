"""The three logs (acts, looks, history) in a chain of seals.

Each row carries a digest over all it says. Once a minute everything that was written by transactions which have ended is
sealed: the list of its rows with their digests, and the digest of that list together with the seal before it. No act waits
for a seal, and whoever changes, adds or takes away a row afterwards breaks it. `common/chain.py` proves that nobody did.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from common.history import ENVELOPE as HISTORY_ENVELOPE

AUDIT_ENVELOPE = """jsonb_build_array(
    id, extract(epoch from at), verb, subject, by, request_id, transaction
)::text"""
ACCESS_ENVELOPE = """jsonb_build_array(
    id, extract(epoch from at), person, page, by, request_id, export, transaction
)::text"""
HEAD = """jsonb_build_array(
    number, extract(epoch from sealed_at), from_transaction, until_transaction, rows, encode(rows_digest, 'hex'),
    encode(previous, 'hex')
)::text"""
LEAF = 55
"""Bytes of a row in the list of a seal: its log (1), the month of its partition (6), its id (16), its digest (32)."""


@dataclass(frozen=True, slots=True)
class Log:
    """One of the logs: its letter in a seal, its table, what it says besides what can be emptied, and that."""

    letter: str
    table: str
    envelope: str
    content: str
    id_bytes: str = "uuid_send(id)"

    @property
    def name(self) -> str:
        """SQL of what names a row in the list of a seal: its log, the month of its partition, its id."""
        month = "to_char(at at time zone 'UTC', 'YYYYMM')"
        return f"convert_to('{self.letter}' || {month}, 'UTF8') || {self.id_bytes}"


LOGS = (
    Log("a", "common_auditentry", AUDIT_ENVELOPE, "why"),
    Log("h", "common_historyrow", HISTORY_ENVELOPE, "content::text", "int8send(0) || int8send(id)"),
    Log("v", "common_accessentry", ACCESS_ENVELOPE, "address"),
)

_DIGEST_AN_ENTRY = """
create or replace function homeward_digest_{table}() returns trigger
language plpgsql set search_path = public, pg_temp as $$
begin
    new.transaction := pg_current_xact_id()::text::bigint;
    new.salt := gen_random_uuid();
    new.emptied_by := null;
    new.content_digest := sha256(uuid_send(new.salt) || convert_to(new.{content}, 'UTF8'));
    select sha256(convert_to({envelope}, 'UTF8') || new.content_digest) into new.digest from (select new.*) entry;
    return new;
end $$;
create or replace trigger digest_of_entry before insert on {table}
    for each row execute function homeward_digest_{table}();
"""

_SEAL = """
create or replace function homeward_seal_history() returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    last common_historyseal;
    closed bigint;
    counted bigint;
    list bytea;
    head bytea;
begin
    -- One sealer at a time; another has nothing to add. The lock goes with the transaction, a killed one included.
    if not pg_try_advisory_xact_lock(hashtext('common_historyseal')) then
        return null;
    end if;
    select * into last from common_historyseal order by number desc limit 1;
    -- What is below has ended for good. A long transaction holds its own rows back, and those of whoever came after it.
    closed := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    counted := pg_snapshot_xmax(pg_current_snapshot())::text::bigint;
    if counted < last.until_transaction then
        raise exception 'The transactions of this server are counted behind the last seal (% < %).',
            counted, last.until_transaction
            using hint = 'A dump was restored into a new server: run bin/manage continue_history.';
    end if;
    -- A statement of its own: it sees whatever had ended when the line above was drawn.
    select string_agg(leaf, ''::bytea order by leaf) into list from ({leaves}) leaves;
    if list is null then
        return null;
    end if;
    last.number := coalesce(last.number, 0) + 1;
    last.from_transaction := coalesce(last.until_transaction, 0);
    last.until_transaction := closed;
    last.previous := coalesce(last.head, ''::bytea);
    last.sealed_at := clock_timestamp();
    last.rows := length(list) / {leaf};
    last.list := list;
    last.rows_digest := sha256(list);
    select sha256(convert_to({head}, 'UTF8')) into last.head from (select last.*) seal;
    insert into common_historyseal select last.*;
    return last.number;
end $$;
revoke all on function homeward_seal_history() from public;
grant execute on function homeward_seal_history() to __RUNTIME__;
"""


def functions() -> str:
    """The SQL that digests each entry as it is written and seals what has ended; `__RUNTIME__` stands for the role."""
    digests = "".join(
        _DIGEST_AN_ENTRY.format(table=log.table, content=log.content, envelope=log.envelope)
        for log in LOGS
        if log.letter != "h"
    )
    leaves = " union all ".join(
        f"select {log.name} || digest as leaf from {log.table}"  # noqa: S608  # nosec B608  # columns of a log
        " where transaction >= coalesce(last.until_transaction, 0) and transaction < closed"
        for log in LOGS
    )
    return digests + _SEAL.format(leaves=leaves, leaf=LEAF, head=HEAD)


def seal() -> int | None:
    """Seals what has ended since the last seal. Returns the number of the new seal, None where there was nothing to seal."""
    with connection.cursor() as cursor:
        cursor.execute("select homeward_seal_history()")
        number: int | None = cursor.fetchone()[0]
    return number
