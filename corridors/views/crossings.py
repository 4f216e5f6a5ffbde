"""Crossings: found by any name, and one crossing with both sides, their clocks, what is asked and who is told."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from common import clock, countries
from corridors.audiences import standing_audience
from corridors.ledger import Passage, in_force_many, sentence_of
from corridors.models import BorderCrossing
from corridors.places import find_crossings
from corridors.views.paging import address, page_of
from corridors.ways import directions_of, way_of
from notifications.models import Alert
from partners.access import Permission
from partners.directory import reach_of
from partners.doors import SignedInRequest, door
from partners.unreached import lines_of
from partners.verification import verified_for


@require_GET
@door(Permission.SEE_REQUIREMENTS)
def crossing_list(request: SignedInRequest) -> HttpResponse:
    """Land crossings, then airports, by code, or those that the searched name may mean; keyset pages."""
    written = request.GET.get("q", "")[:100]
    rows = find_crossings(written).prefetch_related("sides").order_by("is_airport", "code")
    last = BorderCrossing.objects.filter(code=request.GET.get("after", "")).first()
    if last is not None:
        rows = rows.filter(Q(is_airport__gt=last.is_airport) | Q(is_airport=last.is_airport, code__gt=last.code))
    page, has_more = page_of(rows)
    context = {
        "written": written,
        "crossings": page,
        "next_url": address(q=written, after=page[-1].code) if has_more else "",
    }
    return render(request, "corridors/crossings.html", context)


@require_GET
@door(Permission.SEE_REQUIREMENTS)
def crossing(request: SignedInRequest, code: str) -> HttpResponse:
    """One crossing: both sides, what is asked in each direction now, and the organisations that will be told."""
    place = get_object_or_404(BorderCrossing.objects.prefetch_related("sides"), code=code)
    at = clock.now()
    sides = list(place.sides.all())
    passages = [Passage(place.pk, *direction, at) for direction in directions_of(place)] or _arrivals(place, at)
    asked = in_force_many(passages, known_at=at)
    context = {
        "crossing": place,
        "sides": [(side, countries.name(side.country)) for side in sides],
        "zones": [side.zone for side in sides],
        "at": at,
        "directions": [_direction(place, passage, asked[passage]) for passage in passages],
        "told": _told(place, passages) if request.viewer.may(Permission.SEE_DIRECTORY) else None,
        "alerts": Alert.objects.filter(subject=f"crossing:{place.code}").order_by("-raised_at")[:5]
        if request.viewer.may(Permission.SEE_NOTICES)
        else [],
        "may_publish": request.viewer.may(Permission.PUBLISH_REQUIREMENTS),
    }
    return render(request, "corridors/crossing.html", context)


def _arrivals(place: BorderCrossing, at: Any) -> list[Passage]:
    """An airport: the directions for which somebody has entered a requirement of its own."""
    lines = (
        place.requirements.values_list("from_country", "to_country").distinct().order_by("from_country", "to_country")
    )
    return [Passage(place.pk, from_country, to_country, at) for from_country, to_country in lines]


def _direction(place: BorderCrossing, passage: Passage, versions: list[Any]) -> dict[str, Any]:
    way = way_of(place, passage.from_country, passage.to_country)
    return {
        "way": way.meant_in(versions[0].zone) if versions else way,
        "value": f"{place.code}:{passage.from_country}:{passage.to_country}",
        "asked": [(version, sentence_of(version)) for version in versions],
        "from_country": passage.from_country,
        "to_country": passage.to_country,
        "notice": bool(versions),
    }


def _told(place: BorderCrossing, passages: list[Passage]) -> list[dict[str, Any]]:
    """Everybody with a standing interest, with how they can be reached today."""
    at = clock.now()
    audience = {
        organisation: serves_halt
        for passage in passages or [Passage(place.pk, "", "", at)]
        for organisation, serves_halt in standing_audience(
            crossing=place, from_country=passage.from_country, to_country=passage.to_country, at=at
        )
    }
    reach = reach_of(organisation.pk for organisation in audience)
    lines = lines_of(audience, at=at, verified_for=verified_for())
    faults = {line.organisation.pk: line.faults for line in lines}
    return [
        {
            "organisation": organisation,
            "country": countries.name(organisation.country) if organisation.country else "",
            "serves_halt": serves_halt,
            "reach": reach[organisation.pk],
            "faults": faults.get(organisation.pk, ()),
        }
        for organisation, serves_halt in audience.items()
    ]
