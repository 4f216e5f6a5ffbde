"""`bin/manage erasures SINCE`: the proofs of what was erased, a line each, to lie beside the backups."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.audience import Audience, asking
from returns import erasure_proofs


class Command(BaseCommand):
    help = "Write the proofs of erasures since a day or hour (UTC), a JSON line each. Keep the file beside the backups."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("since", help="such as 2026-11-01 or 2026-11-01T02:30")

    def handle(self, *, since: str, **options: Any) -> None:
        try:
            hour = datetime.fromisoformat(since)
        except ValueError as error:
            raise CommandError(f"“{since}” is no day and no hour. Write it like 2026-11-01T02:30.") from error
        with asking(Audience.command("erasures")):
            for line in erasure_proofs.lines(since=hour if hour.tzinfo else hour.replace(tzinfo=UTC)):
                self.stdout.write(line)
