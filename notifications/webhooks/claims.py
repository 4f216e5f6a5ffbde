"""Taking posts out of the queue: of a system that has not answered in this round only a few, so that those of dead and slow
ones are never in the way of the others.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection

from common.many_rows import among
from notifications.models import WebhookPost, WebhookSubscription
from notifications.webhooks.subscriptions import secrets_of

FIRST, FURTHER = 2, 50
"""How many posts to one address a worker holds before it has answered, and when it answers."""
_CLAIM = """
with mine as materialized (
    select post.id, post.public_id, post.subscription_id, post.body, post.tries
    from (
        select id, coalesce((%(room)s::jsonb ->> id::text)::integer, %(first)s) as room
        from notifications_webhooksubscription where switched_off_at is null
        order by failing_since nulls first, id
    ) subscription
    cross join lateral (
        select * from notifications_webhookpost
        where subscription_id = subscription.id and state in ('queued', 'in_flight') and due_at <= %(now)s
          and (claimed_until is null or claimed_until <= %(now)s)
        order by due_at, id limit subscription.room for no key update skip locked
    ) post
    limit %(most)s
), taken as (
    update notifications_webhookpost set state = 'in_flight', claimed_until = %(lease)s, tries = tries + 1
    where id in (select id from mine)
)
select id, public_id, subscription_id, body, tries + 1 from mine
"""


@dataclass(slots=True)
class ClaimedPost:
    """A post in the hands of this worker until `claimed_until` (wall time)."""

    channel_kind: ClassVar[str] = WebhookPost.channel_kind

    pk: int
    public_id: UUID
    subscription_id: int
    body: str
    tries: int
    subscription: WebhookSubscription
    claimed_until: datetime
    real_at: datetime

    @property
    def secrets(self) -> list[str]:
        """What signs it, the present secret first. Raises SealError."""
        return secrets_of(self.subscription, real_at=self.real_at)


class Hands:
    """What this worker holds of each subscription in a round, and which of them have answered in it."""

    def __init__(self) -> None:
        self.held: Counter[int] = Counter()
        self.answered: set[int] = set()
        self.known: dict[int, WebhookSubscription] = {}

    def claim(self, most: int, *, now: datetime, lease: datetime) -> list[ClaimedPost]:
        """Takes the next posts under a lease, in the sender's transaction; those of a subscription that is off wait until it
        is on.
        """
        room = {
            str(key): max(0, (FURTHER if key in self.answered else FIRST) - self.held[key])
            for key in {*self.held, *self.answered}
        }
        told: dict[str, Any] = {"room": json.dumps(room), "first": FIRST, "now": now, "lease": lease, "most": most}
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, told)
            rows = cursor.fetchall()
        fresh = {row[2] for row in rows} - self.known.keys()
        if fresh:
            self.known |= {row.pk: row for row in WebhookSubscription.objects.filter(pk__in=among(fresh))}
        self.held.update(row[2] for row in rows)
        return [
            ClaimedPost(key, public_id, subscription, body, tries, self.known[subscription], lease, now)
            for key, public_id, subscription, body, tries in rows
        ]

    def back(self, subscription: int, *, answered: bool) -> None:
        """One of its posts has come to something."""
        self.held[subscription] -= 1
        (self.answered.add if answered else self.answered.discard)(subscription)
