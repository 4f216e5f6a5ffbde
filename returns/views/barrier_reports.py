"""Word from the barrier: the phone page on which it is said, the list for coordinators, and one report with what follows."""

from __future__ import annotations

import json
import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from common import clock
from common.forms import blaming
from common.references import reference
from corridors import reporting
from corridors.models import BarrierReport, BorderCrossing
from corridors.reporting import Heard, ReportError
from migrants.models import TravelGroup
from partners.access import Permission, Viewer
from partners.doors import SignedInRequest, door
from returns.forms.barrier_reports import BarrierReportForm, SetAsideForm, from_device
from returns.views.counts import mission_of
from returns.views.uploads import is_taken
from returns.ways import way_of, zones_of

PAGE = 30


@require_GET
@door(Permission.SEE_GROUPS)
def barrier_reports(request: SignedInRequest) -> HttpResponse:
    """The reports that nobody has taken up, or all of them (`?show=all`), newest first; keyset pages."""
    show_all = request.GET.get("show") == "all"
    rows = reporting.reports_for(request.viewer)
    if not show_all:
        rows = rows.open()
    after = BarrierReport.objects.filter(public_id=reference(request.GET.get("after", ""))).first()
    if after is not None:
        rows = rows.filter(Q(seen_at__lt=after.seen_at) | Q(seen_at=after.seen_at, pk__lt=after.pk))
    found = list(rows[: PAGE + 1])
    last = f"&after={found[PAGE - 1].public_id}" if len(found) > PAGE else ""
    context = {
        "lines": [{"row": row, "way": way_of(row), "zones": zones_of(row)} for row in found[:PAGE]],
        "tabs": [
            {"label": _("Not taken up yet"), "url": "?", "current": not show_all},
            {"label": _("All reports"), "url": "?show=all", "current": show_all},
        ],
        "next_url": f"?show={'all' if show_all else 'open'}{last}" if last else "",
        "may_report": request.viewer.may(Permission.COUNT_GROUPS),
    }
    return render(request, "returns/barrier/list.html", context)


@require_http_methods(["GET", "POST"])
@door(Permission.COUNT_GROUPS)
def barrier_report_new(request: SignedInRequest) -> HttpResponse:
    """Three taps and a sentence, or a photograph; coordinators see it at once. POST as a form, or JSON from the device."""
    if request.method == "GET":
        initial = {"client_id": uuid.uuid4(), "way": request.GET.get("way", "")}
        return _phone(request, BarrierReportForm(initial=initial, **_places(request.viewer)))
    if request.content_type == "application/json":
        return _from_device(request)
    form = BarrierReportForm(request.POST, request.FILES, **_places(request.viewer))
    if is_taken(form, request) and (row := _stored(request, form)[0]) is not None:
        messages.success(request, _("Reported. The coordinators see it now."))
        return redirect("returns:barrier_report", row.public_id)
    return _phone(request, form, status=422)


def _from_device(request: SignedInRequest) -> HttpResponse:
    """201 the first time, 200 for the same again; what must be mended comes back with the sentences of the form."""
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        sentence = _("Send one JSON object with the fields of the form.")
        return JsonResponse({"errors": {"__all__": [sentence]}}, status=400)
    values, files = from_device(body)
    form = BarrierReportForm(values, files, **_places(request.viewer))
    row, is_new = _stored(request, form) if is_taken(form, request) else (None, False)
    if row is None:
        return JsonResponse({"errors": {name: list(said) for name, said in form.errors.items()}}, status=422)
    answer = {
        "client_id": str(row.public_id),
        "url": reverse("returns:barrier_report", args=[row.public_id]),
        "now": clock.now().isoformat(),
    }
    return JsonResponse(answer, status=201 if is_new else 200)


def _places(viewer: Viewer) -> dict[str, Any]:
    """Give what the form must know: the crossings that a viewer may name, and where somebody waits."""
    places = BorderCrossing.objects.filter(is_airport=False)
    if viewer.crossings is not None:
        places = places.filter(code__in=viewer.crossings)
    waiting = TravelGroup.objects.visible_to(viewer).waiting().values_list("crossing", flat=True)
    return {"crossings": places.prefetch_related("sides"), "first": list(waiting.distinct())}


