"""The audit trail: one row for each domain act, written in the act's own transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection, models, transaction
from structlog.contextvars import get_contextvars

from common import live
from common.actors import Actor
from common.addresses import asked_from
from common.many_rows import Mould, store_many
from common.models import AccessEntry, AuditEntry


def subject_of(row: models.Model) -> str:
    """`app.model:public_id`, the way an audit row names what it is about."""
    key = getattr(row, "public_id", None) or getattr(row, "id", row.pk)
    return f"{row._meta.label_lower}:{key}"


def record(verb: str, row: models.Model, *, by: Actor, at: datetime, why: str = "") -> None:
    """Writes that `by` did `verb` to `row` at `at`. Call it inside the act's transaction: both stand or fall together."""
    record_many([(verb, row)], by=by, at=at, why=why)


def record_many(acts: Iterable[tuple[str, models.Model]], *, by: Actor, at: datetime, why: str = "") -> None:
    """The same for many rows in one statement."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An audit row is written in the transaction of the act itself.")
    request_id, written = _request_id(), list(acts)
    made = Mould(AuditEntry, at=at, by=by, why=why, request_id=request_id)
    store_many(made.cast(id=uuid4(), verb=verb, subject=subject_of(row)) for verb, row in written)
    live.noticed(row for _verb, row in written)


def record_each(
    verb: str, rows: Iterable[models.Model], *, through: models.Model | None, by: Actor, at: datetime
) -> None:
    """The same act on each of many rows; where they came `through` another, such as a list, one act on that with their number.

    What became of each row stands in its history, which leads to the act by its transaction.
    """
    if through is None:
        record_many(((verb, row) for row in rows), by=by, at=at)
    elif how_many := len(list(rows)):
        record(verb, through, by=by, at=at, why=str(how_many))


@transaction.atomic
def record_subject(verb: str, subject: str, *, by: Actor, at: datetime, why: str = "") -> None:
    """The same about something that is no row of a table, such as a key."""
    AuditEntry.objects.create(at=at, verb=verb, subject=subject, by=by, why=why, request_id=_request_id())


def verbs_here(*, at: datetime) -> Counter[str]:
    """How often each act was written in the running transaction with the hour `at`."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select verb, count(*) from {AuditEntry._meta.db_table}"  # noqa: S608  # nosec B608  # our own table
            " where at = %s and transaction = pg_current_xact_id_if_assigned()::text::bigint group by verb",
            [at],
        )
        return Counter(dict(cursor.fetchall()))


def record_views(people: Iterable[UUID], *, page: str, by: Actor, at: datetime, export: UUID | None = None) -> None:
    """Writes that `by` saw each of `people` (public ids) on `page`, or in the `export` (public id) that left with them."""
    who = AccessEntry._meta.get_field("by").get_db_prep_save(by, connection)
    values = [at, page, who, _request_id(), asked_from(), export, list(people)]
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, values)


_SEEN = """
insert into common_accessentry (id, at, person, page, "by", request_id, address, export)
select gen_random_uuid(), %s, person, %s, %s, %s, %s, %s::uuid from unnest(%s::uuid[]) person
"""
"""One statement of one length however many are seen: a row made in Python costs a list more than reading it."""


def _request_id() -> str:
    return str(get_contextvars().get("request_id", ""))
