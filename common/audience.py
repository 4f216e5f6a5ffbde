"""Who is asking, told to the database for the length of one transaction.

`set_config(…, true)` ends with the transaction, so a pooled connection never carries one person's audience into another's
request. Row security (the second wall, `common/wall.py`) reads `homeward.audience`; faces and tasks set it, nobody else.
Whoever announces nothing sees no row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from django.db import connection, transaction
from psycopg.pq import TransactionStatus
from structlog.contextvars import get_contextvars

SETTING = "homeward.audience"
FIGURES = "figures"
"""The reason for which people are counted who are not shown (`reaching_for`); it lets nobody write."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Arguments: `kind` is one of `staff | partner | link | task | command | account |
    sign-in | session`; `ref` identifies the
    asker without naming a person; `organisations` are the codes of the organisations served; `missions` the ids of the
    IOM missions served.

    Of staff, `scopes` are those of `partners.access.SCOPES` that their permissions open, `reached` the ids of the missions
    whose cases they reach and `crossings` the codes of the crossings to which they are narrowed (each None for all).
    Where they reach several narrow parts, `reaches` names each, mission and crossings: a row must lie within one of them.
    `at` is the hour of the face's clock (ISO): by it a disclosure lives or has ended.
    `glass` are references (`person:<uuid>`, `group:<uuid>`) that were opened for a limited time beyond that.
    `reason` names the act for which the wall steps back (`reaching_for`).
    """

    kind: str
    ref: str = ""
    organisations: tuple[str, ...] = ()
    missions: tuple[int, ...] = ()
    scopes: tuple[str, ...] = ()
    reached: tuple[int, ...] | None = None
    crossings: tuple[str, ...] | None = None
    reaches: tuple[tuple[int | None, tuple[str, ...] | None], ...] = ()
    glass: tuple[str, ...] = ()
    at: str = ""
    reason: str = ""

    @classmethod
    def task(cls, name: str) -> Audience:
        return cls("task", name)

    @classmethod
    def command(cls, name: str) -> Audience:
        return cls("command", name)

    @classmethod
    def link(cls, delivery: object, *, organisation: str = "", at: str = "") -> Audience:
        """Whoever holds the signed link of a delivery (public id); the organisation once the link is proven."""
        return cls("link", str(delivery), (organisation,) if organisation else (), at=at)

    @classmethod
    def signing_in(cls) -> Audience:
        """Somebody at the door, not known yet: accounts can be looked up, and nothing else."""
        return cls("sign-in")

    @classmethod
    def account(cls, public_id: object) -> Audience:
        """The owner of an account, at the pages of their own sign-in."""
        return cls("account", str(public_id))

    def to_json(self) -> str:
        """Give what the setting holds: the audience, with the id of the request at hand."""
        return json.dumps(asdict(self) | {"request": str(get_contextvars().get("request_id", ""))})


PATIENCE = {"task": "240s", "command": "0"}
"""How long the database may work on one statement of these; a page has the setting STATEMENT_SECONDS."""


def announce(audience: Audience) -> None:
    """Tells the running transaction who is asking. Outside a transaction it would be lost, and says so."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An audience lives in a transaction; open one first.")
    _set(audience.to_json())


@contextmanager
def asking(audience: Audience, *, steady: bool = False) -> Iterator[None]:
    """One transaction for one audience: what tasks and commands wrap their work in.

    Inside another's transaction the audience before it speaks again when this one has ended. With `steady` it sees one
    state of the database from its first row to its last; then it must be the outermost.
    """
    inside = connection.in_atomic_block
    with transaction.atomic():
        if steady:
            connection.cursor().execute("set transaction isolation level repeatable read")
        before = standing() if inside else ""
        if audience.kind in PATIENCE:
            _set(audience.to_json(), patience=PATIENCE[audience.kind])
        else:
            _set(audience.to_json())
        yield
        if inside:
            _set(before)


@contextmanager
def reaching_for(reason: str) -> Iterator[None]:
    """The same asker, for one named act of the house that needs rows beyond the asker's own: a merge moves the closed
    room's rows too, a figure counts people whom it does not name. A test lists every act that does this.

    Call it inside a transaction; who asks is still told, so the history knows. For nobody it opens nothing.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An act reaches further in its transaction; open one first.")
    before = _add(reason)
    try:
        yield
    finally:
        if connection.connection.info.transaction_status != TransactionStatus.INERROR:  # else it is rolled back with it
            _set(before)


def standing() -> str:
    """Give what the database has been told: JSON, or nothing."""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(current_setting(%s, true), '')", [SETTING])
        return str(cursor.fetchone()[0])


def _add(reason: str) -> str:
    """Adds the reason to what the database has been told; gives what it was. One trip, for acts do it often."""
    with connection.cursor() as cursor:
        cursor.execute(
            "with before as materialized (select coalesce(current_setting(%s, true), '') as told)"
            " select told, set_config(%s, (coalesce(nullif(told, ''), '{}')::jsonb"
            " || jsonb_build_object('reason', %s::text))::text, true) from before",
            [SETTING, SETTING, reason],
        )
        return str(cursor.fetchone()[0])


def _set(told: str, *, patience: str = "") -> None:
    """One trip for both: a sender tells it for each handful."""
    also = ", set_config('statement_timeout', %s, true)" if patience else ""
    with connection.cursor() as cursor:
        cursor.execute(f"select set_config(%s, %s, true){also}", [SETTING, told, *([patience] if patience else [])])
