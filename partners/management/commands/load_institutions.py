"""`bin/manage load_institutions [FILE]`: organisations with offices, from the list that comes with Homeward or another."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from common.actors import Actor
from common.audience import Audience, asking
from partners.directory import DirectoryError, load_institutions

LIST = Path(__file__).resolve().parents[2] / "fixtures" / "institutions.csv"


class Command(BaseCommand):
    help = "Loads organisations from a CSV file; again as often as you like."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=LIST)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines, asking(Audience.command("load_institutions")):
                loaded = load_institutions(csv.DictReader(lines), by=Actor.command("load_institutions"), at=clock.now())
        except (OSError, UnicodeDecodeError, DirectoryError) as problem:
            raise CommandError(f"{file.name}: {problem}") from problem
        self.stdout.write(
            f"Organisations: {loaded.created} new, {loaded.changed} changed, {loaded.unchanged} as they were."
        )
