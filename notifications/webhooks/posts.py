"""Posts to subscribed addresses: queued with the alert, sent over lines of their own, logged, sent again on request."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now  # noqa: TID251 # the queue keeps real time
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.audience import Audience, asking
from common.many_rows import as_array
from common.nudges import nudge
from common.refusals import RefusalError
from notifications.claims import attempt
from notifications.delivery_states import OPEN
from notifications.enums import DeliveryState
from notifications.lines import Line, Lines, Outcome
from notifications.messages import in_few_words, render
from notifications.models import Alert, DeliveryAttempt, Notice, WebhookPost, WebhookSubscription
from notifications.outcomes import MOST_TRIES, wait_after
from notifications.rounds import SendSummary, Watch
from notifications.short_letters import public_content
from notifications.transports import Receipt, TransportError
from notifications.webhooks.claims import ClaimedPost, Hands

BATCH = 400
LEFT = 0.75
"""What part of its lease must be left when a handful is given to a line."""
LONGEST_ROUND = timedelta(seconds=30)
"""After this the worker is free for alerts again, however slow a partner's system is; the next round takes up what is left."""
DEAD_AFTER = timedelta(days=3)
"""An address that fails for so long without a break is switched off."""
SENDER = Actor.task("send_webhooks")
AUDIENCE = Audience.task("send_webhooks")


class ReplayError(RefusalError):
    """A post cannot be sent again."""


def queue_posts(alert: Alert, notices: Iterable[Notice], *, at: datetime) -> int:
    """Queues the alert for each subscription of the organisations that are told of it; call it where it is raised."""
    told = {notice.organisation_id for notice in notices}
    subscribed = [
        row
        for row in WebhookSubscription.objects.filter(switched_off_at__isnull=True)
        if row.organisation_id in told and (not row.kinds or alert.kind in row.kinds)
    ]
    if not subscribed:
        return 0
    body = body_of(alert)
    posts = [WebhookPost(subscription=row, alert=alert, body=body, queued_at=at, due_at=Now()) for row in subscribed]
    WebhookPost.objects.bulk_create(posts, ignore_conflicts=True)
    nudge("webhooks")
    return len(posts)


def body_of(alert: Alert, language: str = "en") -> str:
    """The public content of an alert as JSON: no link, no count, nobody's name."""
    said = render(alert, language)
    content = public_content(alert, subject=said.subject, text=in_few_words(alert, language), language=language)
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


@transaction.atomic
def replay(*, post: WebhookPost, by: Actor, at: datetime, real_at: datetime) -> None:
    """Sends a post once more, with the same id and body. Raises ReplayError while it is under way or switched off."""
    row = WebhookPost.objects.select_for_update(of=("self",)).select_related("subscription").get(pk=post.pk)
    if row.subscription.switched_off_at is not None:
        raise ReplayError("", _("The subscription is switched off; switch it on first."))
    if row.state in OPEN:
        raise ReplayError("", _("It is under way already."))
    row.state, row.tries, row.due_at = DeliveryState.QUEUED, 0, real_at
    row.save(update_fields=["state", "tries", "due_at"])
    audit.record("webhook sent again", row, by=by, at=at)
    nudge("webhooks")


def attempts_of(posts: Sequence[WebhookPost]) -> dict[UUID, list[DeliveryAttempt]]:
    """Every try of these posts by public id, the latest first; one query."""
    tried: dict[UUID, list[DeliveryAttempt]] = {}
    for row in DeliveryAttempt.objects.filter(delivery__in=[post.public_id for post in posts]).order_by("-at"):
        tried.setdefault(row.delivery, []).append(row)
    return tried


def send_due(*, real_at: datetime, at: datetime) -> SendSummary:
    """Sends every post that is due at wall time `real_at`; business time is `at`. Opens its own transactions."""
    watch, summary, hands, more = Watch(real_at=real_at, at=at), SendSummary(), Hands(), True
    with Lines(seconds=settings.DELIVERY_LEASE_SECONDS * LEFT) as lines:
        while more or not lines.is_idle:
            if more and lines.in_hand < BATCH // 2:
                more = _claim_into(lines, hands, watch)
            for line in lines.free():
                _start(line, lines, hands, watch, summary)
            came = lines.finished()
            _record(came, hands, watch, summary)
            # Whoever has answered may have more; of the others nothing more is taken.
            more = watch.passed < LONGEST_ROUND and (more or any(each.receipt is not None for each in came))
            if watch.passed >= LONGEST_ROUND:
                _leave(lines, watch)
    return summary


def _claim_into(lines: Lines, hands: Hands, watch: Watch) -> bool:
    """Takes the next batch; says whether there was one."""
    now = watch.real
    with asking(AUDIENCE):
        lease = now + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
        claimed = hands.claim(BATCH - lines.in_hand, now=now, lease=lease)
    lines.add(claimed)
    return bool(claimed)


def _leave(lines: Lines, watch: Watch) -> None:
    """Puts back what still waits for a line when the round has lasted long enough."""
    with asking(AUDIENCE):
        for line in lines.lines.values():
            waiting = _ours([Outcome(row) for row in line.waiting])
            waiting.update(state=DeliveryState.QUEUED, claimed_until=None, due_at=watch.real, tries=F("tries") - 1)
            line.waiting.clear()


def _start(line: Line, lines: Lines, hands: Hands, watch: Watch, summary: SendSummary) -> None:
    if line.broken is not None:
        _record(line.give_back(), hands, watch, summary)
        return
    if ours := _still_ours(line.next_handful(), watch):
        lines.start(line, ours)


