"""Reading the directory from a list (`partners.lists` says how it looks), row after row, through the acts of the pages.

Reading it enters and changes; it takes nothing away, and an empty cell leaves what is stored. A hyphen empties. What is
written out comes back the same: reading one's own list changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit, countries
from common.actors import Actor
from common.refusals import RefusalError
from common.sheets import Row, Sheet, Table, cell_text, read_table
from partners import desks, interests
from partners.enums import OrganisationKind
from partners.lists import COLUMNS, EMPTY, HOUR
from partners.models import Channel, Contact, Office, Organisation

YES, NO = ("yes", "true", "1", "x", "да", "ҳа", "ha"), ("no", "false", "0", "нет", "не", "yo‘q", "yoq")
_DAY = "%Y-%m-%d"
MOST_ERRORS = 200


class ListError(RefusalError):
    """One cell that cannot be taken: `field` is its column, `sentence` says how to mend it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row (its number in the file), in which column ("" where in none), and how to mend it."""

    row: int
    column: str
    sentence: str


@dataclass(slots=True)
class Outcome:
    """What reading a list did, or would do: acts by verb, rows read, and what to mend. With a fault nothing is stored."""

    rows: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)

    @property
    def is_stored(self) -> bool:
        return not self.faults


def import_directory(*, sheet: Sheet, dry_run: bool, by: Actor, at: datetime) -> Outcome:
    """Reads a list into the directory: all of it, or nothing where a row has a fault or with `dry_run`.

    Raises SheetError where the list has no heading.
    """
    table = read_table(sheet, COLUMNS)
    outcome = Outcome()
    _import(table=table, dry_run=dry_run, outcome=outcome, by=by, at=at)
    return outcome


@transaction.atomic
def _import(*, table: Table, dry_run: bool, outcome: Outcome, by: Actor, at: datetime) -> None:
    reader, before = _Reader(table, by=by, at=at), audit.verbs_here(at=at)
    for row in table.rows:
        outcome.rows += 1
        try:
            with transaction.atomic():
                reader.take(row)
        except RefusalError as refusal:
            outcome.faults.append(Fault(row.number, refusal.field, refusal.sentence))
            reader.forget()
            if len(outcome.faults) >= MOST_ERRORS:
                break
    outcome.acts = audit.verbs_here(at=at) - before
    if outcome.faults or dry_run:
        transaction.set_rollback(True)


class _Reader:
    """Takes row after row; what came earlier is kept at hand, since most rows repeat organisation, office and desk."""

    def __init__(self, table: Table, *, by: Actor, at: datetime) -> None:
        self.heading, self.by, self.at = table.heading, by, at
        self.known: dict[tuple[str, ...], Any] = {}

    def forget(self) -> None:
        """After a row was undone: what it had read may not be there."""
        self.known.clear()

    def take(self, row: Row) -> None:
        cells = {name: self._text(row, name) for name in COLUMNS}
        organisation = self._once(("organisation", *self._of(cells, _ORGANISATION)), self._organisation, cells)
        for wish in _split(cells["interests"]):
            self._once(("interest", organisation.code, wish), self._interest, organisation, wish)
        if not cells["office"]:
            return
        office = self._once(("office", *self._of(cells, (*_ORGANISATION, *_OFFICE))), self._office, cells, organisation)
        if not cells["function"]:
            return
        key = self._of(cells, ("organisation", "office", *_CONTACT))
        contact = self._once(("contact", *key), self._contact, cells, office)
        if cells["channel"] or cells["address"]:
            self._channel(cells, contact)

    def _organisation(self, cells: Mapping[str, str]) -> Organisation:
        code = cells["organisation"]
        if not code:
            raise ListError("organisation", _("Write the code of the organisation, such as kz-border."))
        row = Organisation.objects.filter(code=code).first()
        written = {name: _cleared(cells[name]) for name in ("name_en", "name_local", "name_ru") if cells[name]}
        if cells["organisation_kind"]:
            written["kind"] = _one_of(cells["organisation_kind"], OrganisationKind.values, "organisation_kind")
        if cells["country"]:
            written["country"] = _country(cells["country"])
        if row is None:
            for name in ("name_en", "organisation_kind"):
                if not cells[name]:
                    raise ListError(name, _("“%(code)s” is new. Fill this in, or mend the code.") % {"code": code})
            row = Organisation(code=code)
        return self._saved(row, written, "organisation")

    def _interest(self, organisation: Organisation, written: str) -> Any:
        wish = interests.parse_wish(written, field="interests")
        return self._do("interests", interests.want, organisation=organisation, wish=wish)

    def _saved(self, row: Organisation, written: Mapping[str, str], what: str) -> Organisation:
        is_new = row._state.adding
        changed = {name: value for name, value in written.items() if is_new or getattr(row, name) != value}
        if is_new or changed:
            for name, value in changed.items():
                setattr(row, name, value)
            row.save()
            verb = f"{what} {'entered' if is_new else 'changed'}"
            audit.record(verb, row, by=self.by, at=self.at)
        return row

    def _office(self, cells: Mapping[str, str], organisation: Organisation) -> Office:
        row = Office.objects.filter(organisation=organisation, name=cells["office"]).first()
        if row is None and not cells["zone"]:
            raise ListError("zone", _("The office is new. Write its time zone, such as Asia/Almaty."))
        kept = row or Office()
        saved: Office = self._do(
            "office",
            desks.save_office,
            organisation=organisation,
            office=row,
            name=cells["office"],
            city=_or(cells["city"], kept.city),
            zone=cells["zone"] or kept.zone,
            hours=_or(cells["hours"], kept.hours),
            holidays=_or(cells["holidays"], " ".join(kept.holidays)),
            valid_from=kept.valid_from,
            valid_until=kept.valid_until,
        )
        return saved

    def _contact(self, cells: Mapping[str, str], office: Office) -> Contact:
        row = Contact.objects.filter(office=office, function=cells["function"]).first()
        kept = row or Contact(office=office)
        if row is None and not cells["language"]:
            raise ListError("language", _("The desk is new. Write the language of its messages, such as ru."))
        zone = ZoneInfo(office.zone)
        saved: Contact = self._do(
            "contact",
            desks.save_contact,
            office=office,
            contact=row,
            function=cells["function"],
            language=cells["language"] or kept.language,
            also_speaks=_or(cells["also_speaks"], " ".join(kept.also_speaks)).replace(",", " ").split(),
            rank=_number(cells["rank"], "rank") if cells["rank"] else None,
            is_duty_desk=_yes(cells["duty_desk"]) if cells["duty_desk"] else kept.is_duty_desk,
            stands_in_for=self._deputised(cells["stands_in_for"], office)
            if cells["stands_in_for"]
            else kept.stands_in_for,
            valid_from=_moment(cells["valid_from"], "valid_from", zone, kept.valid_from),
            valid_until=_moment(cells["valid_until"], "valid_until", zone, kept.valid_until),
        )
        for shift in _split(cells["roster"]):
            starts_at, ends_at = _shift(shift, zone)
            self._do("roster", desks.put_on_duty, contact=saved, starts_at=starts_at, ends_at=ends_at)
        return saved

    def _deputised(self, function: str, office: Office) -> Contact | None:
        if function == EMPTY:
            return None
        found = Contact.objects.filter(office__organisation=office.organisation_id, function=function).first()
        if found is None:
            raise ListError(
                "stands_in_for",
                _("No desk of this organisation is called “%(function)s”. Put its row first.") % {"function": function},
            )
        return found

    def _channel(self, cells: Mapping[str, str], contact: Contact) -> None:
        fields = self._said("channel", lambda: desks.address_fields(cells["channel"], cells["address"]))
        row = Channel.objects.filter(contact=contact, kind=cells["channel"], **fields).first()
        rank = _number(cells["channel_rank"], "channel_rank") if cells["channel_rank"] else None
        saved: Channel = self._do(
            "channel",
            desks.save_channel,
            contact=contact,
            channel=row,
            kind=cells["channel"],
            address=cells["address"],
            rank=rank,
        )
        verified = _moment(cells["verified_at"], "verified_at", ZoneInfo("UTC"), saved.verified_at)
        if verified != saved.verified_at and verified is not None:
            if verified > self.at:
                raise ListError("verified_at", _("Nobody answers in the future. Write the day on which somebody did."))
            saved.verified_at = verified
            saved.save(update_fields=["verified_at"])
            audit.record("channel verified", saved, by=self.by, at=self.at, why="list")

    def _once(self, key: tuple[str, ...], read: Callable[..., Any], *more: Any) -> Any:
        if key not in self.known:
            self.known[key] = read(*more)
        return self.known[key]

    def _do(self, column: str, act: Callable[..., Any], **said: Any) -> Any:
        """One act of the directory."""
        return self._said(column, lambda: act(**said, by=self.by, at=self.at))

    def _said(self, column: str, done: Callable[[], Any]) -> Any:
        """What `done` gives; a refusal that names no column of the list stands at `column`."""
        try:
            return done()
        except RefusalError as refusal:
            named = {"kind": "channel", "name": "office", "subject": "interests", "ends_at": "roster"}
            name = named.get(refusal.field, refusal.field)
            raise ListError(name if name in COLUMNS else column, refusal.sentence) from refusal

    def _of(self, cells: Mapping[str, str], names: Iterable[str]) -> tuple[str, ...]:
        return tuple(cells[name] for name in names)

    def _text(self, row: Row, name: str) -> str:
        written = self.heading.value(row, name)
        if isinstance(written, datetime):
            return f"{written:{HOUR if written.hour or written.minute else _DAY}}"
        text = cell_text(written).strip()
        return text[1:] if text.startswith("'") else text  # as a list that was written out guards its cells


_ORGANISATION = ("organisation", "name_en", "name_local", "name_ru", "organisation_kind", "country")
_OFFICE = ("office", "city", "zone", "hours", "holidays")
_CONTACT = (
    "function", "language", "also_speaks", "rank", "duty_desk", "stands_in_for", "valid_from", "valid_until", "roster",
)  # fmt: skip


def _split(text: str) -> Iterator[str]:
    return (part.strip() for part in text.split(";") if part.strip() not in {"", EMPTY})


def _cleared(text: str) -> str:
    return "" if text == EMPTY else text


def _or(written: str, kept: str) -> str:
    return _cleared(written) if written else kept


def _one_of(written: str, known: Iterable[str], column: str) -> str:
    if (text := written.lower().replace(" ", "_")) in (known := list(known)):
        return text
    words = {"written": written[:40], "known": ", ".join(known)}
    raise ListError(column, _("“%(written)s” is not known here. Use one of: %(known)s.") % words)


def _country(written: str) -> str:
    if written == EMPTY:
        return ""
    if (code := countries.find(written)) is None:
        raise ListError("country", _("“%(written)s” is no country. Give three letters.") % {"written": written[:40]})
    return code


def _yes(written: str) -> bool:
    if written.lower() in YES:
        return True
    if written.lower() in (*NO, EMPTY):
        return False
    raise ListError("duty_desk", _("Write yes or no."))


def _number(written: str, column: str) -> int:
    if not written.isdecimal():
        raise ListError(column, _("Write the order as a number from 1 to 99."))
    return int(written[:4])


def _moment(written: str, column: str, zone: ZoneInfo, kept: datetime | None) -> datetime | None:
    """A day, or a day and an hour, by the clock of `zone`; empty text is what was kept."""
    if written in {"", EMPTY}:
        return None if written else kept
    try:
        return datetime.fromisoformat(written).replace(tzinfo=zone)
    except ValueError as error:
        raise ListError(
            column, _("“%(written)s” is no day. Write year-month-day, such as 2026-03-21.") % {"written": written[:40]}
        ) from error


def _shift(written: str, zone: ZoneInfo) -> tuple[datetime, datetime]:
    begins, _slash, ends = written.partition("/")
    try:
        return tuple(datetime.fromisoformat(text.strip()).replace(tzinfo=zone) for text in (begins, ends))  # type: ignore[return-value]
    except ValueError as error:
        raise ListError(
            "roster",
            _("“%(written)s” is no shift. Write 2026-03-21T18:00/2026-03-22T08:00; several with a semicolon between.")
            % {"written": written[:40]},
        ) from error
