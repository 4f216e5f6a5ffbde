"""`bin/manage load_corridors [FILE]`: ways that are known beforehand, from the example that comes with Homeward or another."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from common.actors import Actor
from common.audience import Audience, asking
from corridors.transit import CorridorError
from corridors.usual import FILE, load_ways, usual_ways


class Command(BaseCommand):
    help = "Names corridors that are known beforehand, from a TOML file; asks nobody. Again as often as you like."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=FILE)

    def handle(self, *, file: Path, **options: Any) -> None:
        try:
            with asking(Audience.command("load_corridors")):
                made, known = load_ways(ways=usual_ways(file), by=Actor.command("load_corridors"), at=clock.now())
        except (OSError, CorridorError) as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"Corridors: {made} new, {known} as they were.")