def _still_ours(handful: Sequence[ClaimedPost], watch: Watch) -> Sequence[ClaimedPost]:
    """Renews leases that might end before the handful is sent, and leaves out what another worker has taken over."""
    soon = watch.real + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS * LEFT)
    if all(row.claimed_until > soon for row in handful):
        return handful
    renewed = watch.real + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    ours = []
    with asking(AUDIENCE):
        for row in handful:
            if _ours([Outcome(row)]).update(claimed_until=renewed):
                row.claimed_until = renewed
                ours.append(row)
    return ours


_HANDED_OVER = """
with told as materialized (
    select * from unnest(%(keys)s::bigint[], %(ids)s::uuid[], %(leases)s::timestamptz[], %(answers)s::text[])
        t (id, public_id, lease, answer)
), written as (
    update notifications_webhookpost post
    set state = 'handed_over', handed_over_at = %(at)s, claimed_until = null, answer = ''
    from told where post.id = told.id and post.claimed_until = told.lease and coalesce(post.state, '') = 'in_flight'
)
insert into notifications_deliveryattempt (id, at, delivery, outcome, answer)
select gen_random_uuid(), %(real_at)s, public_id, 'handed_over', left(answer, 300) from told
"""


def _record(outcomes: Sequence[Outcome], hands: Hands, watch: Watch, summary: SendSummary) -> None:
    """Writes down what came of posts, and whose system works again or has begun to fail."""
    if not outcomes:
        return
    taken = [(each.delivery, each.receipt) for each in outcomes if each.receipt is not None]
    failed = [(each, each.error) for each in outcomes if each.error is not None]
    with asking(AUDIENCE):
        failing = _take_in_order(outcomes, hands, watch)
        if taken:
            _record_handed_over(taken, watch)
            _working(failing & {row.subscription_id for row, _receipt in taken})
        for each, error in failed:
            _record_failure(each, error, watch, summary)
        DeliveryAttempt.objects.bulk_create(
            attempt(each.delivery.public_id, _state_after(each), error.answer, watch)
            for each, error in failed
            if each.tried
        )
    for each in outcomes:
        hands.back(each.delivery.subscription_id, answered=each.receipt is not None)
    summary.handed_over += len(taken)


def _record_handed_over(taken: Sequence[tuple[ClaimedPost, Receipt]], watch: Watch) -> None:
    told = {
        "keys": as_array(row.pk for row, _receipt in taken),
        "ids": as_array(row.public_id for row, _receipt in taken),
        "leases": as_array(row.claimed_until for row, _receipt in taken),
        "answers": as_array(receipt.answer for _row, receipt in taken),
    }
    with connection.cursor() as cursor:
        cursor.execute(_HANDED_OVER, {**told, "at": watch.business, "real_at": watch.real})


def _take_in_order(outcomes: Sequence[Outcome], hands: Hands, watch: Watch) -> set[int]:
    """Locks the subscriptions that will be written to, in one order: two workers have news of the same dead systems.

    Returns the keys of those that were failing until now.
    """
    failed = {each.delivery.subscription_id for each in outcomes if each.error is not None}
    known = {each.delivery.subscription_id for each in outcomes if each.delivery.subscription.failing_since is not None}
    if not (failed or known):
        return set()
    rows = WebhookSubscription.objects.select_for_update(of=("self",)).filter(pk__in=failed | known).order_by("pk")
    found = dict(rows.values_list("pk", "failing_since"))
    for key, since in found.items():  # from now on they are looked at whenever something comes back
        hands.known[key].failing_since = since or watch.real
    return {key for key, since in found.items() if since is not None}


def _ours(outcomes: Sequence[Outcome]) -> QuerySet[WebhookPost]:
    leases = {each.delivery.claimed_until for each in outcomes}
    keys = [each.delivery.pk for each in outcomes]
    return WebhookPost.objects.filter(pk__in=keys, state=DeliveryState.IN_FLIGHT, claimed_until__in=leases)


def _state_after(each: Outcome) -> DeliveryState:
    return DeliveryState.FAILED if _is_final(each) else DeliveryState.QUEUED


def _is_final(each: Outcome) -> bool:
    return each.error is not None and each.tried and (each.error.permanent or each.delivery.tries >= MOST_TRIES)


def _record_failure(each: Outcome, error: TransportError, watch: Watch, summary: SendSummary) -> None:
    """To be tried again, or failed for good; an address that is gone, or dead for days, is switched off.

    Where the way to it is broken, what else is queued for it waits as long.
    """
    post, final = each.delivery, _is_final(each)
    tries = post.tries if each.tried else post.tries - 1
    due_at = watch.real + (error.wait or wait_after(post.tries))
    _ours([each]).update(state=_state_after(each), answer=error.answer, due_at=due_at, tries=tries, claimed_until=None)
    if error.lost_connection:
        others = WebhookPost.objects.filter(subscription=post.subscription_id, state=DeliveryState.QUEUED)
        others.filter(due_at__lt=due_at).update(due_at=due_at)
    summary.failed += final
    summary.to_retry += not final
    if each.tried:
        _failing(post.subscription_id, error.answer, gone=error.address_refused, watch=watch)


def _working(subscriptions: Collection[int]) -> None:
    if subscriptions:
        WebhookSubscription.objects.filter(pk__in=subscriptions).update(failing_since=None)


def _failing(key: int, answer: str, *, gone: bool, watch: Watch) -> None:
    row = WebhookSubscription.objects.select_for_update(of=("self",)).get(pk=key)
    row.failing_since = row.failing_since or watch.real
    if row.switched_off_at is None and (gone or watch.real - row.failing_since >= DEAD_AFTER):
        row.switched_off_at, row.switched_off_why, row.told_at = watch.business, answer, None
        audit.record("webhook switched off", row, by=SENDER, at=watch.business, why=answer)
        nudge("channels")
    row.save(update_fields=["failing_since", "switched_off_at", "switched_off_why", "told_at"])
