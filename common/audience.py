"""Who is asking, told to the database for the length of one transaction.

`set_config(…, true)` ends with the transaction, so a pooled connection never carries one person's audience into another's
request. Row security (the second wall) reads `homeward.audience`; faces and tasks set it, nobody else.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from django.db import connection, transaction


@dataclass(frozen=True, slots=True)
class Audience:
    """Arguments: `kind` is one of `staff | partner | link | task | command | nobody`; `ref` identifies the asker without
    naming a person; `organisations` are the codes of the organisations served; `missions` the ids of IOM missions.
    """

    kind: str
    ref: str = ""
    organisations: tuple[str, ...] = ()
    missions: tuple[int, ...] = ()

    @classmethod
    def task(cls, name: str) -> Audience:
        return cls("task", name)

    @classmethod
    def command(cls, name: str) -> Audience:
        return cls("command", name)


def announce(audience: Audience) -> None:
    """Tells the running transaction who is asking. Outside a transaction it would be lost, and says so."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An audience lives in a transaction; open one first.")
    with connection.cursor() as cursor:
        cursor.execute("select set_config('homeward.audience', %s, true)", [json.dumps(asdict(audience))])


@contextmanager
def asking(audience: Audience) -> Iterator[None]:
    """One transaction for one audience: what tasks and commands wrap their work in."""
    with transaction.atomic():
        announce(audience)
        yield
