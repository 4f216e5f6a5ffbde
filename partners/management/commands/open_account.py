"""`bin/manage open_account EMAIL --name … --role … --organisation CODE`: an account, without a password, in one role."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from common.actors import Actor
from common.audience import Audience, asking
from partners.enums import Role
from partners.memberships import MembershipError, open_account
from partners.models import Office


class Command(BaseCommand):
    help = "Open an account and grant it a role, or grant a further role to an account that exists."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="with which the person signs in")
        parser.add_argument("--name", required=True, help="as others read it, like “Coordinator on duty, Tashkent”")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--organisation", required=True, metavar="CODE", help="whom it serves, like iom-uz")
        parser.add_argument("--office", default="", metavar="NAME", help="where the organisation has several")
        parser.add_argument("--language", default="en", choices=["en", "ru", "tg", "uz"])

    def handle(self, *args: Any, **options: Any) -> None:
        with asking(Audience.command("open_account")):
            self._act(options)

    def _act(self, options: dict[str, Any]) -> None:
        office = self._office(options["organisation"], options["office"])
        try:
            user, is_new = open_account(
                email=options["email"],
                printed_name=options["name"],
                language=options["language"],
                office=office,
                role=options["role"],
                by=Actor.command("open_account"),
                at=clock.now(),
            )
        except MembershipError as refusal:
            raise CommandError(str(refusal)) from refusal
        opened = "Opened" if is_new else "Known already"
        self.stdout.write(f"{opened}: {user.email}, {Role(options['role']).label}, {office.name}")
        if not user.has_usable_password():
            self.stdout.write("The person chooses a password with “I do not know my password” on the sign-in page.")

    def _office(self, code: str, name: str) -> Office:
        """The office that is meant. Raises CommandError naming those there are."""
        offices = list(Office.objects.filter(organisation__code=code).order_by("-is_mission", "pk"))
        if not offices:
            raise CommandError(f"No organisation in the directory has the code {code} and an office.")
        fitting = [office for office in offices if name in ("", office.name)]
        if len(fitting) == 1 or (fitting and not name and fitting[0].is_mission):
            return fitting[0]
        raise CommandError(f"Name one of its offices with --office: {', '.join(office.name for office in offices)}.")
