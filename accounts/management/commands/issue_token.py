"""`bin/manage issue_token EMAIL --days N`: a token for the API, printed once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import tokens
from accounts.models import User
from common import clock
from common.actors import Actor
from common.audience import Audience, asking


class Command(BaseCommand):
    help = "Issue a token with which an account may use /api/v1/. It is shown once and kept only as a digest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the account")
        parser.add_argument("--days", type=int, default=90, help="how long it lives (default 90, at most 366)")
        parser.add_argument("--name", default="", help="what it is for, as it stands in lists")
        parser.add_argument(
            "--scope", action="append", choices=tokens.SCOPES, help="what it may touch; several times for several"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with asking(Audience.command("issue_token")):
            user = User.objects.filter(email__iexact=options["email"]).first()
            if user is None:
                raise CommandError(f"There is no account {options['email']}.")
            try:
                issued = tokens.issue(
                    user=user,
                    days=options["days"],
                    name=options["name"],
                    scopes=options["scope"] or tokens.SCOPES,
                    by=Actor.command("issue_token"),
                    at=clock.now(),
                )
            except tokens.TokenError as error:
                raise CommandError(str(error)) from error
        self.stdout.write(issued.token)
        self.stderr.write(
            f"For {user.email}, until {issued.expires_at:%Y-%m-%d %H:%M} UTC. Send it as: Authorization: Bearer <token>\n"
            f"It is not shown again. End it with: bin/manage revoke_token {issued.prefix}"
        )
