"""`bin/manage retention`: what has run out, kind by kind; `--apply` empties it. The worker does the same by itself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from common import clock
from common.actors import Actor
from common.audience import Audience, asking
from returns import retention


class Command(BaseCommand):
    help = "Say what has been kept for as long as it may be, and with --apply empty it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="empty it; each batch is a transaction of its own")

    def handle(self, *, apply: bool, **options: Any) -> None:
        at, real_at = clock.now(), clock.real_now()
        if apply:
            done = retention.run(
                within=lambda: asking(Audience.command("retention")),
                by=Actor.command("retention"),
                at=at,
                real_at=real_at,
            )
            for kind, rows, refused in done:
                self.stdout.write(f"{kind.value}: {rows} emptied" + (f", {refused} refused" if refused else ""))
            return
        with asking(Audience.command("retention")):
            for line in retention.preview(at=at, real_at=real_at):
                days, coming = line.period.days, line.coming
                self.stdout.write(f"{line.period.kind.value}: {line.due} due, {coming} in 90 days (kept {days} days)")
        self.stdout.write("Nothing was changed. Add --apply to empty what is due.")
