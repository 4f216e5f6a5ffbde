"""Words from outside about deliveries, written down once. None of them acknowledges anything, and none moves a state back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from common import audit
from common.actors import Actor
from common.nudges import nudge
from notifications.delivery_states import move
from notifications.enums import DeliveryState
from notifications.models import Delivery, DeliveryAttempt
from notifications.queueing import queue_next
from notifications.transports import TransportError
from notifications.troubles import switch_off_after_failure

BY = Actor.task("provider_events")


class WordError(Exception):
    """What came in is not signed by whom it should be, or is not in their language."""


class What(Enum):
    DELIVERED = auto()
    BOUNCED = auto()
    ANSWERED = auto()


@dataclass(frozen=True, slots=True)
class Event:
    """One word about one delivery, which is named by what the operator gives back: our own id (`delivery`), its own
    (`provider_ref`), a Message-ID, or the address that wrote to us. `address_refused`: nobody is there.
    """

    kind: str
    what: What
    delivery: UUID | None = None
    provider_ref: str = ""
    message_id: str = ""
    address: str = ""
    said: str = ""
    address_refused: bool = False

    @property
    def _named(self) -> Q | None:
        if self.delivery is not None:
            return Q(public_id=self.delivery)
        if self.provider_ref:
            return Q(provider_ref=self.provider_ref)
        if self.message_id:
            return Q(message_id=self.message_id)
        return Q(address=self.address) if self.address else None

    def find(self) -> Delivery | None:
        """The delivery meant, locked; of several to one address the last."""
        if self._named is None:
            return None
        rows = Delivery.objects.select_for_update(no_key=True, of=("self",)).select_related("notice__alert")
        return rows.filter(self._named, channel_kind=self.kind).order_by("-pk").first()


@transaction.atomic
def take(events: Iterable[Event], *, at: datetime, real_at: datetime) -> int:
    """Writes down what is new in `events`; what is unknown, late or told twice changes nothing. Returns how many were new.

    `at` is business time, `real_at` wall time.
    """
    return sum(_take_one(event, at, real_at) for event in events)


def _take_one(event: Event, at: datetime, real_at: datetime) -> bool:
    delivery = event.find()
    if delivery is None:
        return False
    same = Delivery.objects.filter(pk=delivery.pk)
    handed_over: dict[str, Any] = {"handed_over_at": Coalesce("handed_over_at", Value(at)), "claimed_until": None}
    if event.what is What.ANSWERED:
        new = bool(same.filter(answered_at__isnull=True).update(answered_at=at))
        outcome = delivery.state
    elif event.what is What.DELIVERED:
        new = bool(move(same, to=DeliveryState.DELIVERED, delivered_at=at, **handed_over))
        outcome = DeliveryState.DELIVERED
    else:
        new = bool(move(same, to=DeliveryState.BOUNCED, reason=event.said[:300], claimed_until=None))
        outcome = DeliveryState.BOUNCED
    if new:
        DeliveryAttempt.objects.create(
            at=real_at,
            delivery=delivery.public_id,
            outcome=outcome,
            answer=(event.said or event.what.name.lower())[:300],
        )
    if new and event.what is What.BOUNCED:
        _next_channel(delivery, event, at)
    return new


def _next_channel(delivery: Delivery, event: Event, at: datetime) -> None:
    """What came back is as good as not sent: the channel may be dead, and the next one is used while an answer is owed."""
    delivery.refresh_from_db(fields=["state", "reason"])
    error = TransportError(event.said, permanent=True, address_refused=event.address_refused)
    switch_off_after_failure(delivery, error, by=BY, at=at)
    if delivery.notice.state == "owed":
        queue_next(delivery, at=at)
        nudge("deliveries")
    audit.record("delivery bounced", delivery, by=BY, at=at, why=event.said[:300])
