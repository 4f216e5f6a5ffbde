"""What became of deliveries, written down: handed over, to be tried again, or failed for good with the next channel in turn."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from common import audit
from common.audience import asking
from notifications.enums import DeliveryState
from notifications.lines import Outcome
from notifications.models import Delivery, DeliveryAttempt
from notifications.queueing import queue_next
from notifications.rounds import AUDIENCE, SENDER, SendSummary, Watch
from notifications.transports import Receipt, TransportError
from notifications.troubles import halt, switch_off_after_failure

log = structlog.get_logger(__name__)

WAITS = [timedelta(seconds=seconds) for seconds in (5, 20, 60, 180, 600, 1800)]
"""Before the second try, the third …; the last one repeats."""
JITTER = 0.2
"""By what part a wait is longer or shorter, so that what failed together does not come back together."""
MOST_TRIES = 24
"""About nine hours of trying; by then people have long been called."""


def record(outcomes: Sequence[Outcome], watch: Watch, summary: SendSummary) -> None:
    """Writes a handful of outcomes: all that went through in one transaction, and each that did not in its own."""
    taken = [(each.delivery, each.receipt) for each in outcomes if each.receipt is not None]
    if taken:
        with asking(AUDIENCE):
            _record_handed_over(taken, watch)
        summary.handed_over += len(taken)
    untried = [each for each in outcomes if each.error is not None and not each.tried]
    if untried:
        _give_back(untried, watch)
        summary.to_retry += len(untried)
    for each in outcomes:
        if each.error is not None and each.tried:
            _record_failure(each.delivery, each.error, watch, summary)


def _record_handed_over(taken: Sequence[tuple[Delivery, Receipt]], watch: Watch) -> None:
    now, real = watch.business, watch.real
    plain: dict[datetime | None, list[int]] = {}
    for delivery, receipt in taken:
        if receipt.provider_ref or receipt.answered:
            answered = {"answered_at": now} if receipt.answered else {}
            ref = receipt.provider_ref
            _hand_over([delivery.pk], delivery.claimed_until, now, real, provider_ref=ref, **answered)
        else:
            plain.setdefault(delivery.claimed_until, []).append(delivery.pk)
    for lease, keys in plain.items():
        _hand_over(keys, lease, now, real)
    DeliveryAttempt.objects.bulk_create(
        attempt(delivery.public_id, DeliveryState.HANDED_OVER, receipt.answer, watch) for delivery, receipt in taken
    )


def _hand_over(keys: list[int], lease: datetime | None, now: datetime, real: datetime, **values: object) -> None:
    """Handed over where the lease is still ours. An operator may have said what became of it before we wrote this down."""
    rows = Delivery.objects.filter(pk__in=keys)
    hours = {"handed_over_at": now, "real_handed_over_at": real, "claimed_until": None}
    ours = rows.filter(state=DeliveryState.IN_FLIGHT, claimed_until=lease)
    if ours.update(state=DeliveryState.HANDED_OVER, reason="", **hours, **values) < len(keys):
        further = [DeliveryState.DELIVERED, DeliveryState.BOUNCED]
        rows.filter(state__in=further, real_handed_over_at__isnull=True).update(**hours, **values)


def _record_failure(delivery: Delivery, error: TransportError, watch: Watch, summary: SendSummary) -> None:
    """To be tried again after a wait, or failed for good: then the next channel takes over in the same transaction."""
    for_good = error.permanent or delivery.tries >= MOST_TRIES
    state = DeliveryState.FAILED if for_good else DeliveryState.QUEUED
    due_at = watch.real + (error.wait or wait_after(delivery.tries))
    with asking(AUDIENCE):
        ours = settle(delivery, state=state, reason=error.answer, due_at=due_at)
        attempt(delivery.public_id, state, error.answer, watch).save(force_insert=True)
        if error.ours:
            halt(delivery.channel_kind, why=error.answer, by=SENDER, at=watch.business, real_at=watch.real)
        elif error.permanent and ours:
            switch_off_after_failure(delivery, error, by=SENDER, at=watch.business)
        if for_good and ours:
            queue_next(delivery, at=watch.business)
            audit.record("delivery failed for good", delivery, by=SENDER, at=watch.business, why=error.answer)
    if for_good:
        summary.failed += 1
    else:
        summary.to_retry += 1
    log.warning("delivery_not_handed_over", delivery=str(delivery.public_id), for_good=for_good)


def _give_back(untried: Sequence[Outcome], watch: Watch) -> None:
    """What was claimed but never tried waits like the one that was, and its try is not counted."""
    with asking(AUDIENCE):
        for each in untried:
            error, delivery = each.error, each.delivery
            due_at = watch.real + ((error.wait if error else None) or wait_after(delivery.tries))
            reason = error.answer if error else ""
            settle(delivery, state=DeliveryState.QUEUED, reason=reason, due_at=due_at, tries=delivery.tries - 1)


def put_back(deliveries: Iterable[Delivery], *, due_at: datetime) -> None:
    """What has to wait for its turn at an operator; call it in a transaction of the sender."""
    for delivery in deliveries:
        settle(delivery, state=DeliveryState.QUEUED, due_at=due_at, tries=delivery.tries - 1)


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many tries; never twice exactly the same."""
    return WAITS[min(max(tries, 1), len(WAITS)) - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 (no secret)


def settle(delivery: Delivery, **values: object) -> bool:
    """Writes the outcome if the lease is still ours; says whether it was."""
    ours = Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.IN_FLIGHT, claimed_until=delivery.claimed_until)
    return bool(ours.update(claimed_until=None, **values))


def attempt(delivery: UUID, outcome: str, answer: str, watch: Watch) -> DeliveryAttempt:
    """One line about one try, not yet saved."""
    return DeliveryAttempt(at=watch.real, delivery=delivery, outcome=outcome, answer=answer[:300])
