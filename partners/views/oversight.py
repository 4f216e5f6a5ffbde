"""Who did what and who looked at whom, as pages for whoever answers for both."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from common import clock
from partners import oversight
from partners.access import Permission
from partners.doors import SignedInRequest, door


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
