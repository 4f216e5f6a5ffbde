"""Whom nobody could reach today, before it matters."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from common import clock
from partners import unreached
from partners.access import Permission
from partners.doors import SignedInRequest, door
from partners.verification import verified_for


@require_GET
@door(Permission.SEE_DIRECTORY)
def unreached_list(request: SignedInRequest) -> HttpResponse:
    """Organisations that are to be told of something and could not be reached now or tonight, each with what to do."""
    at, period = clock.now(), verified_for()
    lines = unreached.lines_of(unreached.concerned(), at=at, verified_for=period)
    context = {
        "grave": [line for line in lines if line.is_grave],
        "others": [line for line in lines if not line.is_grave],
        "at": at,
        "verified_days": period.days,
    }
    return render(request, "partners/unreached.html", context)
