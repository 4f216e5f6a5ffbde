"""Looking at a group as an embassy would, before anything is shown to it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from common import clock
from migrants.consents import CONSULAR
from partners.access import Permission
from partners.doors import SignedInRequest, door
from partners.models import Organisation
from returns import looking_as
from returns.views.group_head import visible_group
from returns.views.incoming import lines_of_arrivals
from returns.views.person_head import seen

MOST = 500


@require_GET
@door(Permission.LOOK_AS_CONSULATE)
def group_as_consulate(request: SignedInRequest, public_id: UUID, code: str) -> HttpResponse:
    """The page of an embassy as it would be if the group were shown to it now; nothing is written but who looked."""
    at, group = clock.now(), visible_group(request.viewer, public_id)
    embassy = get_object_or_404(Organisation, code=code, kind__in=CONSULAR)
    people = looking_as.would_see(embassy, group, at=at)
    seen(request, [row.person for row in people], at=at)
    context = {
        "as_seen_by": embassy,
        "group": group,
        "arrivals": lines_of_arrivals(looking_as.would_arrive(embassy, group, people, at=at)),
        "people": people[:MOST],
        "how_many": len(people),
        "next_url": "",
        "zones": request.viewer.zones,
    }
    return render(request, "returns/incoming/list.html", context)
