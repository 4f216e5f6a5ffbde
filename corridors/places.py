"""Crossings: read from a list, found by any of their names, told apart by code (rule 32)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import available_timezones

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common import audit, countries
from common.actors import Actor
from corridors.models import BorderCrossing, CrossingSide

FIELDS = (
    "modes",
    "is_airport",
    "aliases",
    "latitude",
    "longitude",
    "coordinate_kind",
    "coordinate_source",
    "unlocode",
    "customs_post",
    "name_source",
    "confidence",
    "note",
    "search_text",
)
ZONES = available_timezones()
"""Read once: each call walks the zones on the disk."""
SIDE_FIELDS = ("name_latin", "name_local", "name_ru", "zone", "rank")


class PlacesError(ValueError):
    """A list of crossings that cannot be read; the sentence names row, column and remedy. Nothing was stored."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows of a list were new, different from what was stored, or the same."""

    created: int
    changed: int
    unchanged: int


@transaction.atomic
def load_crossings(rows: Iterable[Mapping[str, str]], *, by: Actor, at: datetime) -> Loaded:
    """Brings the crossings to what `rows` (columns of fixtures/crossings.csv) say. Loading twice is loading once.

    A crossing that the list no longer names stays; a blank coordinate never wipes a pin that somebody has placed.
    Raises PlacesError for a row without code, an unknown country, an unknown zone or half a coordinate.
    """
    read = [_read(number, row) for number, row in enumerate(rows, start=2)]
    known = {
        crossing.code: crossing
        for crossing in BorderCrossing.objects.filter(code__in=[code for code, _fields, _sides in read])
        .select_for_update()
        .prefetch_related("sides")
    }
    acts: list[tuple[str, BorderCrossing]] = []
    created = 0
    for code, fields, sides in read:
        crossing = known.get(code)
        if crossing is None:
            crossing = known[code] = BorderCrossing.objects.create(code=code, **fields)
            created += 1
            acts.append(("crossing entered", crossing))
            _store_sides(crossing, sides)
        elif _apply(crossing, fields) | _store_sides(crossing, sides):
            acts.append(("crossing changed", crossing))
    audit.record_many(acts, by=by, at=at)
    return Loaded(created, len(acts) - created, len(read) - len(acts))


def _apply(crossing: BorderCrossing, fields: Mapping[str, object]) -> bool:
    """Writes what differs; tells whether anything did."""
    if fields["latitude"] is None:
        kept = {"latitude", "longitude", "coordinate_kind", "coordinate_source"}
        fields = {name: value for name, value in fields.items() if name not in kept}
    different = [name for name, value in fields.items() if getattr(crossing, name) != value]
    for name in different:
        setattr(crossing, name, fields[name])
    if different:
        crossing.save(update_fields=different)
    return bool(different)


def _store_sides(crossing: BorderCrossing, sides: Collection[Mapping[str, object]]) -> bool:
    stored = {side.country: side for side in crossing.sides.all()}
    changed = False
    for wanted in sides:
        side = stored.get(str(wanted["country"])) or CrossingSide(crossing=crossing, country=str(wanted["country"]))
        if side.pk and all(getattr(side, name) == wanted[name] for name in SIDE_FIELDS):
            continue
        for name in SIDE_FIELDS:
            setattr(side, name, wanted[name])
        side.save()
        changed = True
    return changed


