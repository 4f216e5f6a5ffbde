"""`bin/manage undelivered [--again ID|all]`: messages that did not reach their desk; sends them once more."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q

from common import clock
from common.actors import Actor
from common.audience import Audience, asking
from notifications.again import AgainError, dead_letters, try_again, undelivered
from notifications.models import Delivery

EVERY = "all"


class Command(BaseCommand):
    help = "Lists what failed or came back, channels that are off, and kinds that are held; with --again it sends once more."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", default="", metavar="ID", help="the delivery to send once more, or all")

    def handle(self, *, again: str, **options: Any) -> None:
        with asking(Audience.command("undelivered")):
            if again:
                self._send(again)
            else:
                self._list()

    def _list(self) -> None:
        found = undelivered(Q(), real_at=clock.real_now())
        for row in found.deliveries:
            self.stdout.write(
                f"{row.public_id}  {row.notice.alert.number}  {row.notice.organisation.code}, {row.contact.function}, "
                f"{row.channel_kind}: {row.get_state_display()}. {row.reason}"
            )
        for channel in found.channels:
            place = f"{channel.contact.office.organisation.code}, {channel.contact.function}, {channel.kind}"
            self.stdout.write(f"off: {place}. {channel.switched_off_why}")
        for held in found.held:
            self.stdout.write(f"held: {held.kind} until {held.until:%Y-%m-%d %H:%M} UTC. {held.why}")
        self.stdout.write(f"{len(found.deliveries)} undelivered, {len(found.channels)} off, {len(found.held)} held")

    def _send(self, again: str) -> None:
        rows = list(dead_letters(Q()) if again == EVERY else Delivery.objects.filter(public_id=_id_of(again)))
        if not rows and again != EVERY:
            raise CommandError("There is no such delivery.")
        sent = 0
        for row in rows:
            try:
                try_again(delivery=row, by=Actor.command("undelivered"), at=clock.now(), real_at=clock.real_now())
                sent += 1
            except AgainError as refusal:
                self.stderr.write(f"{row.public_id}: {refusal.sentence}")
        self.stdout.write(f"{sent} of {len(rows)} queued once more")


def _id_of(written: str) -> UUID:
    try:
        return UUID(written)
    except ValueError as error:
        raise CommandError("Give the id of a delivery, as the list shows it, or all.") from error
