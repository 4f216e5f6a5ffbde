"""Which lines of requirements are asked of whoever crosses somewhere: those of the crossing, and those of every crossing.

A line without a crossing holds at every crossing of its direction, and beside the crossing's own line: whoever stands at the
barrier is asked both (docs/adr/0032-lines-of-every-crossing.md).
"""

from __future__ import annotations

from collections import Counter

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common import countries
from corridors.models import BorderCrossing, CrossingSide, Requirement
from notifications.readers import EVERYWHERE

ANY = ""
"""Stands for any country, and for any means of travel, of a line that says neither."""


def asked_at(crossing: int, from_country: str, to_country: str, *, path: str = "") -> Q:
    """Select the lines (or what refers to one by `path`, such as `requirement__`) that are asked there in that direction."""
    return Q(**{f"{path}crossing": crossing}) & _both_ends(from_country, to_country, path) | asked_everywhere(
        from_country, to_country, path=path
    )


def asked_everywhere(from_country: str, to_country: str, *, path: str = "") -> Q:
    """Select the lines of every crossing that are asked in that direction."""
    return Q(**{f"{path}crossing__isnull": True}) & _both_ends(from_country, to_country, path)


def _both_ends(from_country: str, to_country: str, path: str) -> Q:
    return Q(**{f"{path}from_country__in": [from_country, ANY], f"{path}to_country__in": [to_country, ANY]})


def asks_at(line: Requirement, crossing: int, from_country: str, to_country: str) -> bool:
    """Tell the same of one line in hand."""
    return line.crossing_id in (None, crossing) and meets(line.from_country, line.to_country, from_country, to_country)


def meets(line_from: str, line_to: str, from_country: str, to_country: str) -> bool:
    """Tell whether what a line says of both ends, of which either may be left open, holds for a direction."""
    return line_from in (ANY, from_country) and line_to in (ANY, to_country)


def asks_mode(line_mode: str, mode: str) -> bool:
    """Tell whether a line is asked of whoever travels by `mode`; while nobody has said by what, everything is asked."""
    return ANY in (line_mode, mode) or line_mode == mode


def crossings_of(line: Requirement) -> QuerySet[BorderCrossing]:
    """The crossings at which a line is asked; of one between two countries, those with a side in both, and airports."""
    if line.crossing_id is not None:
        return BorderCrossing.objects.filter(pk=line.crossing_id)
    ends = [country for country in (line.from_country, line.to_country) if country]
    found = BorderCrossing.objects.all()
    at_airport = Q(is_airport=True, sides__country__in=ends)
    for country in ends:
        found = found.filter(Q(pk__in=CrossingSide.objects.filter(country=country).values("crossing")) | at_airport)
    return found.distinct()


def place_of(line: Requirement) -> str:
    """How interests and alerts name where a line is asked: `crossing:KZ-UZ-01`, or `crossings:KAZ-UZB` for all of a border."""
    if line.crossing is not None:
        return f"crossing:{line.crossing.code}"
    return f"{EVERYWHERE}{line.from_country or '*'}-{line.to_country or '*'}"


def every_crossing(from_country: str, to_country: str, language: str | None = None) -> str:
    """ "all crossings from Kazakhstan to Uzbekistan", in the language, which must be the active one."""
    names = {"from": countries.name(from_country, language), "to": countries.name(to_country, language)}
    if not from_country:
        return _("all crossings into %(to)s") % names
    if not to_country:
        return _("all crossings out of %(from)s") % names
    return _("all crossings %(from)s → %(to)s") % names


def direction_words(from_country: str, to_country: str, language: str | None = None) -> str:
    """ "Kazakhstan → Uzbekistan"; an end that is left open is "any country"."""
    return " → ".join(
        countries.name(code, language) if code else str(_("any country")) for code in (from_country, to_country)
    )


def zones_of(line: Requirement) -> list[str]:
    """The zones of both sides, that which is left first; of a line of every crossing, the one that most of them keep."""
    if line.crossing is not None:
        sides = {side.country: side.zone for side in line.crossing.sides.all()}
        own = [sides[country] for country in (line.from_country, line.to_country) if country in sides]
        return list(dict.fromkeys(own or sides.values()))
    found = [zone for country in (line.from_country, line.to_country) if (zone := zone_of_country(country))]
    return list(dict.fromkeys(found)) or ["UTC"]


def zone_of_country(country: str) -> str:
    """The zone that most crossings of a country keep; empty where none is known."""
    zones = Counter(CrossingSide.objects.filter(country=country).order_by("zone").values_list("zone", flat=True))
    return zones.most_common(1)[0][0] if zones else ""
