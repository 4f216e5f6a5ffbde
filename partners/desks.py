"""Writing the directory: offices with their hours, desks and who stands in for them, channels, duty rosters.

Every function is one act with its audit row; saying again what is already so changes nothing and leaves no row.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Any, TypeVar
from zoneinfo import available_timezones

from babel import Locale
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import models, transaction
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import to_python
from phonenumbers import is_possible_number

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from partners.enums import ChannelKind
from partners.hours import parse_holidays, parse_hours
from partners.models import ADDRESSES, Channel, Contact, DutyShift, Office, Organisation

Row = TypeVar("Row", bound=models.Model)
LONGEST_SHIFT = timedelta(days=31)
MOST_LANGUAGES = 6
LAST_RANK = 99


class DeskError(RefusalError):
    """Something in the directory that cannot be as it was written; nothing was changed."""


@transaction.atomic
def save_office(
    *,
    organisation: Organisation,
    name: str,
    zone: str,
    city: str = "",
    hours: str = "",
    holidays: str = "",
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    office: Office | None = None,
    by: Actor,
    at: datetime,
) -> Office:
    """Enters an office of an organisation, or changes `office`. Raises DeskError and HoursError, each naming the field."""
    name = " ".join(name.split())
    if not name:
        raise DeskError("name", _("Give the office a name, such as its city."))
    if zone not in available_timezones():
        raise DeskError("zone", _("“%(zone)s” is no time zone. Write it as Asia/Almaty.") % {"zone": zone})
    others = Office.objects.filter(organisation=organisation, name=name)
    if (others.exclude(pk=office.pk) if office else others).exists():
        raise DeskError("name", _("This organisation has an office of that name. Change that one."))
    written = {
        "name": name[:200],
        "city": " ".join(city.split())[:100],
        "zone": zone,
        "hours": str(parse_hours(hours))[:200],
        "holidays": parse_holidays(holidays),
        **_period(valid_from, valid_until),
    }
    row = office or Office(organisation=organisation)
    return _saved(row, written, what="office", by=by, at=at)


@transaction.atomic
def save_contact(
    *,
    office: Office,
    function: str,
    language: str,
    also_speaks: Sequence[str] = (),
    rank: int | None = None,
    is_duty_desk: bool = False,
    stands_in_for: Contact | None = None,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    contact: Contact | None = None,
    by: Actor,
    at: datetime,
) -> Contact:
    """Enters a desk of an office, or changes `contact`. Without a rank it is asked after all others of the office.

    Raises DeskError naming the field: no function, an unknown language, a rank that another desk of the office has,
    a deputy of itself or of another organisation, an end before the beginning.
    """
    function = " ".join(function.split())
    if not function:
        raise DeskError(
            "function", _("Write what the desk is for, such as “duty officer”; never a person's name alone.")
        )
    desks = list(Contact.objects.select_for_update().filter(office=office).order_by("rank"))
    others = [desk for desk in desks if contact is None or desk.pk != contact.pk]
    if rank is None:
        rank = contact.rank if contact else max((desk.rank for desk in others), default=0) + 1
    _refuse_rank(rank, others)
    if stands_in_for is not None:
        _refuse_stand_in(stands_in_for, contact, office)
    written: dict[str, Any] = {
        "function": function[:120],
        "language": _language(language, "language"),
        "also_speaks": [_language(code, "also_speaks") for code in dict.fromkeys(also_speaks) if code != language],
        "rank": rank,
        "is_duty_desk": is_duty_desk,
        "stands_in_for": stands_in_for,
        **_period(valid_from, valid_until),
    }
    if len(written["also_speaks"]) > MOST_LANGUAGES:
        raise DeskError("also_speaks", _("Name six languages at most."))
    return _saved(contact or Contact(office=office), written, what="contact", by=by, at=at)


@transaction.atomic
def save_channel(
    *,
    contact: Contact,
    kind: str,
    address: str,
    rank: int | None = None,
    channel: Channel | None = None,
    by: Actor,
    at: datetime,
) -> Channel:
    """Enters a way to reach a desk, or changes `channel`; a new address is switched on and not verified.

    Raises DeskError for an address that its kind cannot have, and for one that the desk has already.
    """
    written: dict[str, Any] = {"kind": kind, **address_fields(kind, address)}
    Contact.objects.select_for_update(no_key=True).get(
        pk=contact.pk
    )  # two clicks take turns, and the second is told why
    same = Channel.objects.filter(contact=contact, **written)
    if (same.exclude(pk=channel.pk) if channel else same).exists():
        raise DeskError("address", _("This desk has that address already."))
    if rank is None:
        last = Channel.objects.filter(contact=contact).aggregate(last=models.Max("rank"))["last"] or 0
        rank = channel.rank if channel else last + 1
    if not 1 <= rank <= LAST_RANK:
        raise DeskError("rank", _("Write the order as a number from 1 to 99."))
    row = channel or Channel(contact=contact)
    if kind == ChannelKind.WEBHOOK and (not row.secret or row.url != written["url"]):
        row.secret = f"whsec_{b64encode(token_bytes(24)).decode()}"
    if any(getattr(row, name) != value for name, value in written.items()):
        written |= {"verified_at": None, "switched_off_at": None, "switched_off_why": "", "switched_off_told_at": None}
    return _saved(row, written | {"rank": rank}, what="channel", by=by, at=at)


@transaction.atomic
def switch_channel(*, channel: Channel, on: bool, by: Actor, at: datetime) -> None:
    """Switches a channel off, so that nothing goes over it, or on again."""
    row = Channel.objects.select_for_update().get(pk=channel.pk)
    if (row.switched_off_at is None) != on:
        row.switched_off_at, row.switched_off_why, row.switched_off_told_at = None if on else at, "", None
        row.save(update_fields=["switched_off_at", "switched_off_why", "switched_off_told_at"])
        audit.record("channel switched on" if on else "channel switched off", row, by=by, at=at)


@transaction.atomic
def remove_channel(*, channel: Channel, by: Actor, at: datetime) -> None:
    """Takes an address out of the directory; what was sent to it keeps it."""
    audit.record("channel removed", channel, by=by, at=at, why=channel.get_kind_display())
    channel.delete()


@transaction.atomic
def put_on_duty(*, contact: Contact, starts_at: datetime, ends_at: datetime, by: Actor, at: datetime) -> DutyShift:
    """Writes a line of the duty roster. Raises DeskError where it ends before it begins, is over, or is too long.

    Entered again it is changed to the other end.
    """
    if ends_at <= starts_at:
        raise DeskError("ends_at", _("A shift ends after it begins."))
    if ends_at <= at:
        raise DeskError("ends_at", _("This shift is over. Enter those that are to come."))
    if ends_at - starts_at > LONGEST_SHIFT:
        raise DeskError("ends_at", _("A shift lasts 31 days at most. Enter several."))
    row = DutyShift.objects.filter(contact=contact, starts_at=starts_at).first()
    shift = row or DutyShift(contact=contact)
    return _saved(shift, {"starts_at": starts_at, "ends_at": ends_at}, what="shift", by=by, at=at)


@transaction.atomic
def take_off_duty(*, shift: DutyShift, by: Actor, at: datetime) -> None:
    """Takes a line out of the duty roster; of one that has begun, what is left of it."""
    audit.record("shift ended", shift, by=by, at=at)
    if shift.starts_at < at < shift.ends_at:
        shift.ends_at = at
        shift.save(update_fields=["ends_at"])
    elif shift.starts_at >= at:
        shift.delete()


def address_fields(kind: str, written: str) -> dict[str, str]:
    """The fields of a channel that hold the address of its kind, the others empty. Raises DeskError."""
    if kind not in _READ:
        raise DeskError(
            "kind",
            _("“%(kind)s” is no kind of channel. Use one of: %(kinds)s.")
            % {"kind": kind[:20], "kinds": ", ".join(ChannelKind.values)},
        )
    name, read = _READ[kind]
    return dict.fromkeys(ADDRESSES, "") | {name: read(written.strip())}


def _email(written: str) -> str:
    try:
        validate_email(written)
    except ValidationError as error:
        raise DeskError("address", _("“%(written)s” is not an e-mail address.") % {"written": written[:80]}) from error
    return written


def _phone(written: str) -> str:
    number = to_python(written)
    if not number or not is_possible_number(number):
        raise DeskError("address", _("Write the number with its country code, for example +998 55 500 00 14."))
    return str(number.as_e164)


def _chat(written: str) -> str:
    if not _CHAT.fullmatch(written):
        raise DeskError("address", _("Write the number of the chat that the desk opened with our bot."))
    return written


def _https(written: str) -> str:
    try:
        _IS_HTTPS(written)
    except ValidationError as error:
        raise DeskError("address", _("Write an address that begins with https://.")) from error
    return written


_CHAT = re.compile(r"-?\d{1,19}")
_IS_HTTPS = URLValidator(schemes=["https"])
_READ: dict[str, tuple[str, Callable[[str], str]]] = {
    ChannelKind.EMAIL: ("email", _email),
    ChannelKind.PHONE: ("phone", _phone),
    ChannelKind.SMS: ("phone", _phone),
    ChannelKind.WHATSAPP: ("phone", _phone),
    ChannelKind.TELEGRAM: ("telegram", _chat),
    ChannelKind.WEBHOOK: ("url", _https),
}


def _saved(row: Row, written: Mapping[str, Any], *, what: str, by: Actor, at: datetime) -> Row:
    """Store what differs, with the act that says so."""
    is_new = row._state.adding
    changed = [name for name, value in written.items() if is_new or getattr(row, name) != value]
    if not changed:
        return row
    for name in changed:
        setattr(row, name, written[name])
    row.save()
    audit.record(f"{what} {'entered' if is_new else 'changed'}", row, by=by, at=at)
    return row


def _period(valid_from: datetime | None, valid_until: datetime | None) -> dict[str, datetime | None]:
    if valid_from and valid_until and valid_until <= valid_from:
        raise DeskError("valid_until", _("The end lies before the beginning."))
    return {"valid_from": valid_from, "valid_until": valid_until}


def _language(code: str, field: str) -> str:
    """A language in which we write, or one that somebody speaks. Raises DeskError."""
    ours = dict(settings.LANGUAGES)
    if code in ours or (field == "also_speaks" and code in Locale("en").languages):
        return code
    raise DeskError(
        field,
        _("“%(code)s” is no language that is known here. Use one of: %(known)s.")
        % {"code": code[:20], "known": ", ".join(ours)},
    )


def _refuse_rank(rank: int, others: Sequence[Contact]) -> None:
    if not 1 <= rank <= LAST_RANK:
        raise DeskError("rank", _("Write the order as a number from 1 to 99."))
    for other in others:
        if other.rank == rank:
            raise DeskError(
                "rank",
                _("“%(function)s” is number %(rank)d of this office. Choose another number.")
                % {"function": other.function, "rank": rank},
            )


def _refuse_stand_in(deputised: Contact, contact: Contact | None, office: Office) -> None:
    if contact is not None and deputised.pk == contact.pk:
        raise DeskError("stands_in_for", _("A desk cannot stand in for itself."))
    if deputised.office.organisation_id != office.organisation_id:
        raise DeskError("stands_in_for", _("A desk stands in for one of its own organisation."))
