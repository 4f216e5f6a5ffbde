"""The day as a carrier or the country of arrival needs it; and who drives which bus."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from common import clock
from common.forms import blaming
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import receiving, road_day
from returns.announced_words import BANDS
from returns.forms.carriers import CarriersForm
from returns.incoming import arrives_at, zones_of_arrival
from returns.views.incoming import place_of
from returns.views.movements import head_of_movement, visible_movement


@require_GET
@door(Permission.SEE_OWN_JOURNEYS)
def day(request: SignedInRequest) -> HttpResponse:
    """The journeys from yesterday to tomorrow that the viewer's organisation has to do with; names on a page of their own."""
    at, organisations = clock.now(), request.viewer.organisations
    journeys = road_day.journeys_of(organisations, at=at)
    lines: list[dict[str, Any]] = [
        {"journey": journey, "bands": [(BANDS[name], figure) for name, figure in journey.bands]} for journey in journeys
    ]
    coming = list(receiving.journeys_with(organisations, at=at)[: road_day.MOST])
    signed = receiving.signed_by(organisations, coming)
    expected = [
        {
            "movement": row,
            "way": place_of(row),
            "arrives_at": arrives_at(row),
            "zones": zones_of_arrival(row),
            "is_signed": row.pk in signed,
            "is_owed": row.left_at is not None and row.pk not in signed,
        }
        for row in coming
    ]
    return render(request, "returns/day/journeys.html", {"lines": lines, "expected": expected})


@require_http_methods(["GET", "POST"])
@door(Permission.SEND_MOVEMENTS)
def movement_carriers(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Who drives which bus; POST writes it down, and the carrier finds its buses under its day."""
    found = visible_movement(request.viewer, public_id)
    form = CarriersForm(request.POST or None, buses=found.vehicles.select_related("carrier"))
    if form.is_bound and form.is_valid():
        with blaming(form):
            changed = road_day.choose_carriers(
                movement=found, carriers=form.chosen, by=request.viewer.actor, at=clock.now()
            )
            said = ngettext("%(n)d bus has another carrier now.", "%(n)d buses have another carrier now.", changed)
            messages.success(request, said % {"n": changed})
            return redirect("returns:movement", found.public_id)
    context = {"form": form, **head_of_movement(found, request.viewer)}
    return render(request, "returns/day/carriers.html", context, status=422 if form.errors else 200)
