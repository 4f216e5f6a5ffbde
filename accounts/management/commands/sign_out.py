"""`bin/manage sign_out EMAIL`: ends every session of an account, or one of them; `--list` shows them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import sign_ins
from accounts.models import User
from common import clock
from common.actors import Actor
from common.audience import Audience, asking


class Command(BaseCommand):
    help = "End the sessions of an account at once and forget its devices; or list them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the account")
        parser.add_argument("--list", action="store_true", help="only say where it is signed in")
        parser.add_argument("--one", default="", metavar="ID", help="end this one only")

    def handle(self, *args: Any, **options: Any) -> None:
        with asking(Audience.command("sign_out")):
            self._act(options)

    def _act(self, options: dict[str, Any]) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['email']}.")
        rows = sign_ins.of(user, real_at=clock.real_now())
        by, at = Actor.command("sign_out"), clock.now()
        if options["list"]:
            for row in rows:
                self.stdout.write(
                    f"{row.public_id}  {row.device}  {row.address}  since {row.began_at:%Y-%m-%d %H:%M} UTC"
                )
            return
        if options["one"]:
            chosen = [row for row in rows if str(row.public_id) == options["one"]]
            if not chosen:
                raise CommandError(f"No session of {user.email} has the id {options['one']}; see --list.")
            sign_ins.end(sign_in=chosen[0], by=by, at=at, why="by an operator")
            self.stdout.write("1 session ended.")
            return
        ended = sign_ins.end_all(user=user, by=by, at=at, why="by an operator")
        self.stdout.write(f"{ended} sessions ended.")
