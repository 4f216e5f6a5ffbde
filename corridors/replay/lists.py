"""Read a dated list of changes: every row is a change, or a fault that says which cell to mend and how. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from django.utils.translation import gettext as _

from common import countries
from common.sheets import Cell, Heading, Row, Sheet, SheetError, cell_text, find_heading
from corridors.replay.demonyms import country_of
from corridors.replay.levels import Asked, LevelError, Levels, Meant, meaning
from corridors.replay.whom import Whom, read_whom
from corridors.rules import Passage, PassageWay

VOCABULARY = {
    "date": ("in force", "applies from", "effective date", "start date", "valid from", "дата", "дата вступления"),
    "date_announced": ("announced", "announced on", "announcement date", "known", "дата объявления", "объявлено"),
    "country": ("country code", "country name", "iso3", "iso", "страна"),
    "direction": ("way", "направление"),
    "applies_to": ("whom", "applies", "who", "target", "population", "кого касается"),
    "level": ("measure", "restriction", "value", "уровень", "мера"),
    "note": ("notes", "comment", "comments", "remark", "description", "примечание"),
    "source": ("sources", "reference", "url", "link", "источник"),
}
NEEDED = ("date", "country", "direction", "level")
ENTRY, EXIT = "entry", "exit"
WAYS = {
    ENTRY: ("entry", "enter", "entering", "in", "inbound", "incoming", "inward", "arrival", "arrivals", "import", "into",
            "immigration", "to enter", "въезд", "kirish", "даромад"),
    EXIT: ("exit", "leave", "leaving", "out", "outbound", "outgoing", "outward", "departure", "departures", "export",
           "emigration", "to leave", "выезд", "chiqish", "баромад"),
    "both": ("both", "both directions", "both ways", "all", "any", "*", "in and out", "in/out", "entry and exit", "entry/exit",
             "bidirectional", "all directions", "оба", "въезд и выезд", "оба направления"),
}  # fmt: skip
TRANSIT = ("transit", "in transit", "транзит")
_JOINED = re.compile(r"\s*(?:[/,;&+]|\band\b|\bи\b)\s*")
_PAIR = re.compile(
    r"\s*(?:→|->|—>|>|\bto\b|/|–|—|\s-\s)\s*|(?<=^[A-Za-z]{2})-(?=[A-Za-z]{2}$)|(?<=^[A-Za-z]{3})-(?=[A-Za-z]{3}$)"
)
_COMING = re.compile(
    r"^(?:(?:entry|entering|arrivals?|arriving|inbound|coming|въезд)\s+)?(?:from|из)\s+", re.IGNORECASE
)
_GOING = re.compile(r"^(?:(?:exit|leaving|departures?|outbound|going|выезд)\s+)?(?:to|в)\s+", re.IGNORECASE)
_MONTHS = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y")
FARTHEST = timedelta(days=366)
YEARS = range(1990, 2100)
"""A year outside of these is a slip of the hand, and no ledger can hold what is far beyond them."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Change:
    """One row. `since` is wall time at the barrier, with a zone only where the row gave one; `announced` likewise.

    `ways` are `entry`, `exit` or both; `pair` names (from, to) where the row does. `remarks` say what was assumed.
    """

    row: int
    since: datetime
    announced: datetime
    country: str
    ways: tuple[str, ...]
    pair: tuple[str, str] | None
    whom: Whom
    level: str
    asked: Asked
    note: str
    source: str
    remarks: tuple[str, ...] = ()

    def concerns(self, from_country: str, to_country: str) -> bool:
        """Tell whether it is asked of those who cross from one country to the other."""
        if self.pair is not None and self.pair != (from_country, to_country):
            return False
        if self.whom.origins and from_country not in self.whom.origins:
            return False
        entered = ENTRY in self.ways and to_country == self.country
        return entered or (EXIT in self.ways and from_country == self.country)


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that cannot be read, or a row that cannot stand; `sentence` says how to mend it."""

    row: int
    column: str
    sentence: str


@dataclass(frozen=True, slots=True)
class List:
    """What a file holds: the changes in the order in which they became known, and the rows that were left out."""

    changes: tuple[Change, ...]
    faults: tuple[Fault, ...] = ()
    ignored: tuple[str, ...] = field(default=())


class _CellError(ValueError):
    """A cell that cannot be read; the text says how to mend it."""


def read_list(sheet: Sheet, levels: Levels) -> List:
    """Read every row below the heading. Raises SheetError where a column that is needed is missing."""
    try:
        heading = find_heading(sheet, VOCABULARY)
    except SheetError as error:
        raise SheetError(
            _("No heading row is found. Write the names of the columns in the first row: %(names)s.")
            % {"names": ", ".join(VOCABULARY)}
        ) from error
    missing = [name for name in NEEDED if name not in heading.columns]
    if missing:
        raise SheetError(
            _("The list has no column %(names)s. It needs date, country, direction and level, named in its first row.")
            % {"names": ", ".join(missing)}
        )
    if not any(row.number > heading.row_number for row in sheet.rows):
        raise SheetError(_("The list has no row below its heading. Write a row for each change."))
    changes: list[Change] = []
    faults: list[Fault] = []
    for row in sheet.rows:
        if row.number > heading.row_number:
            read = _row(row, heading, levels)
            changes.extend([read] if isinstance(read, Change) else [])
            faults.extend([] if isinstance(read, Change) else read)
    kept, refused = _once(changes)
    return List(
        tuple(sorted(kept, key=lambda change: (_naive(change.announced), _naive(change.since), change.row))),
        tuple(sorted([*faults, *refused], key=lambda fault: fault.row)),
        tuple(text for _index, text in heading.unrecognised),
    )


def _row(row: Row, heading: Heading, levels: Levels) -> Change | list[Fault]:
    cells = {name: heading.value(row, name) for name in VOCABULARY}
    texts = {name: cell_text(cell) for name, cell in cells.items()}
    faults: list[Fault] = []
    remarks: list[str] = []

    def read(column: str, how: Callable[[], _T]) -> _T | None:
        try:
            return how()
        except (_CellError, LevelError) as error:
            faults.append(Fault(row.number, column, str(error)))
            return None

    since = read("date", lambda: _day(cells["date"]))
    announced = read("date_announced", lambda: _announced(cells["date_announced"], since, remarks))
    country = read("country", lambda: _country(texts["country"]))
    way = read("direction", lambda: _ways(texts["direction"], country))
    meant = read("level", lambda: _level(texts["level"], texts["note"], levels))
    whom = read("applies_to", lambda: _whom(texts["applies_to"], country, meant, remarks))
    if faults or since is None or announced is None or country is None or way is None or meant is None or whom is None:
        return faults
    if texts["direction"].casefold() in TRANSIT:
        whom = whom.narrowed(Passage(PassageWay.TRANSIT.value))
    remarks += [*whom.remarks, *meant.remarks]
    if not texts["source"]:
        remarks.append(_("no source is named: taken as reported, not as confirmed"))
    return Change(
        row=row.number, since=since, announced=announced, country=country, ways=way[0], pair=way[1], whom=whom,
        level=meant.name, asked=meant.asked, note=texts["note"], source=texts["source"], remarks=tuple(remarks),
    )  # fmt: skip


def _level(level: str, note: str, levels: Levels) -> Meant:
    if not level:
        raise _CellError(_("The level is empty. Give 0 to 4, or one of: %(names)s.") % {"names": levels.names})
    return meaning(levels, level, note)


def _country(text: str) -> str:
    if not text:
        raise _CellError(_("The country is empty. Give its name or code, such as UZB."))
    code = country_of(text)
    if code is None or code in countries.WITHOUT_COUNTRY:
        raise _CellError(
            _("“%(text)s” is no country that we know. Give its name or code, such as UZB.") % {"text": text[:60]}
        )
    return code


def _ways(text: str, country: str | None) -> tuple[tuple[str, ...], tuple[str, str] | None]:
    """Which ways are meant: into the country, out of it, both, or from one named country to another."""
    if not text:
        raise _CellError(_("The direction is empty. Give entry, exit or both."))
    plain = " ".join(text.replace("_", " ").split())
    if ways := _named_ways(plain.casefold()):
        return ways, None
    if (pair := _pair(plain, country)) is not None:
        if country is not None and country not in pair:
            raise _CellError(_("The country of this row is neither end of “%(text)s”.") % {"text": text[:60]})
        return (ENTRY, EXIT), pair
    raise _CellError(
        _("“%(text)s” is no direction. Give entry, exit or both, or two countries such as KAZ-UZB.")
        % {"text": text[:60]}
    )


def _named_ways(folded: str) -> tuple[str, ...]:
    """The ways of one word, or of several joined ("entry/exit"); empty where one of them is no way."""
    if folded in WAYS["both"]:
        return (ENTRY, EXIT)
    if folded in TRANSIT:
        return (ENTRY,)
    parts = _JOINED.split(folded)
    found = {way for part in parts for way in (ENTRY, EXIT) if part in WAYS[way]}
    known = all(part in WAYS[ENTRY] or part in WAYS[EXIT] for part in parts)
    return tuple(way for way in (ENTRY, EXIT) if way in found) if known else ()


def _pair(text: str, country: str | None) -> tuple[str, str] | None:
    """From which country to which: both named ("KAZ-UZB"), or one beside that of the row ("from KAZ")."""
    for other, from_there in ((_COMING.sub("", text), True), (_GOING.sub("", text), False)):
        code = country_of(other) if other != text else None
        if code is not None and country is not None and code != country:
            return (code, country) if from_there else (country, code)
    ends = [country_of(part) for part in _PAIR.split(_COMING.sub("", text)) if part.strip()]
    if len(ends) == 2 and ends[0] and ends[1] and ends[0] != ends[1]:
        return ends[0], ends[1]
    return None


def _whom(text: str, country: str | None, meant: Meant | None, remarks: list[str]) -> Whom:
    """Whom the row means; where its level speaks of some and the row of everybody, the level is the narrower word."""
    try:
        whom = read_whom(text, country or "")
        if meant is None or not meant.whom or not whom.everybody:
            return whom
        narrower = read_whom(meant.whom, country or "")
    except ValueError as error:
        raise _CellError(str(error)) from error
    remarks.append(
        _("the level “%(level)s” is not meant for everybody: taken for %(whom)s")
        % {"level": meant.name, "whom": narrower.words}
    )
    return narrower


def _announced(cell: Cell, since: datetime | None, remarks: list[str]) -> datetime | None:
    if cell is None:
        remarks.append(_("no date of announcement: taken as known when it began"))
        return since
    announced = _day(cell)
    if since is not None and abs(_naive(announced) - _naive(since)) > FARTHEST:
        raise _CellError(_("Announced more than a year before or after it began. Check the years of both dates."))
    return announced


def _day(cell: Cell) -> datetime:
    """Read a day, or an hour of a day, as it is written in lists; a day that can be read in two ways is refused."""
    day = _written_day(cell)
    if day.year not in YEARS:
        raise _CellError(
            _("“%(text)s” is too far from today to be meant. Check the year.") % {"text": cell_text(cell)[:40]}
        )
    return day


def _written_day(cell: Cell) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time())  # wall time at the barrier; its zone is not known here
    text = cell_text(cell)
    if not text:
        raise _CellError(_("The date is empty. Give it as 2020-03-16."))
    if (found := _iso(text)) is not None:
        return found
    if parts := re.fullmatch(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})", text):
        return _european(int(parts[1]), int(parts[3]), int(parts[4]), dotted=parts[2] == ".", text=text)
    for form in _MONTHS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007  # wall time
        except ValueError:
            continue
    raise _CellError(_("“%(text)s” is no date. Give it as 2020-03-16.") % {"text": text[:40]})


def _iso(text: str) -> datetime | None:
    if re.fullmatch(r"\d{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if re.fullmatch(r"\d{4}[./]\d{1,2}[./]\d{1,2}", text):
        text = "-".join(part.zfill(2) for part in re.split(r"[./]", text))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _european(first: int, second: int, year: int, *, dotted: bool, text: str) -> datetime:
    """Day before month where a point says so, or where only one order is a date."""
    readings = {(first, second)} if dotted else {(first, second), (second, first)}
    days = {(day, month) for day, month in readings if 1 <= month <= 12 and 1 <= day <= 31}
    if len(days) != 1:
        raise _CellError(_("“%(text)s” can be read in two ways or in none. Give it as 2020-03-16.") % {"text": text})
    day, month = days.pop()
    try:
        return datetime(year, month, day)  # noqa: DTZ001  # wall time
    except ValueError as error:
        raise _CellError(_("“%(text)s” is no day of the calendar. Give it as 2020-03-16.") % {"text": text}) from error


def _once(changes: Iterable[Change]) -> tuple[list[Change], list[Fault]]:
    """Keep each change once; a row that contradicts an earlier one of the same days is refused.

    A row that was announced on another day is a change of its own: what was announced later counts.
    """
    kept: dict[tuple[object, ...], list[Change]] = {}
    faults: list[Fault] = []
    for change in changes:
        days = (_naive(change.since), _naive(change.announced))
        beside = kept.setdefault((days, change.country, change.ways, change.pair, change.whom.key), [])
        again = next((place for place, other in enumerate(beside) if other.asked == change.asked), None)
        clash = next((other for other in beside if _contradict(other, change)), None)
        if again is not None:
            words = _("row %(row)d says the same; taken once") % {"row": change.row}
            beside[again] = replace(beside[again], remarks=(*beside[again].remarks, words))
        elif clash is not None:
            words = _(
                "Row %(row)d says something else for the same day and people (%(level)s). Keep the one that holds."
            )
            faults.append(Fault(change.row, "level", words % {"row": clash.row, "level": clash.level}))
        else:
            beside.append(change)
    return [change for beside in kept.values() for change in beside], faults


def _contradict(one: Change, other: Change) -> bool:
    return any(one.asked[subject] != asked for subject, asked in other.asked.items() if subject in one.asked)


def _naive(at: datetime) -> datetime:
    """For the order of the list alone: rows without a zone stand beside rows with one."""
    return at if at.tzinfo is None else at.astimezone(UTC).replace(tzinfo=None)
