"""`bin/manage reset_second_factor EMAIL --why …`: for somebody who has lost phone and recovery codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import second_factor
from accounts.models import User
from common import clock
from common.actors import Actor
from common.audience import Audience, asking


class Command(BaseCommand):
    help = "Take every second step from an account and sign it out everywhere; its owner is told and sets up a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the account")
        parser.add_argument("--why", required=True, help="how you made sure that it is the owner who asks")

    def handle(self, *args: Any, **options: Any) -> None:
        with asking(Audience.command("reset_second_factor")):
            self._act(options)

    def _act(self, options: dict[str, Any]) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['email']}.")
        by = Actor.command("reset_second_factor")
        try:
            second_factor.reset(user=user, by=by, at=clock.now(), why=options["why"])
        except second_factor.SecondFactorError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user.email} has no second step now and is signed out everywhere.")
