"""The directory: institutions read from a list, their offices, and who of them can be reached today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from common import audit, countries
from common.actors import Actor
from partners.contracts import kinds_that_reach
from partners.enums import ChannelKind, OrganisationKind
from partners.models import Channel, Office, Organisation

KINDS = {
    "ministry": OrganisationKind.MINISTRY,
    "inter-agency body": OrganisationKind.INTER_AGENCY,
    "border service": OrganisationKind.BORDER,
    "customs": OrganisationKind.CUSTOMS,
    "health": OrganisationKind.HEALTH,
    "police": OrganisationKind.POLICE,
    "regional government": OrganisationKind.REGION,
    "embassy": OrganisationKind.EMBASSY,
    "consulate": OrganisationKind.CONSULATE,
    "NGO": OrganisationKind.NGO,
    "UN agency": OrganisationKind.UN,
    "donor": OrganisationKind.DONOR,
}
"""Kinds as the list writes them. An IOM mission is a "UN agency" whose code begins with "iom-"."""

ZONES = {
    "Almaty": "Asia/Almaty",
    "Astana": "Asia/Almaty",
    "Bishkek": "Asia/Bishkek",
    "Dushanbe": "Asia/Dushanbe",
    "Khujand": "Asia/Dushanbe",
    "Moscow": "Europe/Moscow",
    "Novosibirsk": "Asia/Novosibirsk",
    "Nur-Sultan": "Asia/Almaty",
    "Oslo": "Europe/Oslo",
    "Russia": "Europe/Moscow",
    "Saint Petersburg": "Europe/Moscow",
    "Shymkent": "Asia/Almaty",
    "Tashkent": "Asia/Tashkent",
    "Turkistan": "Asia/Almaty",
    "Ufa": "Asia/Yekaterinburg",
    "Vienna": "Europe/Vienna",
    "Yekaterinburg": "Asia/Yekaterinburg",
}
"""The IANA zone of each seat. Astana kept the time of Almaty in 2020 and keeps it today."""

FIELDS = ("kind", "country", "name_en", "name_local", "name_ru", "seat", "task", "source")


class DirectoryError(ValueError):
    """A list of institutions that cannot be read; the sentence names row, column and remedy. Nothing was stored."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows of a list were new, different from what was stored, or the same."""

    created: int
    changed: int
    unchanged: int


@transaction.atomic
def load_institutions(rows: Iterable[Mapping[str, str]], *, by: Actor, at: datetime) -> Loaded:
    """Brings the organisations to what `rows` (columns of fixtures/institutions.csv) say, with an office at each seat.

    Loading twice is loading once; offices, contacts and interests that people entered stay. Raises DirectoryError for
    a row without code or name, an unknown kind, country or seat.
    """
    read = [_read(number, row) for number, row in enumerate(rows, start=2)]
    known = Organisation.objects.select_for_update().in_bulk([code for code, _fields in read], field_name="code")
    acts: list[tuple[str, Organisation]] = []
    created = 0
    for code, fields in read:
        organisation = known.get(code)
        if organisation is None:
            organisation = known[code] = Organisation.objects.create(code=code, **fields)
            created += 1
            acts.append(("organisation entered", organisation))
        elif any(getattr(organisation, name) != fields[name] for name in FIELDS):
            for name in FIELDS:
                setattr(organisation, name, fields[name])
            organisation.save(update_fields=FIELDS)
            acts.append(("organisation changed", organisation))
    _open_offices(known[code] for code, _fields in read)
    audit.record_many(acts, by=by, at=at)
    return Loaded(created, len(acts) - created, len(read) - len(acts))


def _open_offices(organisations: Iterable[Organisation]) -> None:
    """Gives each organisation an office in each city of its seat; the first of an IOM country mission owns cases."""
    Office.objects.bulk_create(
        [
            Office(
                organisation=organisation,
                name=city,
                city=city,
                zone=ZONES[city],
                is_mission=organisation.is_iom and organisation.code != "iom-ro" and rank == 0,
            )
            for organisation in organisations
            for rank, city in enumerate(cities_of(organisation.seat, organisation.name_en))
        ],
        ignore_conflicts=True,
    )


