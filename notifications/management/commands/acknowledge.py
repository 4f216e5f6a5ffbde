"""`bin/manage acknowledge ALERT ORGANISATION …`: writes down what an organisation answered by phone or letter."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from common.actors import Actor
from common.audience import Audience, asking
from notifications.acknowledgements import AnswerError, WrittenDown, acknowledge
from notifications.calls import on_behalf
from notifications.enums import WRITTEN_DOWN
from notifications.models import Notice


class Command(BaseCommand):
    help = "Writes down that a named human of an organisation has a notice. The first answer stands."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("alert", type=int, help="the number of the notice")
        parser.add_argument("organisation", help="its code, such as kz-border")
        parser.add_argument("--name", required=True, help="who answered")
        parser.add_argument("--function", required=True, help="as what, such as “duty officer”")
        parser.add_argument("--how", required=True, choices=[str(how) for how, _label in WRITTEN_DOWN])
        parser.add_argument("--reference", default="", help="the number called, or the reference of the letter")
        parser.add_argument("--note", default="", help="what else was said")

    def handle(self, *, alert: int, organisation: str, name: str, function: str, how: str, **said: Any) -> None:
        written = WrittenDown(reference=said["reference"], note=said["note"])
        with asking(Audience.command("acknowledge")):
            rows = Notice.objects.select_related("organisation", "alert")
            notice = rows.filter(alert__number=alert, organisation__code=organisation).first()
            if notice is None:
                raise CommandError(f"Notice {alert} was not sent to {organisation}.")
            by = on_behalf(Actor.command("acknowledge"), name=name, function=function, organisation=notice.organisation)
            try:
                answer = acknowledge(
                    notice=notice, name=name, function=function, answered_by=how, written_down=written, by=by,
                    at=clock.now(),
                )  # fmt: skip
            except AnswerError as refusal:
                raise CommandError(refusal.sentence) from refusal
        self.stdout.write(f"{organisation} has notice {alert}: {answer.function}, {answer.at:%Y-%m-%d %H:%M} UTC")
