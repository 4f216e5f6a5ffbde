"""What happened on the way, written on a phone beside the bus."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import audit, clock
from common.forms import blaming
from migrants.models import Migrant
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import incidents
from returns.forms.road import IncidentForm
from returns.models import Movement
from returns.views.movements import head_of_movement, visible_movement
from returns.ways import zones_of


@require_http_methods(["GET", "POST"])
@door(Permission.COUNT_MOVEMENTS)
def movement_incidents(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """GET shows the form and what was written; POST writes one down."""
    found = visible_movement(request.viewer, public_id)
    form = IncidentForm(
        request.POST or None,
        vehicles=list(found.vehicles.all()),
        zone=zones_of(found.group)[0],
        initial={"client_id": uuid.uuid4()},
    )
    if request.method == "POST" and form.is_valid() and _noted(request, found, form):
        return redirect(request.path)
    rows = list(incidents.readable_by(request.viewer, found))
    named = {row.person.public_id for row in rows if row.person is not None}
    audit.record_views(named, page=f"incidents of {found}", by=request.viewer.actor, at=clock.now())
    context = {**head_of_movement(found, request.viewer), "form": form, "incidents": rows}
    return render(request, "returns/movements/incidents.html", context, status=422 if form.errors else 200)


def _noted(request: SignedInRequest, found: Movement, form: IncidentForm) -> bool:
    """Write it down; where that cannot be the form carries the sentence."""
    said, at = form.cleaned_data, clock.now()
    person: Any = None
    if said["number"]:
        person = Migrant.objects.visible_to(request.viewer).filter(group=found.group_id, number=said["number"]).first()
        if person is None:
            form.add_error("number", _("Nobody of that number has a seat in this movement."))
            return False
    with blaming(form):
        incidents.note_incident(
            public_id=said["client_id"],
            movement=found,
            kind=said["kind"],
            note=said["note"],
            happened_at=said["happened_local"] or at,
            vehicle=said["vehicle"],
            person=person,
            is_confidential=said["is_confidential"],
            by=request.viewer.actor,
            at=at,
        )
        messages.success(request, _("It is written down."))
        return True
    return False
