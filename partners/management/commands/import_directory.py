"""`bin/manage import_directory FILE`: organisations, offices, desks, channels, rosters and interests from a list."""

import sys
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from common.actors import Actor
from common.audience import Audience, asking
from common.sheets import SheetError, read_rows
from common.uploads import UploadError, check_list
from partners.list_reading import import_directory

FAULTY = 3


def _file(text: str) -> Path:
    if not (path := Path(text)).is_file():
        raise ArgumentTypeError(f"{text} is no file")
    return path


class Command(BaseCommand):
    help = (
        "Reads the directory from a list (XLSX, XLS, ODS, CSV), as export_directory writes it; takes nothing away, and an"
        " empty cell leaves what is stored. Ends with 3 where rows have faults, and then stores nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=_file, help="the list")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen; nothing is kept")

    def handle(self, *, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            check_list(file.read_bytes(), name=file.name)
            with file.open("rb") as content:
                sheet = read_rows(content, name=file.name)
            with asking(Audience.command("import_directory")):
                outcome = import_directory(
                    sheet=sheet, dry_run=dry_run, by=Actor.command("import_directory"), at=clock.now()
                )
        except (SheetError, UploadError) as error:
            raise CommandError(f"{file.name}: {error.sentence}") from error
        for fault in outcome.faults:
            self.stderr.write(f"Row {fault.row}, {fault.column or 'row'}: {fault.sentence}")
        if outcome.faults:
            self.stderr.write("Nothing is stored. Mend these rows and read the list again.")
            sys.exit(FAULTY)
        acts = ", ".join(f"{number} × {verb}" for verb, number in sorted(outcome.acts.items())) or "nothing to change"
        self.stdout.write(f"{outcome.rows} rows {'would do' if dry_run else 'did'}: {acts}.")
