"""One version of a frozen manifest: who travels in which bus, what it changed, and whether a paper is the one in force."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from common import audit, clock
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns.freezing import changes_between
from returns.models import Manifest, ManifestEntry, Vehicle
from returns.views.movements import head_of_movement, visible_movement


@require_GET
@door(Permission.SEE_MOVEMENTS)
def frozen_manifest(request: SignedInRequest, public_id: UUID, number: int) -> HttpResponse:
    """A version by bus; each person on it leaves an access row."""
    found = visible_movement(request.viewer, public_id)
    manifest = get_object_or_404(Manifest.objects.filter(movement=found), number=number)
    entries = list(manifest.entries.select_related("vehicle", "person").order_by("vehicle__rank", "full_name"))
    audit.record_views(
        [entry.person.public_id for entry in entries],
        page=f"manifest {found}, version {number}",
        by=request.viewer.actor,
        at=clock.now(),
    )
    before = Manifest.objects.filter(movement=found, number=number - 1).first()
    newest = found.manifests.last()
    context = {
        **head_of_movement(found, request.viewer),
        "manifest": manifest,
        "newest": newest,
        "is_newest": newest == manifest,
        "buses": _by_bus(entries),
        "changes": changes_between(before, manifest),
    }
    return render(request, "returns/movements/manifest.html", context)


def _by_bus(entries: list[ManifestEntry]) -> list[tuple[Vehicle, list[ManifestEntry]]]:
    buses: dict[Vehicle, list[ManifestEntry]] = {}
    for entry in entries:
        buses.setdefault(entry.vehicle, []).append(entry)
    return list(buses.items())
