"""Who knew when, for everything that was told about one crossing."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from common import clock
from notifications import messages
from notifications.proof import figures_of, matrix_row, who_knew_when
from notifications.readers import alerts_for
from partners.access import Permission
from partners.doors import SignedInRequest, door

PAGE = 5


@require_GET
@door(Permission.SEE_NOTICES)
def about_crossing(request: SignedInRequest, code: str) -> HttpResponse:
    """The latest notices about a crossing, each with its organisations; empty where there is none, as where none is seen."""
    rows = alerts_for(request.viewer).filter(subject=f"crossing:{code}").order_by("-number")
    if (before := request.GET.get("before", "")).isdecimal() and len(before) < 10:
        rows = rows.filter(number__lt=int(before))
    alerts = list(rows[: PAGE + 1])
    at, language = clock.now(), get_language() or "en"
    told = []
    for alert in alerts[:PAGE]:
        knew = who_knew_when(alert)
        told.append(
            {
                "alert": alert,
                "subject": messages.subject_of(alert, language),
                "zones": messages.zones_of(alert),
                "rows": [matrix_row(row, at=at) for row in knew],
                "figures": figures_of(knew, alert),
            }
        )
    more = f"?before={alerts[PAGE - 1].number}" if len(alerts) > PAGE else ""
    return render(request, "notifications/staff/about.html", {"code": code, "told": told, "next_url": more})
