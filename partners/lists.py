"""The directory as a list: one row for each address of each desk, with its organisation, office, roster and interests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from common.sheets import Cell
from partners import interests
from partners.hours import parse_hours
from partners.models import Contact, Office, Organisation

COLUMNS: dict[str, tuple[str, ...]] = {
    "organisation": ("organisation code", "code"),
    "name_en": ("name", "name in English"),
    "name_local": ("local name",),
    "name_ru": ("Russian name",),
    "organisation_kind": ("kind of organisation",),
    "country": (),
    "office": (),
    "city": (),
    "zone": ("time zone",),
    "hours": ("working hours",),
    "holidays": (),
    "function": ("desk",),
    "language": (),
    "also_speaks": ("other languages",),
    "rank": ("order",),
    "duty_desk": (),
    "stands_in_for": ("deputy of",),
    "valid_from": ("from day",),
    "valid_until": ("until day",),
    "roster": ("duty roster",),
    "channel": ("kind of channel",),
    "address": ("e-mail or phone",),
    "channel_rank": ("order of channel",),
    "verified_at": ("verified",),
    "interests": ("wants to be told of",),
}
"""Columns of the list with the names under which they may stand too; the heading may be in any order."""
EMPTY = "-"
"""Stands in a cell that empties what is stored."""
HOUR = "%Y-%m-%dT%H:%M"
_EXACT = "%Y-%m-%dT%H:%M:%S.%f"


def rows_of(organisations: Iterable[Organisation], *, at: datetime) -> Iterator[list[Cell]]:
    """The directory as rows of the list, the heading first: offices and organisations without a desk too.

    Of rosters only what is not over `at`.
    """
    yield list(COLUMNS)
    for organisation in organisations:
        about: dict[str, str] = {
            "organisation": organisation.code,
            "name_en": organisation.name_en,
            "name_local": organisation.name_local,
            "name_ru": organisation.name_ru,
            "organisation_kind": organisation.kind,
            "country": organisation.country,
            "interests": "; ".join(map(str, interests.wishes_of(organisation))),
        }
        offices = list(organisation.offices.all())
        for office in offices:
            yield from _office_rows(about, office, at)
        if not offices:
            yield _cells(about)


def _office_rows(about: Mapping[str, str], office: Office, at: datetime) -> Iterator[list[Cell]]:
    placed = {
        **about,
        "office": office.name,
        "city": office.city,
        "zone": office.zone,
        "hours": str(parse_hours(office.hours)),
        "holidays": " ".join(office.holidays),
    }
    contacts = sorted(office.contacts.all(), key=lambda desk: (desk.stands_in_for_id is not None, desk.rank))
    for contact in contacts:
        desk = {**placed, **_desk_cells(contact, ZoneInfo(office.zone), at)}
        channels = list(contact.channels.all())
        for channel in channels:
            yield _cells(
                {
                    **desk,
                    "channel": channel.kind,
                    "address": channel.address,
                    "channel_rank": str(channel.rank),
                    "verified_at": f"{channel.verified_at.astimezone(ZoneInfo('UTC')):{_EXACT}}"
                    if channel.verified_at
                    else "",
                }
            )
        if not channels:
            yield _cells(desk)
    if not contacts:
        yield _cells(placed)


def _desk_cells(contact: Contact, zone: ZoneInfo, at: datetime) -> dict[str, str]:
    shifts = [shift for shift in contact.shifts.all() if shift.ends_at > at]
    return {
        "function": contact.function,
        "language": contact.language,
        "also_speaks": " ".join(contact.also_speaks),
        "rank": str(contact.rank),
        "duty_desk": "yes" if contact.is_duty_desk else "no",
        "stands_in_for": contact.stands_in_for.function if contact.stands_in_for else "",
        "valid_from": _written(contact.valid_from, zone),
        "valid_until": _written(contact.valid_until, zone),
        "roster": "; ".join(f"{_written(shift.starts_at, zone)}/{_written(shift.ends_at, zone)}" for shift in shifts),
    }


def _written(moment: datetime | None, zone: ZoneInfo) -> str:
    return "" if moment is None else f"{moment.astimezone(zone):{HOUR}}"


def _cells(said: Mapping[str, str]) -> list[Cell]:
    return [said.get(name, "") for name in COLUMNS]


def everything() -> Iterable[Organisation]:
    """Every organisation with all that a list says of it, by code; a constant number of queries."""
    return Organisation.objects.order_by("code").prefetch_related(
        "interests", "offices__contacts__channels", "offices__contacts__shifts", "offices__contacts__stands_in_for"
    )
