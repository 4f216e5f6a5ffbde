"""`bin/manage replay_erasures FILE`: after a restore, whoever was erased since the backup is erased again."""

from argparse import FileType
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from common.actors import Actor
from common.audience import Audience, asking
from returns import erasure_proofs


class Command(BaseCommand):
    help = "Erase again what a restored backup brought back: FILE holds the lines of `erasures`. It may be run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=FileType(encoding="utf-8"), help="the file of proofs, or - to read them")

    def handle(self, *, file: TextIO, **options: Any) -> None:
        by = Actor.command("replay_erasures")
        done: dict[str, int] = dict.fromkeys(("erased", "known", "gone", "refused"), 0)
        with file, asking(Audience.command("replay_erasures")):
            try:
                for each in erasure_proofs.replay(text=file, by=by, at=clock.now()):
                    done[each.outcome] += 1
                    if each.why:
                        self.stdout.write(f"proof {each.number}: {each.why}")
            except erasure_proofs.ProofError as error:
                raise CommandError(error.sentence) from error
        self.stdout.write(", ".join(f"{count} {outcome}" for outcome, count in done.items()))
        if done["refused"]:
            raise CommandError("Some could not be erased again: see above, mend it, and run this again.")
