"""The engine: whether it lives, whether its books hold, and when something last went out over each channel."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from common import clock
from notifications import watchdog
from notifications.books import books, last_successes
from partners.access import Permission
from partners.doors import SignedInRequest, door
from partners.enums import ChannelKind

PARTS = {
    "deliveries": _("sends what is queued"),
    "escalation": _("takes the next step where nobody answers"),
    "webhooks": _("posts to the systems of organisations"),
    "beat": _("wakes all of them"),
}


@require_GET
@door(Permission.CALL_PARTNERS, Permission.MANAGE_DIRECTORY)
def engine(request: SignedInRequest) -> HttpResponse:
    """What was raised against what became of it; a row that fits nowhere is named."""
    at, real_at = clock.now(), clock.real_now()
    silent, signs = watchdog.silent_parts(real_at=real_at), watchdog.signs()
    accounts = books(at=at, real_at=real_at)
    sent = last_successes(at=at)
    context = {
        "parts": [
            {"name": words, "seen_at": signs[name], "is_silent": name in silent} for name, words in PARTS.items()
        ],
        "accounts": accounts,
        "holds": all(account.holds for account in accounts),
        "channels": [{"name": label, "at": sent[kind]} for kind, label in ChannelKind.choices],
        "zone": request.viewer.user.time_zone,
    }
    return render(request, "notifications/engine.html", context)
