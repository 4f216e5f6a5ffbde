"""Notices whose time is over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from common import audit
from common.actors import Actor
from notifications.alerts import end_waiting
from notifications.enums import DeliveryState, NoticeState
from notifications.models import Notice

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
    return len(ids)
