"""Sending what is queued. The row is the queue: claimed with a lease, in flight, committed, sent outside any transaction.

Whatever happens to a worker, the row says where the delivery stands. A lease that ran out is taken over and sent again
with the same Message-ID and link: never zero copies, a second one only of a delivery that was in flight.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

import structlog
from django.conf import settings
from django.db.models import Q

from common import audit
from common.actors import Actor
from common.audience import Audience, asking
from notifications.delivery_states import OPEN, move
from notifications.enums import DeliveryState, NoticeState
from notifications.models import Delivery, DeliveryAttempt
from notifications.queueing import queue_next
from notifications.transports import Transport, TransportError, open_transport
from partners.models import Channel

log = structlog.get_logger(__name__)

BATCH = 40
WAITS = [timedelta(seconds=seconds) for seconds in (5, 20, 60, 180, 600, 1800)]
"""Before the second try, the third …; the last one repeats."""
MOST_TRIES = 24
"""About nine hours of trying; by then people have long been called."""
SENDER = Actor.task("send_deliveries")
AUDIENCE = Audience.task("send_deliveries")


@dataclass
class SendSummary:
    """How many deliveries of a round ended how."""

    handed_over: int = 0
    to_retry: int = 0
    failed: int = 0
    ended: int = 0

    def __bool__(self) -> bool:
        return any((self.handed_over, self.to_retry, self.failed, self.ended))


class Watch:
    """Business and wall time going on from the moment that the face read them."""

    def __init__(self, *, real_at: datetime, at: datetime) -> None:
        self._real_at, self._at, self._began = real_at, at, time.monotonic()

    @property
    def _passed(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._began)

    @property
    def real(self) -> datetime:
        return self._real_at + self._passed

    @property
    def business(self) -> datetime:
        return self._at + self._passed


def send_due(*, real_at: datetime, at: datetime) -> SendSummary:
    """Sends everything that is due at wall time `real_at`; business time is `at`. Opens its own transactions."""
    watch, summary = Watch(real_at=real_at, at=at), SendSummary()
    while claimed := claim(watch, summary):
        for kind, batch in groupby(sorted(claimed, key=lambda row: row.channel_kind), key=lambda row: row.channel_kind):
            with open_transport(kind) as transport:
                send_batch(list(batch), transport, watch, summary)
    return summary


def claim(watch: Watch, summary: SendSummary) -> list[Delivery]:
    """Takes the next batch under a lease that no other worker has, and ends what nobody waits for any more."""
    now = watch.real
    with asking(AUDIENCE):
        rows = list(
            Delivery.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
            .select_related("notice__alert", "notice__organisation")
            .filter(Q(claimed_until=None) | Q(claimed_until__lte=now), state__in=OPEN, due_at__lte=now)
            .order_by("due_at", "pk")[:BATCH]
        )
        taken_over = [row for row in rows if row.state == DeliveryState.IN_FLIGHT]
        DeliveryAttempt.objects.bulk_create(
            _attempt(row.public_id, DeliveryState.IN_FLIGHT, "The worker ended in the middle; taken over.", watch)
            for row in taken_over
        )
        wanted: list[Delivery] = []
        unwanted: list[Delivery] = []
        for row in rows:
            (unwanted if why_not_sent(row, at=watch.business) else wanted).append(row)
        for row in unwanted:
            _end(row, watch)
        lease = now + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
        for row in wanted:
            row.state, row.claimed_until, row.tries = DeliveryState.IN_FLIGHT, lease, row.tries + 1
        Delivery.objects.bulk_update(wanted, ["state", "claimed_until", "tries"])
    summary.ended += len(unwanted)
    return wanted if wanted or not unwanted else claim(watch, summary)


def why_not_sent(delivery: Delivery, *, at: datetime) -> tuple[DeliveryState, str] | None:
    """How this delivery ends, and for what reason, where nobody needs it any more."""
    notice = delivery.notice
    if notice.state == NoticeState.ACKNOWLEDGED:
        return DeliveryState.SUPERSEDED, "acknowledged before it was sent"
    if notice.state == NoticeState.SUPERSEDED:
        return DeliveryState.SUPERSEDED, "superseded by a newer version"
    if notice.state == NoticeState.EXPIRED or notice.alert.expires_at <= at:
        return DeliveryState.EXPIRED, "the notice has expired"
    return None


def send_batch(batch: Sequence[Delivery], transport: Transport, watch: Watch, summary: SendSummary) -> None:
    """Sends one after the other over one connection; gives back what a broken connection leaves."""
    for number, delivery in enumerate(batch):
        if not _still_ours(delivery, watch):
            continue
        if why_not_sent(delivery, at=watch.business):
            with asking(AUDIENCE):
                _end(delivery, watch)
            summary.ended += 1
            continue
        try:
            answer = transport.send(delivery)
        except TransportError as error:
            _record_failure(delivery, error, watch, summary)
            if error.lost_connection:
                _give_back(batch[number + 1 :], error, watch, summary)
                return
        else:
            _record_handed_over(delivery, answer, watch)
            summary.handed_over += 1


def _still_ours(delivery: Delivery, watch: Watch) -> bool:
    """Looks again just before sending: the lease must outlast the send, and the notice may have been answered."""
    with asking(AUDIENCE):
        found = (
            Delivery.objects.select_related("notice__alert")
            .defer("payload")
            .filter(pk=delivery.pk, state=DeliveryState.IN_FLIGHT, claimed_until=delivery.claimed_until)
            .first()
        )
        if found is None or delivery.claimed_until is None:
            return False
        delivery.notice.state = found.notice.state
        if delivery.claimed_until > watch.real + timedelta(seconds=settings.EMAIL_TIMEOUT):
            return True
        # Too late to finish under this lease: renew it, which nobody else can do while the row is ours.
        renewed = watch.real + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
        ours = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.IN_FLIGHT)
        if not ours.filter(claimed_until=delivery.claimed_until).update(claimed_until=renewed):
            return False
        delivery.claimed_until = renewed
        return True


def _record_handed_over(delivery: Delivery, answer: str, watch: Watch) -> None:
    with asking(AUDIENCE):
        _settle(
            delivery,
            state=DeliveryState.HANDED_OVER,
            reason="",
            handed_over_at=watch.business,
            real_handed_over_at=watch.real,
        )
        _attempt(delivery.public_id, DeliveryState.HANDED_OVER, answer, watch).save(force_insert=True)


def _record_failure(delivery: Delivery, error: TransportError, watch: Watch, summary: SendSummary) -> None:
    """To be tried again after a wait, or failed for good: then the next channel takes over in the same transaction."""
    for_good = error.permanent or delivery.tries >= MOST_TRIES
    state = DeliveryState.FAILED if for_good else DeliveryState.QUEUED
    with asking(AUDIENCE):
        ours = _settle(delivery, state=state, reason=error.answer, due_at=watch.real + wait_after(delivery.tries))
        _attempt(delivery.public_id, state, error.answer, watch).save(force_insert=True)
        if error.address_refused:
            _switch_off(delivery, error.answer, watch)
        if for_good and ours:
            queue_next(delivery, at=watch.business)
            audit.record("delivery failed for good", delivery, by=SENDER, at=watch.business, why=error.answer)
    if for_good:
        summary.failed += 1
    else:
        summary.to_retry += 1
    log.warning("delivery_not_handed_over", delivery=str(delivery.public_id), for_good=for_good)


def _give_back(rest: Sequence[Delivery], error: TransportError, watch: Watch, summary: SendSummary) -> None:
    """What was claimed but never tried waits like the one that was, and its try is not counted."""
    for delivery in rest:
        with asking(AUDIENCE):
            waits = watch.real + wait_after(delivery.tries)
            _settle(delivery, state=DeliveryState.QUEUED, reason=error.answer, due_at=waits, tries=delivery.tries - 1)
        summary.to_retry += 1


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many tries."""
    return WAITS[min(max(tries, 1), len(WAITS)) - 1]


def _settle(delivery: Delivery, **values: object) -> bool:
    """Writes the outcome if the lease is still ours; says whether it was."""
    ours = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.IN_FLIGHT, claimed_until=delivery.claimed_until)
    return bool(ours.update(claimed_until=None, **values))


def _end(delivery: Delivery, watch: Watch) -> None:
    ending = why_not_sent(delivery, at=watch.business)
    if ending and move(Delivery.objects.filter(pk=delivery.pk), to=ending[0], reason=ending[1], claimed_until=None):
        _attempt(delivery.public_id, *ending, watch).save(force_insert=True)


def _switch_off(delivery: Delivery, answer: str, watch: Watch) -> None:
    """An address that refuses for good is not used again until somebody mends it."""
    for channel in Channel.objects.filter(
        contact=delivery.contact_id, email=delivery.address, switched_off_at__isnull=True
    ):
        channel.switched_off_at = watch.business
        channel.save(update_fields=["switched_off_at"])
        audit.record("channel switched off", channel, by=SENDER, at=watch.business, why=answer)


def _attempt(delivery: UUID, outcome: str, answer: str, watch: Watch) -> DeliveryAttempt:
    return DeliveryAttempt(at=watch.real, delivery=delivery, outcome=outcome, answer=answer[:300])
