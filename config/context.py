"""What every signed-in page knows besides its own content."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from common import clock, navigation
from common.inbox import inbox_of
from notifications import watchdog
from partners.access import Permission


def page(request: HttpRequest) -> dict[str, Any]:
    """The rail, the clocks and who is looking; nothing where nobody passed a door (`partners.doors`)."""
    viewer = getattr(request, "viewer", None)
    if viewer is None:
        return {}
    return {
        "viewer": viewer,
        "viewer_title": viewer.title,
        "search_url": reverse("returns:people") if viewer.may(Permission.SEE_PEOPLE) else "",
        "navigation": navigation.entries_for(viewer, path=request.path),
        "page_now": clock.now(),
        "page_clocks": _clocks(viewer),
        "inbox": SimpleLazyObject(lambda: inbox_of(viewer, at=clock.now())),  # a part of a page shows none
        "live_address": settings.LIVE_ADDRESS,
        "engine_silent_since": watchdog.silent_since(real_at=clock.real_now()),
    }


def _clocks(viewer: Any) -> list[str]:
    """The viewer's own zone first, then those of the offices served; two at most, each once."""
    zones = [viewer.user.time_zone, *viewer.zones]
    return list(dict.fromkeys(zones))[:2]
