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
from notifications.delivery_states import OPEN, move
from notifications.enums import DeliveryState
from notifications.models import Delivery, DeliveryAttempt, Notice
from notifications.operators_words import without_address
from notifications.queueing import queue_next
from notifications.transports import TransportError
from notifications.troubles import switch_off_after_failure
from partners.enums import ChannelKind
from partners.models import Channel

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
        return self._of_the_desk if self.address else None

    @property
    def _of_the_desk(self) -> Q | None:
        """What went to the desks that have this address: a stranger who writes to us has none, and costs one look."""
        numbers = Q(telegram=self.address) if self.kind == ChannelKind.TELEGRAM else Q(phone=self.address)
        desks = list(Channel.objects.filter(numbers, kind=self.kind).values_list("contact", flat=True))
        return Q(contact__in=desks, address=self.address) if desks else None

    def find(self) -> Delivery | None:
        """The delivery meant; of several to one address the last."""
        if (named := self._named) is None:
            return None
        return Delivery.objects.filter(named, channel_kind=self.kind).order_by("-pk").defer("payload").first()

    def is_of_an_earlier_try(self, delivery: Delivery) -> bool:
        """Whether the operator speaks of a try that was made again since: it names each of them anew.

        Until a new try has its name the row has that of the one before.
        """
        if not self.provider_ref or not delivery.provider_ref:
            return False
        return (delivery.provider_ref == self.provider_ref) == (delivery.state in OPEN)


@transaction.atomic
def take(events: Iterable[Event], *, at: datetime, real_at: datetime) -> int:
    """Writes down what is new in `events`; what is unknown, late or told twice changes nothing. Returns how many were new.

    `at` is business time, `real_at` wall time. Whatever order an operator tells in, the rows are locked in ours.
    """
    found = [(event, delivery) for event in events if (delivery := event.find()) is not None]
    found.sort(key=lambda pair: (pair[1].notice_id, pair[1].pk))
    return sum(_take_one(event, delivery.pk, delivery.notice_id, at, real_at) for event, delivery in found)


def _take_one(event: Event, key: int, notice_id: int, at: datetime, real_at: datetime) -> bool:
    """The notice is locked first, as by whoever answers it."""
    Notice.objects.select_for_update(no_key=True).get(pk=notice_id)
    rows = Delivery.objects.select_for_update(no_key=True, of=("self",)).select_related("notice__alert")
    delivery = rows.select_related("notice__organisation").get(pk=key)
    if event.is_of_an_earlier_try(delivery):
        return False
    said = without_address(event.said, delivery.address)
    same = Delivery.objects.filter(pk=delivery.pk)
    handed_over: dict[str, Any] = {"handed_over_at": Coalesce("handed_over_at", Value(at)), "claimed_until": None}
    if event.what is What.ANSWERED:
        new = bool(same.filter(answered_at__isnull=True).update(answered_at=at))
        outcome = delivery.state
    elif event.what is What.DELIVERED:
        new = bool(move(same, to=DeliveryState.DELIVERED, delivered_at=at, **handed_over))
        outcome = DeliveryState.DELIVERED
    else:
        new = bool(move(same, to=DeliveryState.BOUNCED, reason=said[:300], claimed_until=None))
        outcome = DeliveryState.BOUNCED
    if new:
        DeliveryAttempt.objects.create(
            at=real_at,
            delivery=delivery.public_id,
            outcome=outcome,
            answer=(said or event.what.name.lower())[:300],
        )
    if new and event.what is What.BOUNCED:
        _next_channel(delivery, said, event.address_refused, at)
    return new


def _next_channel(delivery: Delivery, said: str, refused: bool, at: datetime) -> None:
    """What came back is as good as not sent: the channel may be dead, and the next one is used while an answer is owed."""
    delivery.refresh_from_db(fields=["state", "reason"])
    error = TransportError(said, permanent=True, address_refused=refused)
    switch_off_after_failure(delivery, error, by=BY, at=at)
    if delivery.notice.state == "owed":
        queue_next(delivery, at=at)
        nudge("deliveries")
    audit.record("delivery bounced", delivery, by=BY, at=at, why=said[:300])
