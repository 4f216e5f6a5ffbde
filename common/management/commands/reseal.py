"""`bin/manage reseal`: after a new key was put in front of SEALING_KEYS; `--index` before the oldest is dropped."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from common import clock, resealing
from common.actors import Actor


class Command(BaseCommand):
    help = "Seal everything anew with the first key of SEALING_KEYS. It may be stopped and run again at any moment."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--index", action="store_true", help="compute the look-up digests anew with the last key instead"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        by = Actor.command("reseal")
        done = resealing.index_anew() if options["index"] else resealing.reseal(by=by, at=clock.now())
        total = unreadable = 0
        for column in done:
            self.stdout.write(f"{column.column}: {column.sealed}" + _lost(column.unreadable))
            total, unreadable = total + column.sealed, unreadable + column.unreadable
        self.stdout.write(f"{total} values" + _lost(unreadable))


def _lost(unreadable: int) -> str:
    return f", {unreadable} that no key of the ring opens (left as they are)" if unreadable else ""
