"""Boarding by slips, on a phone: with a reader, the camera where the browser has one for codes, or by writing the number."""

from __future__ import annotations

import json
import uuid
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_permissions_policy.decorators import permissions_policy_override

from common import audit, clock
from common.forms import blaming
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import scanning
from returns.forms.road import ScanForm
from returns.models import Movement, Seat
from returns.views.movements import head_of_movement, visible_movement

WITH_CAMERA = permissions_policy_override({**settings.PERMISSIONS_POLICY, "camera": ["self"]})
"""The one page that may use the camera."""


@WITH_CAMERA
@require_http_methods(["GET", "POST"])
@door(Permission.COUNT_MOVEMENTS)
def movement_scan(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """GET shows the field; POST ticks whoever's slip it is (form-encoded, or JSON as scan.js sends it)."""
    found = visible_movement(request.viewer, public_id)
    if request.method == "GET":
        newest = found.manifests.last()
        initial = {
            "client_id": uuid.uuid4(),
            "manifest": newest.number if newest else 0,
            "vehicle": request.GET.get("bus", ""),
        }
        return _page(request, found, ScanForm(vehicles=list(found.vehicles.all()), initial=initial))
    is_device = request.content_type == "application/json"
    form = ScanForm(_sent(request) if is_device else request.POST, vehicles=list(found.vehicles.all()))
    seat, is_new = _boarded(request, found, form)
    if is_device:
        return _answer(request, found, form, seat, is_new=is_new)
    if seat is None:
        return _page(request, found, form, status=422)
    said = _("%(name)s is on board.") if is_new else _("%(name)s is on board already; nothing was changed.")
    messages.success(request, said % {"name": seat.person.full_name})
    bus = f"?bus={form.cleaned_data['vehicle'].public_id}" if form.cleaned_data["vehicle"] else ""
    return redirect(f"{request.path}{bus}")


def _sent(request: SignedInRequest) -> dict[str, Any]:
    try:
        body = json.loads(request.body)
    except ValueError:
        body = None
    return {name: value for name, value in body.items() if value is not None} if isinstance(body, dict) else {}


def _boarded(request: SignedInRequest, found: Movement, form: ScanForm) -> tuple[Seat | None, bool]:
    """Tick the person; where that cannot be the form carries the sentence."""
    if not form.is_valid():
        return None, False
    said, at = form.cleaned_data, clock.now()
    with blaming(form):
        seat, is_new = scanning.board_by_slip(
            movement=found,
            manifest=said["manifest"],
            scanned=said["scanned"],
            vehicle=said["vehicle"],
            scanned_at=said["counted_at"],
            by=request.viewer.actor,
            at=at,
        )
        page = f"boarding of {found}"
        audit.record_views([seat.person.public_id], page=page, by=request.viewer.actor, at=at)
        return seat, is_new
    return None, False


def _answer(
    request: SignedInRequest, found: Movement, form: ScanForm, seat: Seat | None, *, is_new: bool
) -> HttpResponse:
    if seat is None:
        return JsonResponse({"errors": {name: list(said) for name, said in form.errors.items()}}, status=422)
    answer = {
        "client_id": str(form.cleaned_data["client_id"]),
        "url": reverse("returns:movement_boarding", args=[found.public_id]),
        "now": clock.now().isoformat(),
    }
    return JsonResponse(answer, status=201 if is_new else 200)


def _page(request: SignedInRequest, found: Movement, form: ScanForm, *, status: int = 200) -> HttpResponse:
    seats = found.seats.filter(vehicle__isnull=False)
    context = {
        **head_of_movement(found, request.viewer),
        "form": form,
        "is_frozen": found.manifests.exists(),
        "on_board": seats.filter(boarded_at__isnull=False).count(),
        "seated": seats.count(),
        "viewer_ref": str(request.viewer.user.public_id),
    }
    return render(request, "returns/movements/scan.html", context, status=status)
