"""`bin/manage watchdog`: does the engine live, and do its books hold? Ends with 1 where not."""

import sys
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from common import clock
from common.audience import Audience, asking
from notifications import watchdog
from notifications.books import KEPT, books, last_successes


class Command(BaseCommand):
    help = (
        "Adds up what was raised and what was queued against what became of it. Ends with 1 where something is astray."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=KEPT.days, help="how far back (default %(default)s)")

    def handle(self, *, days: int, **options: Any) -> None:
        at, real_at = clock.now(), clock.real_now()
        with asking(Audience.command("watchdog")):
            accounts = books(at=at, real_at=real_at, kept=timedelta(days=days))
            sent = last_successes(at=at)
            silent = watchdog.silent_parts(real_at=real_at)
        for account in accounts:
            parts = " + ".join(f"{number} {name}" for name, number in account.parts.items())
            self.stdout.write(
                f"{account.total} {account.name} = {parts}: {'holds' if account.holds else 'DOES NOT HOLD'}"
            )
            for reference in account.astray:
                self.stdout.write(f"  astray: {reference}")
        for kind, moment in sent.items():
            self.stdout.write(f"{kind}: last success {f'{moment:%Y-%m-%d %H:%M} UTC' if moment else 'never'}")
        for part, moment in silent.items():
            self.stdout.write(f"{part}: silent since {moment:%Y-%m-%d %H:%M:%S} UTC")
        if silent or not all(account.holds for account in accounts):
            sys.exit(1)
