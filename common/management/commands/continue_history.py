"""`bin/manage continue_history`: once after a dump was restored into a new server, before anybody works."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from common import chain
from common.audience import Audience, asking

CATCH_UP = """
do $$
begin
    while pg_current_xact_id()::text::bigint <= %d loop
        commit;
    end loop;
end $$
"""


class Command(BaseCommand):
    help = (
        "A dump brings the seals along and not the server's count of transactions. This counts on until it stands behind "
        "the last seal, so that what is written from now on is sealed after it. It takes a minute for some millions."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with asking(Audience.command("continue_history")):
            last = chain.last_seal()
            with connection.cursor() as cursor:
                cursor.execute("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
                now = int(cursor.fetchone()[0])
        behind = max(0, last.until_transaction - now) if last else 0
        if last and behind:
            with connection.cursor() as cursor:
                cursor.execute("set synchronous_commit = off")
                cursor.execute(CATCH_UP % last.until_transaction)
                cursor.execute("reset synchronous_commit")
        self.stdout.write(f"{behind:,} transactions were counted on; the next seal follows the last one.")