def _phone(request: SignedInRequest, form: BarrierReportForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "viewer_ref": str(request.viewer.user.public_id)}
    return render(request, "returns/barrier/new.html", context, status=status)


def _stored(request: SignedInRequest, form: BarrierReportForm) -> tuple[BarrierReport | None, bool]:
    """Store what the form says and tell whether it is new; where it cannot be stored the form carries the sentence."""
    at, given = clock.now(), form.cleaned_data
    crossing, from_country, to_country = form.place()
    heard = Heard(
        crossing=crossing,
        from_country=from_country,
        to_country=to_country,
        seen_at=given["seen_at"] or at,
        subject=given["subject"],
        sentence=given["sentence"],
        photograph=given["photograph"],
    )
    with blaming(form):
        return reporting.report(
            public_id=given["client_id"],
            heard=heard,
            mission=mission_of(request.viewer),
            by=request.viewer.actor,
            at=at,
        )
    return None, False


@require_GET
@door(Permission.SEE_GROUPS)
def barrier_report(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """One report: who said it, who else heard it, and what became of it."""
    return _page(request, _visible(request, public_id))


def _visible(request: SignedInRequest, public_id: uuid.UUID) -> BarrierReport:
    return get_object_or_404(reporting.reports_for(request.viewer), public_id=public_id)


def _page(
    request: SignedInRequest, row: BarrierReport, form: SetAsideForm | None = None, *, status: int = 200
) -> HttpResponse:
    viewer, voices = request.viewer, list(row.voices.all())
    mine = {(row.by.kind, row.by.ref), *((voice.by.kind, voice.by.ref) for voice in voices)}
    is_open = row.state == "open"
    context = {
        "row": row,
        "voices": voices,
        "way": way_of(row),
        "way_value": f"{row.crossing.code}:{row.from_country}:{row.to_country}",
        "zones": zones_of(row),
        "form": form or SetAsideForm(),
        "may_corroborate": is_open
        and viewer.may(Permission.COUNT_GROUPS)
        and (viewer.actor.kind, viewer.actor.ref) not in mine,
        "may_settle": is_open and viewer.may(Permission.PUBLISH_REQUIREMENTS),
    }
    return render(request, "returns/barrier/report.html", context, status=status)


@require_POST
@door(Permission.COUNT_GROUPS)
def barrier_report_same(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """One tap: I heard the same."""
    row = _visible(request, public_id)
    try:
        reporting.corroborate(report=row, by=request.viewer.actor, at=clock.now())
    except ReportError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, _("Written down: you heard the same."))
    return redirect("returns:barrier_report", row.public_id)


@require_POST
@door(Permission.PUBLISH_REQUIREMENTS)
def barrier_report_aside(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Nothing follows from it, and why."""
    row, form = _visible(request, public_id), SetAsideForm(request.POST)
    if form.is_valid():
        with blaming(form):
            reporting.set_aside(report=row, reason=form.cleaned_data["reason"], by=request.viewer.actor, at=clock.now())
            messages.success(request, _("Set aside. Whoever reported it reads why."))
            return redirect("returns:barrier_reports")
    return _page(request, row, form, status=422)


@require_GET
@door(Permission.SEE_GROUPS)
def barrier_photograph(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """The photograph itself, for whoever may read the report."""
    row = get_object_or_404(BarrierReport.objects.visible_to(request.viewer), public_id=public_id)
    if row.photograph is None:
        raise Http404
    return HttpResponse(row.photograph, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


def said_in_words(row: BarrierReport) -> str:
    """A report as the source of a draft: the words, by whom, at which hour of the side that is left."""
    zone = zones_of(row)[0]
    hour = row.seen_at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
    said = row.sentence or str(_("photograph of a notice"))
    return f"{said} ({row.by}, {hour} {zone})"
