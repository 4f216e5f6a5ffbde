"""What waits for whoever is signed in: the page, the bell of every other page, and the ticket to hear when it changes."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_GET

from common import clock, live
from common.inbox import inbox_of
from partners.access import Permission
from partners.doors import SignedInRequest, door


@require_GET
@door(*Permission)
def inbox(request: SignedInRequest) -> HttpResponse:
    """What is owed first, then what has time; each leads to where it is done."""
    return _fresh(request, "notifications/inbox_panel.html" if _is_poll(request) else "notifications/inbox.html")


@require_GET
@door(*Permission)
def bell(request: SignedInRequest) -> HttpResponse:
    """The bell and what is overdue, as they stand on every page: 304 while nothing has changed."""
    return _fresh(request, "notifications/bell.html")


@require_GET
@door(*Permission)
def ticket(request: SignedInRequest) -> HttpResponse:
    """With what the page may listen for half a minute, and where; empty where there is nothing to hear.

    It hears that something changed, never what. A ticket is asked for anew whenever a stream has ended, so that whoever was
    signed out hears nothing more.
    """
    asked = request.GET.getlist("topic") if settings.LIVE_ADDRESS else []
    return JsonResponse({"address": settings.LIVE_ADDRESS, "ticket": live.ticket_for(request.viewer, asked)})


def _is_poll(request: SignedInRequest) -> bool:
    return request.headers.get("X-Requested-With") == "poll"


def _fresh(request: SignedInRequest, template: str) -> HttpResponse:
    """Answer with what the template makes of the inbox, or that it is what was asked for before."""
    at = clock.now()
    zone = request.viewer.user.time_zone
    context = {"inbox": inbox_of(request.viewer, at=at), "zones": [zone], "alone": True}
    if not _is_poll(request):
        return render(request, template, context)
    content = render_to_string(template, context, request)
    etag = f'W/"{hashlib.sha256(content.encode()).hexdigest()[:32]}"'
    answer = get_conditional_response(request, etag=etag) or HttpResponse(content)
    answer["ETag"] = etag
    patch_cache_control(answer, private=True, no_cache=True)
    return answer
