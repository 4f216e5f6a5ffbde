"""`bin/manage verify_history [--expect HEAD] [--since DATE]`: is every act, look and change as it was written?"""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_date, parse_datetime

from common import chain, clock
from common.actors import Actor
from common.audience import Audience, asking

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Computes every digest of the three logs and every seal anew and names what does not agree; then it ends with 1. "
        "Write the head that it prints down outside the house: with --expect it proves later that nothing was cut off."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--expect", default="", metavar="HEAD", help="A head that was written down earlier.")
        parser.add_argument("--since", default="", metavar="DATE", help="Only what was sealed since then (UTC).")

    def handle(self, *args: Any, **options: Any) -> None:
        with asking(Audience.command("verify_history"), steady=True):
            since = chain.sealed_since(_moment(options["since"])) if options["since"] else 1
            done, faults = chain.check(
                since=since,
                expect=options["expect"].strip().lower(),
                by=Actor.command("verify_history"),
                at=clock.now(),
                real_at=clock.real_now(),
            )
        for fault in faults[:SHOWN]:
            self.stdout.write(f"FAULT {fault}")
        if len(faults) > SHOWN:
            self.stdout.write(f"      … and {len(faults) - SHOWN} more")
        self.stdout.write(
            f"{done.seals} seals, {done.rows:,} rows sealed, {done.waiting:,} wait for the next seal,"
            f" {done.emptied:,} emptied by erasures, {done.seconds:.1f} s"
        )
        self.stdout.write(f"head {done.head or '–'} (seal {done.seal})")
        if faults:
            raise CommandError(f"{done.faults} faults: the history is not as it was written.")


def _moment(written: str) -> datetime:
    """A day or an hour as typed. Raises CommandError with a remedy."""
    try:
        day, moment = parse_date(written), parse_datetime(written)
    except ValueError:
        day = moment = None
    if day is not None:
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    if moment is None:
        raise CommandError("--since takes a day or an hour, as in 2026-11-25 or 2026-11-25T08:00.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