def _read(number: int, row: Mapping[str, str]) -> tuple[str, dict[str, object], list[dict[str, object]]]:
    """One row of the list as the code of the crossing, its fields and its sides."""
    cells = {name: (value or "").strip() for name, value in row.items() if name}
    if not cells.get("id"):
        raise PlacesError(_("Row %(row)d: the column id is empty. Give the crossing its code.") % {"row": number})
    sides = [_side(number, cells, letter, rank) for rank, letter in enumerate("ab", start=1)]
    present = [side for side in sides if side is not None]
    latitude, longitude = (_degrees(number, cells, column, most) for column, most in (("lat", 90), ("lon", 180)))
    if (latitude is None) != (longitude is None):
        raise PlacesError(
            _("Row %(row)d: lat and lon belong together. Fill in both, or leave both empty.") % {"row": number}
        )
    aliases = [alias.strip() for alias in cells.get("aliases", "").split("|") if alias.strip()]
    fields: dict[str, object] = {
        "modes": cells.get("mode", "").split("+") if cells.get("mode") else [],
        "is_airport": cells.get("mode") == "air",
        "aliases": aliases,
        "latitude": latitude,
        "longitude": longitude,
        "coordinate_kind": cells.get("coord_kind", ""),
        "coordinate_source": cells.get("coord_source", ""),
        "unlocode": cells.get("unlocode", ""),
        "customs_post": cells.get("uz_customs_post_code", ""),
        "name_source": cells.get("name_source", ""),
        "confidence": cells.get("confidence", ""),
        "note": cells.get("note", ""),
    }
    names = [str(side[name]) for side in present for name in ("name_latin", "name_local", "name_ru")]
    fields["search_text"] = folded(
        "\n".join([cells["id"], *names, *aliases, cells.get("unlocode", ""), cells.get("uz_customs_post_code", "")])
    )
    return cells["id"], fields, present


def _side(number: int, cells: Mapping[str, str], letter: str, rank: int) -> dict[str, object] | None:
    written = cells.get(f"country_{letter}", "")
    if not written:
        if letter == "a":
            raise PlacesError(
                _("Row %(row)d: the column country_a is empty. Give the country of two letters.") % {"row": number}
            )
        return None
    country = countries.find(written)
    if country is None:
        raise PlacesError(
            _("Row %(row)d, column country_%(letter)s: “%(written)s” is no country. Give its code of two letters.")
            % {"row": number, "letter": letter, "written": written}
        )
    zone = cells.get(f"zone_{letter}", "")
    if zone not in ZONES:
        raise PlacesError(
            _("Row %(row)d, column zone_%(letter)s: “%(written)s” is no IANA time zone. Write it like Asia/Tashkent.")
            % {"row": number, "letter": letter, "written": zone}
        )
    return {
        "country": country,
        "name_latin": cells.get(f"name_{letter}_latin", ""),
        "name_local": cells.get(f"name_{letter}_local", ""),
        "name_ru": cells.get(f"name_{letter}_ru", ""),
        "zone": zone,
        "rank": rank,
    }


def _degrees(number: int, cells: Mapping[str, str], column: str, most: int) -> Decimal | None:
    written = cells.get(column, "")
    if not written:
        return None
    try:
        degrees = Decimal(written).quantize(Decimal("0.00001"))
    except InvalidOperation:
        degrees = Decimal(1000)
    if not -most <= degrees <= most:
        raise PlacesError(
            _("Row %(row)d, column %(column)s: “%(written)s” is no coordinate. Give degrees like 41.4759.")
            % {"row": number, "column": column, "written": written}
        )
    return degrees


def folded(text: str) -> str:
    """Text as it is compared in a search: lower case, without apostrophes, hyphens as blanks, ё as е."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    plain = re.sub("[‘’ʻʼ`´'.]", "", plain)
    return re.sub(r"[^\S\n]+", " ", plain.replace("-", " ")).strip()


def find_crossings(written: str) -> QuerySet[BorderCrossing]:
    """Crossings that `written` names: part of a code, of a name in any script, of an alias or of an official code."""
    found = BorderCrossing.objects.all()
    for word in folded(written).split():
        found = found.filter(search_text__contains=word)
    return found


def named_crossings() -> list[tuple[str, str]]:
    """(code, "code · title") of every land crossing, for whoever narrows a membership."""
    rows = BorderCrossing.objects.filter(is_airport=False).prefetch_related("sides").order_by("code")
    return [(row.code, f"{row.code} · {row.title}") for row in rows]
