"""What did not arrive: messages that failed or came back, channels that are off, kinds that are held."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages as flash
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from common import clock
from notifications import messages
from notifications.again import AgainError, dead_letters, try_again, undelivered
from notifications.enums import DeliveryState
from notifications.named import full_name
from notifications.readers import alerts_for
from partners.access import Permission
from partners.doors import SignedInRequest, door
from partners.enums import ChannelKind


def _reached(request: SignedInRequest) -> Q:
    return Q(notice__alert__in=alerts_for(request.viewer))


@require_GET
@door(Permission.CALL_PARTNERS)
def undelivered_list(request: SignedInRequest) -> HttpResponse:
    """Every dead letter whose notice still waits for an answer, with the button that sends it once more."""
    found = undelivered(_reached(request), real_at=clock.real_now())
    language = get_language() or "en"
    rows = [
        {
            "delivery": delivery,
            "name": full_name(delivery.notice.organisation),
            "subject": messages.subject_of(delivery.notice.alert, language),
            "kind": ChannelKind(delivery.channel_kind).label,
            "state": DeliveryState(delivery.state),
        }
        for delivery in found.deliveries
    ]
    page: dict[str, Any] = {
        "rows": rows,
        "channels": found.channels,
        "held": [{"kind": ChannelKind(row.kind).label, "row": row} for row in found.held],
        "states": list(DeliveryState),
        "zones": list(request.viewer.zones) or ["UTC"],
    }
    return render(request, "notifications/undelivered.html", page)


@require_POST
@door(Permission.CALL_PARTNERS)
def again(request: SignedInRequest, delivery_id: UUID) -> HttpResponse:
    """Sends one message once more."""
    delivery = get_object_or_404(dead_letters(_reached(request)), public_id=delivery_id)
    try:
        try_again(delivery=delivery, by=request.viewer.actor, at=clock.now(), real_at=clock.real_now())
    except AgainError as refusal:
        flash.error(request, refusal.sentence)
    else:
        who = delivery.notice.organisation.name
        flash.success(request, _("The message to %(who)s is sent once more.") % {"who": who})
    return redirect("notifications:undelivered")
