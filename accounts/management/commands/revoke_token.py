"""`bin/manage revoke_token BEGINNING`, or `--of EMAIL` to see the tokens of an account."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import tokens
from accounts.models import User
from common import clock
from common.actors import Actor
from common.audience import Audience, asking


class Command(BaseCommand):
    help = "End a token of the API at once, or list the tokens of an account."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("prefix", nargs="?", default="", help="the beginning of the token, as it was printed")
        parser.add_argument("--of", default="", metavar="EMAIL", help="list the tokens of this account instead")

    def handle(self, *args: Any, **options: Any) -> None:
        with asking(Audience.command("revoke_token")):
            self._act(options)

    def _act(self, options: dict[str, Any]) -> None:
        if options["of"]:
            self._list(options["of"])
            return
        try:
            ended = tokens.revoke(prefix=options["prefix"], by=Actor.command("revoke_token"), at=clock.now())
        except tokens.TokenError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Ended: {ended}")

    def _list(self, email: str) -> None:
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(f"There is no account {email}.")
        for grant in tokens.of(user):
            token, used = grant.token, f"{grant.last_used_at:%Y-%m-%d}" if grant.last_used_at else "never"
            self.stdout.write(
                f"{token.token_key}  issued {token.created:%Y-%m-%d}  until {token.expiry:%Y-%m-%d}  used {used}  "
                f"{' '.join(grant.scopes)}  {grant.name}"
            )
