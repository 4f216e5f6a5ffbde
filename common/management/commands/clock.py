"""`bin/manage clock show|set|advance`: the demonstration clock, where `DEMO_CLOCK=1`."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from common import clock, nudges


class Command(BaseCommand):
    help = "Shows or moves the demonstration clock and wakes whoever waits for an hour."

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("show")
        setting = acts.add_parser("set")
        setting.add_argument("moment", help="local wall time, as 2020-10-01T09:05")
        setting.add_argument("zone", help="IANA zone, as Asia/Almaty")
        advancing = acts.add_parser("advance")
        advancing.add_argument("minutes", type=float)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                now = self.move(options)
                for name in nudges.registered() if options["act"] != "show" else ():
                    nudges.nudge(name)
        except clock.ClockError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(now.isoformat(timespec="seconds"))

    def move(self, options: dict[str, Any]) -> datetime:
        """Does what was asked and returns the business time after it."""
        if options["act"] == "set":
            return clock.set_to(read_moment(options["moment"], options["zone"]))
        if options["act"] == "advance":
            return clock.advance(timedelta(minutes=options["minutes"]))
        return clock.now()


def read_moment(text: str, zone: str) -> datetime:
    """Reads local wall time in a zone. Raises CommandError saying which of both is wrong."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    except ZoneInfoNotFoundError as error:
        raise CommandError(f"{zone} is not a time zone; write one like Asia/Almaty.") from error
    except ValueError as error:
        raise CommandError(f"{text} is not a moment; write one like 2020-10-01T09:05.") from error