def cities_of(seat: str, name: str) -> list[str]:
    """The cities of a seat: "Nur-Sultan / Almaty" are two; "Consulates General: Ufa; Novosibirsk" names its own."""
    if ";" in name and ":" in name:
        return [city.strip() for city in name.partition(":")[2].split(";")]
    return [city.partition("(")[0].strip() for city in seat.split("/")]


def _read(number: int, row: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """One row of the list as the code of the organisation and its fields."""
    cells = {name: (value or "").strip() for name, value in row.items() if name}
    for column in ("id", "name_en"):
        if not cells.get(column):
            raise DirectoryError(
                _("Row %(row)d: the column %(column)s is empty. Fill it in.") % {"row": number, "column": column}
            )
    kind = KINDS.get(cells.get("kind", ""))
    if kind is None:
        raise DirectoryError(
            _("Row %(row)d, column kind: “%(written)s” is no kind of institution. Use one of: %(kinds)s.")
            % {"row": number, "written": cells.get("kind", ""), "kinds": ", ".join(KINDS)}
        )
    written = cells.get("country_iso3", "")
    country = "" if written in {"", "INT"} else countries.find(written)
    if country is None:
        raise DirectoryError(
            _("Row %(row)d, column country_iso3: “%(written)s” is no country. Give three letters, or INT.")
            % {"row": number, "written": written}
        )
    for city in cities_of(cells.get("seat", ""), cells["name_en"]):
        if city not in ZONES:
            raise DirectoryError(
                _("Row %(row)d, column seat: nobody knows the time zone of “%(written)s”. Use one of: %(cities)s.")
                % {"row": number, "written": city, "cities": ", ".join(ZONES)}
            )
    return cells["id"], {
        "kind": OrganisationKind.IOM if cells["id"].startswith("iom-") else kind,
        "country": country,
        "name_en": cells["name_en"],
        "name_local": cells.get("name_local", ""),
        "name_ru": cells.get("name_ru", ""),
        "seat": cells.get("seat", ""),
        "task": cells.get("role_in_return_operation", ""),
        "source": cells.get("source", ""),
    }


@dataclass(frozen=True, slots=True)
class Reach:
    """How an organisation can be reached today: channels that are switched on, and when last verified. `kinds` are those over
    which a notice reaches a human of it now.
    """

    contacts: int
    kinds: tuple[ChannelKind, ...]
    phones: int
    languages: tuple[str, ...]
    switched_off: int
    verified_at: datetime | None

    @property
    def is_reachable(self) -> bool:
        """Whether a notice reaches somebody by itself; else only the telephone is left, or nothing."""
        return bool(self.kinds)

    @property
    def kinds_said(self) -> str:
        """The kinds in words."""
        return ", ".join(str(kind.label) for kind in self.kinds)

    @property
    def deputy_is_missing(self) -> bool:
        """Whether nobody stands behind the first desk when it does not answer."""
        return self.contacts < 2


def reach_of(organisations: Iterable[int]) -> dict[int, Reach]:
    """How each organisation (primary keys) can be reached; those without any contact have no channel at all."""
    keys = list(organisations)
    channels: dict[int, list[Channel]] = {key: [] for key in keys}
    for channel in (
        Channel.objects.filter(contact__office__organisation__in=keys)
        .select_related("contact__office")
        .order_by("contact__rank", "rank")
    ):
        channels[channel.contact.office.organisation_id].append(channel)
    return {key: _reach(found) for key, found in channels.items()}


def _reach(channels: list[Channel]) -> Reach:
    on = [channel for channel in channels if channel.switched_off_at is None]
    reaching = [ChannelKind(channel.kind) for channel in on if channel.kind in kinds_that_reach()]
    return Reach(
        contacts=len({channel.contact_id for channel in on}),
        kinds=tuple(dict.fromkeys(reaching)),
        phones=sum(channel.kind == ChannelKind.PHONE for channel in on),
        languages=tuple(dict.fromkeys(channel.contact.language for channel in on)),
        switched_off=len(channels) - len(on),
        verified_at=max((channel.verified_at for channel in on if channel.verified_at), default=None),
    )


def unreachable(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Those of whom no notice reaches a human: no desk, or no channel that is switched on and of a kind that does."""
    working = Channel.objects.filter(
        contact__office__organisation=OuterRef("pk"), kind__in=kinds_that_reach(), switched_off_at__isnull=True
    )
    return organisations.filter(~Exists(working))
