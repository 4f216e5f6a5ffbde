"""`bin/manage key_names_anew`: after an update that changed how names are compared, so that old records are found too."""

from typing import Any

from django.core.management.base import BaseCommand

from common.audience import Audience, asking
from migrants.rekeying import key_names_anew


class Command(BaseCommand):
    help = "Compute the look-up keys of all names anew. It may be stopped and run again at any moment."

    def handle(self, *args: Any, **options: Any) -> None:
        looked = changed = 0
        for looked, changed in key_names_anew(within=lambda: asking(Audience.command("key_names_anew"))):
            self.stdout.write(f"{looked} people, {changed} changed")
        self.stdout.write(f"{looked} people looked at, {changed} changed.")
