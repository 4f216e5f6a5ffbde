"""`bin/manage take_mail < MAIL`: a mail that came back to MAIL_FROM, as a mail server pipes it: a report, or an answer."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from common import clock
from common.audience import Audience, asking
from notifications.incoming.events import take
from notifications.incoming.mail import events_of_mail

LONGEST = 10 * 1024 * 1024


class Command(BaseCommand):
    help = "Read one mail from the standard input and write down what it says about a notice of ours."

    def handle(self, **options: Any) -> None:
        events = events_of_mail(sys.stdin.buffer.read(LONGEST))
        with asking(Audience.command("take_mail")):
            new = take(events, at=clock.now(), real_at=clock.real_now())
        self.stdout.write(f"{len(events)} words about our mails, {new} of them new.")
