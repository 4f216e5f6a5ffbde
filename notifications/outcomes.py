"""What became of deliveries, written down: handed over, to be tried again, or failed for good with the next channel in turn."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection

from common import audit
from common.audience import asking
from common.many_rows import as_array
from notifications.claims import Claimed, attempt
from notifications.enums import DeliveryState
from notifications.lines import Outcome
from notifications.models import Delivery, Notice
from notifications.queueing import queue_next
from notifications.rounds import AUDIENCE, SENDER, SendSummary, Watch
from notifications.transports import TransportError
from notifications.troubles import halt, switch_off_after_failure

log = structlog.get_logger(__name__)

WAITS = [timedelta(seconds=seconds) for seconds in (5, 20, 60, 180, 600, 1800)]
"""Before the second try, the third …; the last one repeats."""
JITTER = 0.2
"""By what part a wait is longer or shorter, so that what failed together does not come back together."""
MOST_TRIES = 24
"""About nine hours of trying; by then people have long been called."""


_HANDED_OVER = """
with told as materialized (
    select * from unnest(
        %(keys)s::bigint[], %(ids)s::uuid[], %(leases)s::timestamptz[], %(answers)s::text[], %(refs)s::text[],
        %(answered)s::boolean[]
    ) t (id, public_id, lease, answer, ref, is_answered)
), written as (
    update notifications_delivery delivery
    set state = case delivery.state when 'in_flight' then 'handed_over' else delivery.state end,
        reason = case delivery.state when 'in_flight' then '' else delivery.reason end,
        claimed_until = null, handed_over_at = %(at)s, real_handed_over_at = %(real_at)s,
        provider_ref = coalesce(nullif(told.ref, ''), delivery.provider_ref),
        answered_at = case when told.is_answered then %(at)s else delivery.answered_at end
    from told
    where delivery.id = told.id
      and (delivery.state = 'in_flight' and delivery.claimed_until = told.lease
           or delivery.state in ('delivered', 'bounced') and delivery.real_handed_over_at is null)
)
insert into notifications_deliveryattempt (id, at, delivery, outcome, answer)
select gen_random_uuid(), %(real_at)s, public_id, 'handed_over', left(answer, 300) from told
"""
"""Handed over where the lease is still ours. An operator may have said what became of it before we wrote this down."""
_PUT_BACK = """
update notifications_delivery delivery
set state = 'queued', claimed_until = null, tries = delivery.tries - 1, due_at = told.due_at,
    reason = coalesce(told.reason, delivery.reason)
from unnest(%(keys)s::bigint[], %(leases)s::timestamptz[], %(dues)s::timestamptz[], %(reasons)s::text[])
    told (id, lease, due_at, reason)
where delivery.id = told.id and delivery.claimed_until = told.lease and coalesce(delivery.state, '') = 'in_flight'
"""


def record_handed_over(outcomes: Sequence[Outcome], watch: Watch, summary: SendSummary) -> None:
    """Writes down, in the sender's transaction, what went through, and gives back what was never tried."""
    taken = [(each.delivery, each.receipt) for each in outcomes if each.receipt is not None]
    if taken:
        told = {
            "keys": as_array(row.pk for row, _receipt in taken),
            "ids": as_array(row.public_id for row, _receipt in taken),
            "leases": as_array(row.claimed_until for row, _receipt in taken),
            "answers": as_array(receipt.answer for _row, receipt in taken),
            "refs": as_array(receipt.provider_ref for _row, receipt in taken),
            "answered": as_array(receipt.answered for _row, receipt in taken),
        }
        with connection.cursor() as cursor:
            cursor.execute(_HANDED_OVER, told | {"at": watch.business, "real_at": watch.real})
        summary.handed_over += len(taken)
    untried = [(each.delivery, each.error) for each in outcomes if each.error is not None and not each.tried]
    if untried:
        waits = [error.wait or wait_after(row.tries - 1) for row, error in untried]
        _put_back(
            [row for row, _error in untried],
            dues=[watch.real + wait for wait in waits],
            reasons=[error.answer for _row, error in untried],
        )
        summary.to_retry += len(untried)


def record_failures(outcomes: Sequence[Outcome], watch: Watch, summary: SendSummary) -> None:
    """Writes down what was tried and did not go through, each in a transaction of its own."""
    for each in outcomes:
        if each.error is not None and each.tried:
            _record_failure(each.delivery, each.error, watch, summary)


def _record_failure(claimed: Claimed, error: TransportError, watch: Watch, summary: SendSummary) -> None:
    """To be tried again after a wait, or failed for good: then the next channel takes over in the same transaction."""
    for_good = error.permanent or claimed.tries >= MOST_TRIES
    state = DeliveryState.FAILED if for_good else DeliveryState.QUEUED
    due_at = watch.real + (error.wait or wait_after(claimed.tries))
    with asking(AUDIENCE):
        if for_good:  # the notice before the delivery, as whoever answers it
            Notice.objects.select_for_update(no_key=True).get(pk=claimed.notice_id)
        ours = settle(claimed, state=state, reason=error.answer, due_at=due_at)
        attempt(claimed.public_id, state, error.answer, watch).save(force_insert=True)
        if error.ours:
            halt(claimed.channel_kind, why=error.answer, by=SENDER, at=watch.business, real_at=watch.real)
        if for_good and ours:
            delivery = Delivery.objects.select_related("notice__alert", "notice__organisation").get(pk=claimed.pk)
            if error.permanent and not error.ours:
                switch_off_after_failure(delivery, error, by=SENDER, at=watch.business)
            queue_next(delivery, at=watch.business)
            audit.record("delivery failed for good", delivery, by=SENDER, at=watch.business, why=error.answer)
    if for_good:
        summary.failed += 1
    else:
        summary.to_retry += 1
    log.warning("delivery_not_handed_over", delivery=str(claimed.public_id), for_good=for_good)


def put_back(claimed: Sequence[Claimed], *, due_at: datetime) -> None:
    """What has to wait for its turn at an operator; its try is not counted. Call it in a transaction of the sender."""
    _put_back(claimed, dues=[due_at] * len(claimed), reasons=[None] * len(claimed))


def _put_back(claimed: Sequence[Claimed], *, dues: Sequence[datetime], reasons: Sequence[str | None]) -> None:
    told: dict[str, Any] = {"keys": [row.pk for row in claimed], "leases": [row.claimed_until for row in claimed]}
    with connection.cursor() as cursor:
        cursor.execute(_PUT_BACK, {**told, "dues": list(dues), "reasons": list(reasons)})


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many tries; never twice exactly the same."""
    return WAITS[min(max(tries, 1), len(WAITS)) - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 (no secret)


def settle(claimed: Claimed, **values: object) -> bool:
    """Writes the outcome if the lease is still ours; says whether it was."""
    ours = Delivery.objects.filter(pk=claimed.pk, state=DeliveryState.IN_FLIGHT, claimed_until=claimed.claimed_until)
    return bool(ours.update(claimed_until=None, **values))
