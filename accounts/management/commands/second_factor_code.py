"""`bin/manage second_factor_code EMAIL`: what the app of a demonstration account shows now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import second_factor
from accounts.models import User
from common import clock
from common.audience import Audience, asking


class Command(BaseCommand):
    help = "Print the second step of a demonstration account (only where DEMO_CLOCK=1)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the account, like coordinator@homeward.example")

    def handle(self, *args: Any, **options: Any) -> None:
        with asking(Audience.command("second_factor_code")):
            self._act(options)

    def _act(self, options: dict[str, Any]) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['email']}.")
        try:
            self.stdout.write(second_factor.code_now(user, real_at=clock.real_now()))
        except second_factor.SecondFactorError as refusal:
            raise CommandError(str(refusal)) from refusal
