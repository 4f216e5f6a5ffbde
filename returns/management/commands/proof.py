"""`bin/manage proof ALERT FILE`: who knew when, as CSV or a paper, with a number in the register of exports."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from common.actors import Actor
from common.audience import Audience, asking
from notifications.models import Alert
from returns.alert_papers import KINDS, proof_file


class Command(BaseCommand):
    help = "Writes who was told of a notice when, and who acknowledged it, into a file: CSV or PDF by its ending."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("alert", type=int, help="the number of the notice")
        parser.add_argument("file", type=Path, help="such as proof.pdf or proof.csv")

    def handle(self, *, alert: int, file: Path, **options: Any) -> None:
        kind = file.suffix.lower().removeprefix(".")
        if kind not in KINDS:
            raise CommandError("Give the file an ending: .csv or .pdf.")
        with asking(Audience.command("proof")):
            row = Alert.objects.filter(number=alert).first()
            if row is None:
                raise CommandError(f"There is no notice {alert}.")
            made = proof_file(row, kind=kind, by=Actor.command("proof"), at=clock.now())
            try:
                file.write_bytes(made.content)
            except OSError as error:
                raise CommandError(f"{file.name} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"Export {made.export.number} in {file.name}. It names who acknowledged: keep it safe.")
