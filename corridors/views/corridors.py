"""Transit corridors: the agreed ways, and whether a requirement on them has changed since."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from common import clock
from corridors.ledger import differences, sentence_of
from corridors.models import TransitCorridor
from corridors.transit import changes_on_the_way, newest_versions
from corridors.views.paging import address, page_of
from partners.access import Permission
from partners.doors import SignedInRequest, door


@require_GET
@door(Permission.SEE_REQUIREMENTS)
def corridor_list(request: SignedInRequest) -> HttpResponse:
    """Every corridor in its newest wording, by code; keyset pages."""
    rows = (
        newest_versions()
        .select_related("corridor__entry", "corridor__exit", "requested_by")
        .prefetch_related("corridor__entry__sides", "corridor__exit__sides")
        .order_by("corridor__code")
    )
    if after := request.GET.get("after", ""):
        rows = rows.filter(corridor__code__gt=after)
    page, has_more = page_of(rows)
    context = {"versions": page, "next_url": address(after=page[-1].corridor.code) if has_more else ""}
    return render(request, "corridors/corridors.html", context)


@require_GET
@door(Permission.SEE_REQUIREMENTS)
def corridor(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One corridor: where it leads, its versions, and what changed on the way since the newest was made."""
    way = get_object_or_404(
        TransitCorridor.objects.select_related("entry", "exit").prefetch_related("entry__sides", "exit__sides"),
        public_id=public_id,
    )
    versions = list(way.versions.select_related("requested_by").order_by("-number"))
    newest = versions[0] if versions else None
    entry, leave = (
        way.entry.way(way.from_country, way.transit_country),
        way.exit.way(way.transit_country, way.to_country),
    )
    context = {
        "corridor": way,
        "entry": entry,
        "leave": leave,
        "versions": versions,
        "newest": newest,
        "zones": list(dict.fromkeys([*(side.zone for side in reversed(entry)), *(side.zone for side in leave)])),
        "at": clock.now(),
        "changes": [
            (change, sentence_of(change.version), differences(change.previous, change.version))
            for change in (changes_on_the_way(newest) if newest else [])
        ],
    }
    return render(request, "corridors/corridor.html", context)
