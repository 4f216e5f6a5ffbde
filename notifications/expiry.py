"""Notices whose time is over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from common import audit
from common.actors import Actor
from notifications.alerts import end_waiting
from notifications.enums import DeliveryState, NoticeState
from notifications.models import Notice, WebhookPost

BY = Actor.task("sweep")


@transaction.atomic
def expire_due(*, at: datetime) -> int:
    """Closes every notice that is still owed after its alert's end; returns how many."""
    over = list(
        Notice.objects.select_for_update(no_key=True, of=("self",))
        .filter(state=NoticeState.OWED, alert__expires_at__lte=at)
        .order_by("pk")
    )
    ids = [notice.pk for notice in over]
    if ids:
        Notice.objects.filter(pk__in=ids).update(state=NoticeState.EXPIRED)
        end_waiting(ids, reason="the notice has expired", state=DeliveryState.EXPIRED, at=at)
        audit.record_many([("notice expired", notice) for notice in over], by=BY, at=at)
    _end_posts(at)
    return len(ids)


def _end_posts(at: datetime) -> None:
    """What waits for the system of an organisation ends with its alert: switched on after a month, it gets no month at once."""
    waiting = WebhookPost.objects.filter(state=DeliveryState.QUEUED)
    waiting.filter(alert__expires_at__lte=at).update(state=DeliveryState.EXPIRED, answer="the notice has expired")
    replaced = waiting.filter(alert__superseded_by__isnull=False, subscription__switched_off_at__isnull=False)
    replaced.update(state=DeliveryState.SUPERSEDED, answer="superseded by a newer version")
