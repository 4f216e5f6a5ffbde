"""`bin/manage replay_changes FILE`: what would each change of a dated list have meant for these groups?"""

import json
import os
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock, countries
from common.actors import Actor
from common.audience import Audience, asking
from common.management.arguments import code_or_id, existing_file
from common.sheets import MAX_BYTES, SheetError, read_rows
from common.uploads import UploadError, check_list
from corridors.replay.levels import LevelError, Levels, load
from corridors.replay.lists import Change, Fault, List, read_list
from returns.replaying import Meaning, Replay, ReplayError, WayMeaning, replay

NAME = "replay_changes"
FAULTY = 3
BROKEN_PIPE = 141
"""What a shell gives for a program that ended because nobody read on."""


class Command(BaseCommand):
    help = (
        "Feed a dated list of changes (columns date, date_announced, country, direction, applies_to, level, note, source)"
        " through a ledger that is thrown away, and print what each would have meant for groups. Nothing is stored and nobody"
        " is told. Ends with 0 where every row was read, 1 where the list cannot be taken, 3 where rows were left out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=existing_file, help="the list (CSV in any encoding, XLSX, XLS, ODS)")
        parser.add_argument(
            "--group", "--groups", dest="groups", action="extend", nargs="+", default=[], metavar="REF",
            help="code or public id of a group; again for more. Without it: all that wait, or else invented groups",
        )  # fmt: skip
        parser.add_argument("--demonstration", action="store_true", help="take an invented group of ten on each way")
        parser.add_argument(
            "--levels", type=existing_file, metavar="TOML", help="more words for levels, as in levels.toml"
        )
        parser.add_argument("--strict", action="store_true", help="replay nothing where a row cannot be read")
        parser.add_argument("--json", action="store_true", help="print one JSON object for each row")

    def handle(
        self, *, file: Path, groups: list[str], demonstration: bool, levels: Path | None, strict: bool, **options: Any
    ) -> None:
        listed = self._read(file, levels)
        if strict and listed.faults:
            self._tell_faults(list(listed.faults))
            self.stderr.write("Nothing was replayed. Mend these rows, or leave --strict away to go on without them.")
            sys.exit(FAULTY)
        references = [code_or_id(part) for text in groups for part in text.split(",") if part]
        with asking(Audience.command("replay_changes")):
            try:
                run = replay(
                    listed,
                    groups=references,
                    invented=demonstration,
                    by=Actor.command(NAME),
                    at=clock.now(),
                    tell=self._tell_as_json if options["json"] else self._tell,
                )
            except ReplayError as error:
                raise CommandError(error.sentence) from error
            except BrokenPipeError:  # whoever reads has seen enough (`| head`)
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
                sys.exit(BROKEN_PIPE)
        self._tell_faults(run.faults)
        self._sum_up(run, listed, as_json=options["json"])
        if run.faults:
            sys.exit(FAULTY)

    def _tell(self, meaning: Meaning) -> None:
        self.stdout.write("\n".join(_as_text(meaning)))

    def _tell_as_json(self, meaning: Meaning) -> None:
        self.stdout.write(json.dumps(_as_json(meaning), ensure_ascii=False))

    def _read(self, file: Path, more: Path | None) -> List:
        try:
            table: Levels = load(more)
            with file.open("rb") as content:
                check_list(content.read(MAX_BYTES), name=file.name)
                content.seek(0)
                return read_list(read_rows(content, name=file.name), table)
        except (SheetError, UploadError, LevelError) as error:
            raise CommandError(str(error)) from error

    def _tell_faults(self, faults: list[Fault]) -> None:
        for fault in faults:
            self.stderr.write(f"Row {fault.row}, column {fault.column}: {fault.sentence}")

    def _sum_up(self, run: Replay, listed: List, *, as_json: bool) -> None:
        out = self.stderr if as_json else self.stdout
        if listed.ignored:
            out.write(f"Columns that are not used: {', '.join(listed.ignored)}.")
        kind = "invented groups" if run.invented else "groups"
        left = f", {len({fault.row for fault in run.faults})} rows left out" if run.faults else ""
        out.write(
            f"{run.changes} changes replayed for {run.groups} {kind} ({run.people} people){left}: "
            "nothing was stored, nobody was told."
        )


def _as_text(meaning: Meaning) -> list[str]:
    change = meaning.change
    where = f"{countries.name(change.country, 'en')} · {_way(meaning)} · {change.whom.words}"
    lines = [f"Row {change.row} · {change.since:%Y-%m-%d} · {where} · {change.level} · {_notice(meaning)}"]
    lines += [f"  said: {words}" for words in [_words_of(change)] if words]
    for way in meaning.ways:
        said = " ".join(way.sentences) or "Nothing is asked."
        lines.append(f"  {way.crossing} {way.from_country}→{way.to_country} since {_hour(way)}: {said}")
        lines += [f"    changed: {words}" for words in way.differences] or ["    nothing changed there"]
    for group in meaning.groups:
        after = group.after
        lines.append(
            f"  {group.code}: {group.total} people · ready {group.before['ready']} → {after['ready']} · "
            f"stopped {group.before['stopped']} → {after['stopped']} · unknown {group.before['unknown']} → {after['unknown']}"
            + (f" · cost to fix {_money(group.cost)}" if group.cost else "")
        )
    if not meaning.ways:
        lines.append("  none of the groups crosses there")
    lines += [f"  note: {remark}" for remark in change.remarks]
    return lines


def _words_of(change: Change) -> str:
    """What the row itself says, and where it stands."""
    return f"{change.note} ({change.source})" if change.note and change.source else change.note or change.source


def _way(meaning: Meaning) -> str:
    pair = meaning.change.pair
    return f"{pair[0]}→{pair[1]}" if pair else " and ".join(meaning.change.ways)


def _notice(meaning: Meaning) -> str:
    """How long before or after it began it was known."""
    announced = meaning.change.announced
    days = (meaning.change.since.date() - announced.date()).days
    if days == 0:
        return "known the same day"
    count = f"{abs(days)} day{'s' if abs(days) > 1 else ''}"
    return f"known {announced:%Y-%m-%d}, {count} {'before' if days > 0 else 'after it began'}"


def _hour(way: WayMeaning) -> str:
    return f"{way.since:%Y-%m-%d %H:%M %Z}"


def _money(cost: Mapping[str, Decimal]) -> str:
    return ", ".join(f"{amount:f} {currency}" for currency, amount in cost.items())


def _as_json(meaning: Meaning) -> dict[str, Any]:
    change = meaning.change
    return {
        "row": change.row,
        "date": change.since.isoformat(),
        "date_announced": change.announced.isoformat(),
        "country": change.country,
        "direction": list(change.ways),
        "applies_to": change.whom.words,
        "level": change.level,
        "note": change.note,
        "source": change.source,
        "remarks": list(change.remarks),
        "ways": [
            {
                "crossing": way.crossing,
                "from": way.from_country,
                "to": way.to_country,
                "since": way.since.isoformat(),
                "rules": list(way.sentences),
                "changed": list(way.differences),
            }
            for way in meaning.ways
        ],
        "groups": [
            {
                "group": group.code,
                "people": group.total,
                "before": dict(group.before),
                "after": dict(group.after),
                "cost": {currency: str(amount) for currency, amount in group.cost.items()},
            }
            for group in meaning.groups
        ],
    }
