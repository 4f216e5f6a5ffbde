"""`bin/manage unreached`: whom nobody could reach now, and what to do. Ends with 1 where a notice would find nobody."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from common import clock
from common.audience import Audience, asking
from partners.unreached import concerned, lines_of
from partners.verification import verified_for


class Command(BaseCommand):
    help = "Names every organisation that is to be told of something and may not be reached, the worst first."

    def handle(self, **options: Any) -> None:
        with asking(Audience.command("unreached")):
            lines = lines_of(concerned(), at=clock.now(), verified_for=verified_for())
            for line in lines:
                said = "; ".join(
                    f"{fault.label}. {remedy}" for fault, remedy in zip(line.faults, line.remedies, strict=True)
                )
                self.stdout.write(f"{line.organisation.code}: {said}")
        grave = sum(line.is_grave for line in lines)
        self.stdout.write(f"{len(lines)} may not be reached, {grave} of them not at all")
        if grave:
            sys.exit(1)
