"""The halts that an outside organisation serves, in counts alone."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from common import clock
from partners.access import Permission
from partners.doors import SignedInRequest, door
from returns import halts


@require_GET
@door(Permission.SEE_HALTS)
def halt_list(request: SignedInRequest) -> HttpResponse:
    """Heads, families and open needs of the halts that the viewer's organisation serves; nothing of any other."""
    at = clock.now()
    return render(
        request, "returns/assistance/halts.html", {"served": halts.served_by(request.viewer, at=at), "at": at}
    )
