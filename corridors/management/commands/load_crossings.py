"""`bin/manage load_crossings [FILE]`: crossings with both sides, from the list that comes with Homeward or another."""

import csv
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from common.actors import Actor
from common.audience import Audience, asking
from corridors.places import PlacesError, load_crossings

LIST = Path(__file__).resolve().parents[2] / "fixtures" / "crossings.csv"


class Command(BaseCommand):
    help = "Loads crossings from a CSV file; again as often as you like."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=LIST)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines, asking(Audience.command("load_crossings")):
                loaded = load_crossings(csv.DictReader(lines), by=Actor.command("load_crossings"), at=clock.now())
        except (OSError, UnicodeDecodeError, PlacesError) as problem:
            raise CommandError(f"{file.name}: {problem}") from problem
        self.stdout.write(
            f"Crossings: {loaded.created} new, {loaded.changed} changed, {loaded.unchanged} as they were."
        )
