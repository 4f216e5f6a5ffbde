"""`bin/manage import_manifest FILE --group REF`: read a list, say what will happen to each row, and store its people."""

import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from common.actors import Actor
from common.audience import Audience, asking
from common.management.arguments import code_or_id, existing_file
from common.sheets import SheetError
from common.uploads import UploadError
from returns.import_run import Run, Told
from returns.import_run import run as run_import
from returns.manifest_staging import ManifestError

NAME = "import_manifest"
FAULTY, DOUBTFUL = 3, 4


class Command(BaseCommand):
    help = (
        "Import the people of a list (XLSX, XLS, ODS, CSV) into a group. Ends with 0 where all is stored, 1 where the list"
        " cannot be taken, 3 where rows cannot be read and nothing is stored, 4 where rows wait for somebody's decision."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=existing_file, help="the list")
        parser.add_argument("--group", required=True, help="code or public id of the group, such as ZZ-0928")
        parser.add_argument("--sheet", default="", help="the sheet of a workbook, else the first that holds anything")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen; nothing is kept")
        parser.add_argument("--partial", action="store_true", help="store the right rows and leave out the faulty ones")
        parser.add_argument(
            "--errors", type=Path, metavar="FILE", help="write the faults there: row, column, what to mend"
        )

    def handle(self, *, file: Path, group: str, dry_run: bool, partial: bool, **options: Any) -> None:
        run = Run(
            by=Actor.command(NAME),
            at=clock.now(),
            real_at=clock.real_now(),
            within=lambda: asking(Audience.command("import_manifest")),
            say=self._say,
        )
        try:
            with file.open("rb") as content:
                asked: dict[str, Any] = {"dry_run": dry_run, "partial": partial, "sheet": options["sheet"]}
                told = run_import(run, file=content, name=file.name, group=code_or_id(group), **asked)
        except (SheetError, UploadError, ManifestError) as error:
            raise CommandError(str(error.sentence)) from error
        self._tell(told, errors=options["errors"])
        if told.faults and not partial:
            self.stderr.write(
                "Rows cannot be read, so nothing is stored. Mend them, or add --partial to leave them out."
            )
            sys.exit(FAULTY)
        if told.tally["decide"]:
            self.stderr.write("Rows in doubt wait for somebody's decision on the page of the list.")
            sys.exit(DOUBTFUL)

    def _say(self, done: int, total: int, words: str) -> None:
        end = "\n" if done == total or not self.stdout.isatty() else "\r"
        self.stdout.write(f"{words}: {done} of {total} rows", ending=end)
        self.stdout.flush()

    def _tell(self, told: Told, *, errors: Path | None) -> None:
        for number, column, sentence in told.faults[:20]:
            self.stderr.write(f"Row {number}, column {column}: {sentence}")
        if len(told.faults) > 20:
            self.stderr.write(f"… and {len(told.faults) - 20} more.")
        if errors is not None:
            descriptor = os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)  # it may quote what was written
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.writelines(f"{number};{column};{sentence}\n" for number, column, sentence in told.faults)
        done = ", ".join(f"{how_many} {outcome}" for outcome, how_many in told.tally.items())
        self.stdout.write(f"{done}: {'stored' if told.is_stored else 'nothing was stored'}.")
