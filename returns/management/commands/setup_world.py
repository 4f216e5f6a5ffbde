"""`bin/manage setup_world`: brings the database up to date and loads what every place needs; again as often as you like."""

import csv
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from common import clock
from common.actors import Actor
from common.audience import Audience, asking
from common.partitions import ensure_months
from corridors.places import load_crossings
from partners import demonstration
from partners.checks import TAG
from partners.directory import load_institutions
from returns import demonstration as demonstrated_rules

BY = Actor.command("setup_world")
ROOT = Path(settings.BASE_DIR)


class Command(BaseCommand):
    help = (
        "Migrates, makes the months ahead, loads crossings and institutions, and the demonstration unless told not to."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--without-demonstration",
            action="store_true",
            help="no accounts, desks or rules of our own, and only with settings that are safe for real people",
        )

    def handle(self, *, without_demonstration: bool, **options: Any) -> None:
        if without_demonstration:  # real people come: unsafe settings stop the start, because everything waits for this
            call_command("check", deploy=True, fail_level="ERROR", stdout=self.stdout, stderr=self.stderr)
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        if without_demonstration:  # what only the database knows
            call_command("check", deploy=True, databases=["owner"], tags=[TAG], stdout=self.stdout, stderr=self.stderr)
        now = clock.now()
        with asking(Audience.command("setup_world")):
            ensure_months(around=now)
            if not without_demonstration:
                ensure_months(around=demonstrated_rules.STORY_BEGINS)
            with (ROOT / "corridors/fixtures/crossings.csv").open(encoding="utf-8-sig", newline="") as lines:
                load_crossings(csv.DictReader(lines), by=BY, at=now)
            with (ROOT / "partners/fixtures/institutions.csv").open(encoding="utf-8-sig", newline="") as lines:
                load_institutions(csv.DictReader(lines), by=BY, at=now)
            if not without_demonstration:
                self.load_demonstration()

    def load_demonstration(self) -> None:
        begins = demonstrated_rules.STORY_BEGINS
        accounts = demonstration.load(at=begins, by=BY, password=demonstration.PASSWORD)
        demonstrated_rules.load(at=begins, by=BY)
        self.stdout.write("Demonstration accounts (invented; all with the password: " + demonstration.PASSWORD + ")")
        for role, email, title in accounts:
            self.stdout.write(f"  {email:<34} {title}  [{role}]")
        self.stdout.write(
            "Signing in asks for a code, once on each device and shift: bin/manage second_factor_code EMAIL"
        )
