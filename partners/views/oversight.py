"""Who did what and who looked at whom, as pages for whoever answers for both."""

from __future__ import annotations

from datetime import date, datetime
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
    asked = asked_day(request, clock.now())
    found, next_from = oversight.shown(oversight.acts(**asked))
    return render(request, "partners/acts.html", _day_context(request, asked, found, next_from, looks=False))


@require_GET
@door(Permission.SEE_AUDIT)
def looks(request: SignedInRequest) -> HttpResponse:
    """Who looked at whom, a day at a time, newest first."""
    asked = asked_day(request, clock.now())
    found, next_from = oversight.shown(oversight.looks(**asked))
    return render(request, "partners/acts.html", _day_context(request, asked, found, next_from, looks=True))


def asked_day(request: SignedInRequest, today: datetime) -> dict[str, Any]:
    """What the form above a record asks for; the day of `today` where it names none."""
    zone = ZoneInfo(request.viewer.user.time_zone)
    try:
        on = parse_date(request.GET.get("on", ""))
    except ValueError:  # like a date, and none: 31 February
        on = None
    written = request.GET.get("q", "").strip()[:100].replace("\0", "")
    return {
        "on": on if on and date(1900, 1, 2) <= on <= date(9990, 1, 1) else today.astimezone(zone).date(),
        "zone": zone,
        "written": written,
        "after": request.GET.get("after", "")[:100],
    }


def next_page(request: SignedInRequest, asked: dict[str, Any], next_from: str) -> str:
    """The address of the page that follows, empty at the end."""
    kept = request.GET.copy()
    kept["on"], kept["after"] = asked["on"].isoformat(), next_from
    return f"?{kept.urlencode()}" if next_from else ""


def record_tabs(current: str, on: date | None = None) -> list[dict[str, Any]]:
    """The records, and the seals over them; a day is kept between acts and looks, which are of the same clock."""
    day = f"?on={on:%Y-%m-%d}" if on else ""
    pages = (
        ("acts", _("Who did what"), day),
        ("looks", _("Who looked at whom"), day),
        ("changes", _("What changed"), ""),
        ("chain", _("Seals"), ""),
    )
    return [
        {"label": label, "url": reverse(f"partners:{name}") + asked, "current": name == current}
        for name, label, asked in pages
    ]


def _day_context(
    request: SignedInRequest, asked: dict[str, Any], found: Any, next_from: str, *, looks: bool
) -> dict[str, Any]:
    return {
        "entries": found,
        "looks": looks,
        "on": asked["on"],
        "written": asked["written"],
        "zones": [request.viewer.user.time_zone],
        "next_url": next_page(request, asked, next_from),
        "tabs": record_tabs("looks" if looks else "acts", asked["on"]),
    }
