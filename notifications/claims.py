"""Taking deliveries out of the queue: under a lease that no other worker has, and as long as somebody waits for them.

Whoever sends a thousand of them in a second reads no models: a claimed delivery is what a line needs of its row, and one
statement takes or looks at as many as there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from common.many_rows import as_array
from common.sealed import SealedTextField
from notifications.delivery_states import move
from notifications.enums import DeliveryState, NoticeState
from notifications.letters import Master
from notifications.models import Delivery, DeliveryAttempt
from notifications.rounds import Watch

LEFT = 0.75
"""What part of its lease must be left when a handful is given to a line, which stops in the middle rather than outlast it."""
TAKEN_OVER = "The worker ended in the middle; taken over."
_DUE = """
with due as materialized (
    select * from notifications_delivery
    where state in ('queued', 'in_flight') and due_at <= %(now)s and (claimed_until is null or claimed_until <= %(now)s)
    order by due_at, id limit %(most)s for no key update skip locked
)
select due.id, due.public_id, due.notice_id, due.contact_id, due.channel_kind, due.address, due.language, due.message_id,
       due.letter_id, due.tries + 1, due.payload, %(lease)s::timestamptz, due.state, notice.state, alert.expires_at
from due
join notifications_notice notice on notice.id = due.notice_id
join notifications_alert alert on alert.id = notice.alert_id
order by due.due_at, due.id
"""
_TAKE = """
update notifications_delivery set state = 'in_flight', claimed_until = %(lease)s, tries = tries + 1
where id = any(%(keys)s::bigint[])
"""
_STILL = """
select mine.id, notice.state, alert.expires_at
from unnest(%(keys)s::bigint[], %(leases)s::timestamptz[]) mine (id, lease)
join notifications_delivery delivery on delivery.id = mine.id and delivery.claimed_until = mine.lease
join notifications_notice notice on notice.id = delivery.notice_id
join notifications_alert alert on alert.id = notice.alert_id
where coalesce(delivery.state, '') = 'in_flight'
"""
"""By their keys: the index of what is open is full of what was, until it is swept, so no state is said to look them up."""
_RENEW = """
update notifications_delivery delivery set claimed_until = %(renewed)s
from unnest(%(keys)s::bigint[], %(leases)s::timestamptz[]) mine (id, lease)
where delivery.id = mine.id and delivery.claimed_until = mine.lease and coalesce(delivery.state, '') = 'in_flight'
returning delivery.id
"""


_OWN = (
    "pk", "public_id", "notice_id", "contact_id", "channel_kind", "address", "language", "message_id", "letter_id", "tries",
    "claimed_until",
)  # fmt: skip


@dataclass(slots=True)
class Claimed:
    """A delivery in the hands of this worker until `claimed_until` (wall time).

    The transport fills in what it needs besides: `secrets` are the keys of a webhook, `master` is the letter of a mail.
    `plain` is the message where it need not be opened.
    """

    pk: int
    public_id: UUID
    notice_id: int
    contact_id: int
    channel_kind: str
    address: str
    language: str
    message_id: str
    letter_id: int | None
    tries: int
    sealed: bytes | None
    claimed_until: datetime
    secrets: Sequence[str] = field(default=())
    master: Master | None = None
    plain: str | None = None

    @classmethod
    def written(cls, delivery: Delivery) -> Claimed:
        """What this worker has just written in flight."""
        return cls(
            **{name: getattr(delivery, name) for name in _OWN},
            sealed=None,
            plain=delivery.payload,
        )

    @property
    def payload(self) -> str | None:
        """The message as it was queued. Raises SealError."""
        if self.plain is not None:
            return self.plain
        kept: SealedTextField = Delivery._meta.get_field("payload")
        return None if self.sealed is None else kept.opened(self.sealed, bound_to=kept.bound_to(self.public_id))


def why_not_sent(*, owed: str, expires_at: datetime, at: datetime) -> tuple[DeliveryState, str] | None:
    """How a delivery ends, and for what reason, where nobody needs it any more: `owed` is the state of its notice."""
    if owed == NoticeState.ACKNOWLEDGED:
        return DeliveryState.SUPERSEDED, "acknowledged before it was sent"
    if owed == NoticeState.SUPERSEDED:
        return DeliveryState.SUPERSEDED, "superseded by a newer version"
    if owed == NoticeState.EXPIRED or expires_at <= at:
        return DeliveryState.EXPIRED, "the notice has expired"
    return None


def claim(most: int, watch: Watch) -> tuple[list[Claimed], int]:
    """Takes what is due under a lease, and ends what nobody waits for any more; in the sender's transaction.

    Returns what is to be sent, and how many were ended.
    """
    lease = watch.real + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    wanted, unwanted, taken_over = [], [], []
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"now": watch.real, "most": most, "lease": lease})
        for *values, state, owed, expires_at in cursor.fetchall():
            row = Claimed(*values)
            if state == DeliveryState.IN_FLIGHT:
                taken_over.append(attempt(row.public_id, DeliveryState.IN_FLIGHT, TAKEN_OVER, watch))
            ending = why_not_sent(owed=owed, expires_at=expires_at, at=watch.business)
            wanted.append(row) if ending is None else unwanted.append((row, ending))
        if wanted:
            cursor.execute(_TAKE, {"lease": lease, "keys": as_array(row.pk for row in wanted)})
    DeliveryAttempt.objects.bulk_create(taken_over)
    _end(unwanted, watch)
    return wanted, len(unwanted)


def still_wanted(claimed: Sequence[Claimed], watch: Watch) -> tuple[list[Claimed], int]:
    """Looks again just before sending: the lease must outlast it, and the notice may have been answered.

    Returns what is still to be sent, and how many were ended; what another worker has taken over is left out.
    """
    if not claimed:
        return [], 0
    found = {key: rest for key, *rest in _asked(_STILL, claimed)}
    wanted, unwanted = [], []
    for row in claimed:
        if row.pk in found:
            owed, expires_at = found[row.pk]
            ending = why_not_sent(owed=owed, expires_at=expires_at, at=watch.business)
            wanted.append(row) if ending is None else unwanted.append((row, ending))
    _end(unwanted, watch)
    return _renewed(wanted, watch), len(unwanted)


def _renewed(wanted: Sequence[Claimed], watch: Watch) -> list[Claimed]:
    """Renews the leases that might end before a whole handful is sent; what has been taken over meanwhile is left out."""
    soon = watch.real + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS * LEFT)
    if not (short := [row for row in wanted if row.claimed_until <= soon]):
        return list(wanted)
    renewed = watch.real + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    ours = {key for (key,) in _asked(_RENEW, short, renewed=renewed)}
    lost = {row.pk for row in short} - ours
    for row in short:
        row.claimed_until = renewed
    return [row for row in wanted if row.pk not in lost]


def _asked(statement: str, claimed: Sequence[Claimed], **more: object) -> list[tuple[Any, ...]]:
    told: dict[str, Any] = {
        "keys": as_array(row.pk for row in claimed),
        "leases": as_array(row.claimed_until for row in claimed),
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, told | more)
        return list(cursor.fetchall())


def _end(unwanted: Sequence[tuple[Claimed, tuple[DeliveryState, str]]], watch: Watch) -> None:
    ended = []
    for row, (state, reason) in unwanted:
        if move(Delivery.objects.filter(pk=row.pk), to=state, reason=reason, claimed_until=None):
            ended.append(attempt(row.public_id, state, reason, watch))
    DeliveryAttempt.objects.bulk_create(ended)


def attempt(delivery: UUID, outcome: str, answer: str, watch: Watch) -> DeliveryAttempt:
    """One line about one try, not yet saved."""
    return DeliveryAttempt(at=watch.real, delivery=delivery, outcome=outcome, answer=answer[:300])
