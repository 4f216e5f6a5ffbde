"""`bin/manage export_directory FILE`: the whole directory as a list that import_directory reads back without a change."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from common.audience import Audience, asking
from common.sheets import write_csv, write_xlsx
from partners.lists import everything, rows_of


class Command(BaseCommand):
    help = (
        "Writes organisations, offices, desks, channels, rosters and interests into a list, CSV or XLSX by its ending."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="such as directory.csv or directory.xlsx")

    def handle(self, *, file: Path, **options: Any) -> None:
        if file.suffix.lower() not in {".csv", ".xlsx"}:
            raise CommandError("Give the file an ending: .csv or .xlsx.")
        with asking(Audience.command("export_directory")):
            rows = list(rows_of(everything(), at=clock.now()))
        content = write_csv(rows) if file.suffix.lower() == ".csv" else write_xlsx(rows, name="Directory")
        try:
            file.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{file.name} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{len(rows) - 1} rows in {file.name}. It names desks and their addresses: keep it safe.")
