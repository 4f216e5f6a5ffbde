"""The directory as pages: every organisation, and who of them cannot be reached today. And who did what, for oversight."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from common import clock, countries
from partners import oversight
from partners.access import Permission
from partners.directory import reach_of, unreachable
from partners.doors import SignedInRequest, door
from partners.models import Organisation

PAGE = 50


@require_GET
@door(Permission.SEE_DIRECTORY)
def organisation_list(request: SignedInRequest) -> HttpResponse:
    """Organisations by name, or only those that no notice can reach; keyset pages."""
    written = request.GET.get("q", "").strip()[:100]
    only_unreachable = request.GET.get("show") == "unreachable"
    rows = _behind(_named(written), request.GET.get("after", ""))
    if only_unreachable:
        rows = unreachable(rows)
    page = list(rows[: PAGE + 1])
    reach = reach_of(organisation.pk for organisation in page[:PAGE])
    context = {
        "written": written,
        "only_unreachable": only_unreachable,
        "lines": [
            {"organisation": row, "country": countries.name(row.country) if row.country else "", "reach": reach[row.pk]}
            for row in page[:PAGE]
        ],
        "unreachable_count": unreachable(Organisation.objects.all()).count(),
        "next_url": _next_url(page, request) if len(page) > PAGE else "",
    }
    return render(request, "partners/organisations.html", context)


def _next_url(page: list[Organisation], request: SignedInRequest) -> str:
    asked = request.GET.copy()
    asked["after"] = str(page[PAGE - 1].public_id)
    return f"?{asked.urlencode()}"


def _named(written: str) -> QuerySet[Organisation]:
    rows = Organisation.objects.order_by("name_en", "pk")
    for word in written.split():
        rows = rows.filter(
            Q(name_en__icontains=word)
            | Q(name_local__icontains=word)
            | Q(name_ru__icontains=word)
            | Q(code__icontains=word)
            | Q(seat__icontains=word)
        )
    return rows


def _behind(rows: QuerySet[Organisation], after: str) -> QuerySet[Organisation]:
    """The rows behind the one with this public id; all of them where there is none."""
    try:
        last = Organisation.objects.filter(public_id=UUID(after)).first()
    except ValueError:
        last = None
    if last is None:
        return rows
    return rows.filter(Q(name_en__gt=last.name_en) | Q(name_en=last.name_en, pk__gt=last.pk))


@require_GET
@door(Permission.SEE_DIRECTORY)
def organisation(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One organisation: names, offices, desks in the order in which they are asked, and what it wants to know."""
    row = get_object_or_404(
        Organisation.objects.prefetch_related("offices__contacts__channels", "interests"), public_id=public_id
    )
    context: dict[str, Any] = {
        "organisation": row,
        "country": countries.name(row.country) if row.country else "",
        "offices": row.offices.all(),
        "reach": reach_of([row.pk])[row.pk],
        "interests": [
            {"code": interest.subject.split(":")[1], "serves_halt": interest.serves_halt}
            for interest in row.interests.all()
            if interest.subject.startswith("crossing:")
        ],
        "at": clock.now(),
    }
    return render(request, "partners/organisation.html", context)


@require_GET
@door(Permission.SEE_AUDIT)
def acts(request: SignedInRequest) -> HttpResponse:
    """Who did what, a day at a time, newest first."""
    asked = _asked_day(request)
    found, next_from = oversight.shown(oversight.acts(**asked))
    return render(request, "partners/acts.html", _day_context(request, asked, found, next_from, looks=False))


@require_GET
@door(Permission.SEE_AUDIT)
def looks(request: SignedInRequest) -> HttpResponse:
    """Who looked at whom, a day at a time, newest first."""
    asked = _asked_day(request)
    found, next_from = oversight.shown(oversight.looks(**asked))
    return render(request, "partners/acts.html", _day_context(request, asked, found, next_from, looks=True))


def _asked_day(request: SignedInRequest) -> dict[str, Any]:
    zone = ZoneInfo(request.viewer.user.time_zone)
    try:
        on = parse_date(request.GET.get("on", ""))
    except ValueError:  # like a date, and none: 31 February
        on = None
    written = request.GET.get("q", "").strip()[:100].replace("\0", "")
    return {
        "on": on if on and date(1900, 1, 2) <= on <= date(9990, 1, 1) else clock.now().astimezone(zone).date(),
        "zone": zone,
        "written": written,
        "after": request.GET.get("after", "")[:100],
    }


def _day_context(
    request: SignedInRequest, asked: dict[str, Any], found: Any, next_from: str, *, looks: bool
) -> dict[str, Any]:
    kept = request.GET.copy()
    kept["on"], kept["after"] = asked["on"].isoformat(), next_from
    day = f"?on={asked['on']:%Y-%m-%d}"
    return {
        "entries": found,
        "looks": looks,
        "on": asked["on"],
        "written": asked["written"],
        "zones": [request.viewer.user.time_zone],
        "next_url": f"?{kept.urlencode()}" if next_from else "",
        "tabs": [
            {"label": _("Who did what"), "url": reverse("partners:acts") + day, "current": not looks},
            {"label": _("Who looked at whom"), "url": reverse("partners:looks") + day, "current": looks},
        ],
    }
