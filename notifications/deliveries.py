"""Sending what is queued. The row is the queue: claimed with a lease, in flight, committed, sent outside any transaction.

Whatever happens to a worker, the row says where the delivery stands. A lease that ran out is taken over and sent again
with the same Message-ID and link: never zero copies, a second one only of a delivery that was in flight.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q

from common.audience import asking
from notifications import buckets
from notifications.delivery_states import OPEN, move
from notifications.enums import DeliveryState, NoticeState
from notifications.lines import HANDFUL, Line, Lines, Outcome
from notifications.models import Delivery, DeliveryAttempt
from notifications.outcomes import attempt, put_back, record
from notifications.rounds import AUDIENCE, SendSummary, Watch
from notifications.transports import TransportError
from notifications.troubles import held_kinds

__all__ = ["SendSummary", "send_due", "why_not_sent"]

BATCH = 200
"""How many deliveries a worker holds at once."""
FIRST = 20
"""How many it takes at first, so that whoever is first need not wait until many are claimed."""
LEFT = 0.75
"""What part of its lease must be left when a handful is given to a line, which stops in the middle rather than outlast it."""
LONGEST_ROUND = timedelta(seconds=60)
"""After this a round claims nothing more and is signed, before anybody takes it for silence (`watchdog.PATIENCE`)."""


def send_due(*, real_at: datetime, at: datetime) -> SendSummary:
    """Sends everything that is due at wall time `real_at`; business time is `at`. Opens its own transactions."""
    watch, summary = Watch(real_at=real_at, at=at), SendSummary()
    more = True
    with Lines(seconds=settings.DELIVERY_LEASE_SECONDS * LEFT) as lines:
        while more or not lines.is_idle:
            if more and lines.in_hand < BATCH // 2:
                more = _claim_into(lines, watch, summary) and watch.passed < LONGEST_ROUND
            for line in lines.free():
                _start(line, lines, watch, summary)
            record(lines.finished(), watch, summary)
            if watch.passed >= LONGEST_ROUND:
                _leave(lines, watch)
    return summary


def _leave(lines: Lines, watch: Watch) -> None:
    """Puts back what still waits for a line when the round has lasted long enough."""
    with asking(AUDIENCE):
        for line in lines.lines.values():
            put_back(line.waiting, due_at=watch.real)
            line.waiting.clear()


def _claim_into(lines: Lines, watch: Watch, summary: SendSummary) -> bool:
    """Takes the next batch; says whether there may be more."""
    most = BATCH - lines.in_hand if lines.lines else FIRST
    claimed, found = claim(most, watch, summary)
    with asking(AUDIENCE):
        held = held_kinds(real_at=watch.real) if claimed else {}
        lines.add([row for row in claimed if row.channel_kind not in held])
    refused = [
        Outcome(row, error=TransportError(held[row.channel_kind], permanent=True, ours=True))
        for row in claimed
        if row.channel_kind in held
    ]
    record(refused, watch, summary)
    return found > 0


def claim(most: int, watch: Watch, summary: SendSummary) -> tuple[list[Delivery], int]:
    """Takes the next rows under a lease that no other worker has, and ends what nobody waits for any more.

    Returns what is to be sent, and how many rows were found.
    """
    now = watch.real
    with asking(AUDIENCE):
        rows = list(
            Delivery.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
            .select_related("notice__alert", "notice__organisation")
            .filter(Q(claimed_until=None) | Q(claimed_until__lte=now), state__in=OPEN, due_at__lte=now)
            .order_by("due_at", "pk")[:most]
        )
        if not rows:
            return [], 0
        DeliveryAttempt.objects.bulk_create(
            attempt(row.public_id, DeliveryState.IN_FLIGHT, "The worker ended in the middle; taken over.", watch)
            for row in rows
            if row.state == DeliveryState.IN_FLIGHT
        )
        wanted = [row for row in rows if why_not_sent(row, at=watch.business) is None]
        unwanted = [row for row in rows if why_not_sent(row, at=watch.business) is not None]
        for row in unwanted:
            _end(row, watch)
        lease = now + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
        for row in wanted:
            row.state, row.claimed_until, row.tries = DeliveryState.IN_FLIGHT, lease, row.tries + 1
        Delivery.objects.filter(pk__in=[row.pk for row in wanted]).update(
            state=DeliveryState.IN_FLIGHT, claimed_until=lease, tries=F("tries") + 1
        )
    summary.ended += len(unwanted)
    return wanted, len(rows)


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


def _start(line: Line, lines: Lines, watch: Watch, summary: SendSummary) -> None:
    """Gives a free line its next handful, as far as the operator takes it, or gives back what waits for a broken one."""
    if line.broken is not None:
        record(line.give_back(), watch, summary)
        return
    handful = [line.waiting.popleft() for _turn in range(min(HANDFUL, len(line.waiting)))]
    with asking(AUDIENCE):
        wanted = _still_wanted(handful, watch, summary)
    allowed = buckets.take(line.kind, len(wanted))
    if allowed < len(wanted):
        line.waiting.extendleft(reversed(wanted[allowed:]))
        line.pause(buckets.wait_for(line.kind))
    if allowed:
        lines.start(line, wanted[:allowed])


def _still_wanted(handful: Sequence[Delivery], watch: Watch, summary: SendSummary) -> list[Delivery]:
    """Looks again just before sending: the lease must outlast it, and the notice may have been answered."""
    rows = Delivery.objects.select_related("notice__alert").filter(state=DeliveryState.IN_FLIGHT)
    if _short(handful, watch):
        rows = rows.select_for_update(no_key=True, of=("self",))
    rows = rows.only("claimed_until", "state", "notice__state", "notice__alert__expires_at")
    now = {row.pk: row for row in rows.filter(pk__in=[row.pk for row in handful])}
    wanted = []
    for row in handful:
        found = now.get(row.pk)
        if found is None or found.claimed_until != row.claimed_until:
            continue  # another worker has taken it over
        row.notice.state = found.notice.state
        if why_not_sent(row, at=watch.business) is not None:
            _end(row, watch)
            summary.ended += 1
        else:
            wanted.append(row)
    _renew(_short(wanted, watch), watch)
    return wanted


def _short(handful: Sequence[Delivery], watch: Watch) -> list[Delivery]:
    """Those whose lease might end before a whole handful is sent."""
    soon = watch.real + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS * LEFT)
    return [row for row in handful if row.claimed_until and row.claimed_until <= soon]


def _renew(short: Sequence[Delivery], watch: Watch) -> None:
    """Renews leases; the caller holds the rows."""
    renewed = watch.real + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    if short:
        Delivery.objects.filter(pk__in=[row.pk for row in short]).update(claimed_until=renewed)
    for row in short:
        row.claimed_until = renewed


def _end(delivery: Delivery, watch: Watch) -> None:
    ending = why_not_sent(delivery, at=watch.business)
    if ending and move(Delivery.objects.filter(pk=delivery.pk), to=ending[0], reason=ending[1], claimed_until=None):
        attempt(delivery.public_id, *ending, watch).save(force_insert=True)
