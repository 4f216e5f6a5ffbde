"""Announcing an arrival: what would be said to whom, and pressing it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.forms import blaming
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import arrival_needs, outside, reception
from returns.announced_words import BANDS
from returns.forms.arrival_needs import ArrivalNeedsForm
from returns.views.movements import head_of_movement, visible_movement


@require_http_methods(["GET", "POST"])
@door(Permission.SEND_MOVEMENTS)
def movement_announce(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """What the country of arrival would be told, and who of it; POST tells them."""
    found, refusal = visible_movement(request.viewer, public_id), ""
    if request.method == "POST":
        try:
            with transaction.atomic():
                outside.announce(movement=found, by=request.viewer.actor, at=clock.now())
        except outside.AnnouncementError as error:
            refusal = error.sentence
        else:
            messages.success(request, _("Announced. Who has acknowledged it stands with the notice."))
            return redirect("returns:movement_announce", found.public_id)
    said = outside.announcement_of(found)
    context = {
        "said": said,
        "bands": [(BANDS[name], figure) for name, figure in said.bands],
        "told": outside.told_of(found, at=clock.now()),
        "announced": outside.announced(found),
        "refusal": refusal,
        "ready": reception.standing(found),
        "needs": arrival_needs.in_words(found),
        **head_of_movement(found, request.viewer),
    }
    return render(request, "returns/announcing/movement.html", context, status=422 if refusal else 200)


@require_http_methods(["GET", "POST"])
@door(Permission.SEND_MOVEMENTS)
def movement_needs(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """What has to stand ready where a movement arrives; POST writes it down, and whoever receives sees it."""
    found = visible_movement(request.viewer, public_id)
    form = ArrivalNeedsForm(request.POST or None, movement=found)
    if form.is_bound and form.is_valid():
        with blaming(form):
            arrival_needs.write(movement=found, needs=form.needs, by=request.viewer.actor, at=clock.now())
            messages.success(request, _("Written down. Whoever receives the group sees it."))
            return redirect("returns:movement_announce", found.public_id)
    context = {"form": form, **head_of_movement(found, request.viewer)}
    return render(request, "returns/announcing/needs.html", context, status=422 if form.errors else 200)
