"""Posts to subscribed addresses: queued with the alert, sent over lines of their own, logged, sent again on request."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now  # noqa: TID251 # the queue keeps real time
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.audience import Audience, asking
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
from notifications.transports import TransportError
from notifications.webhooks.subscriptions import secrets_of

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
    watch, summary, more = Watch(real_at=real_at, at=at), SendSummary(), True
    with Lines(seconds=settings.DELIVERY_LEASE_SECONDS * LEFT) as lines:
        while more or not lines.is_idle:
            if more and lines.in_hand < BATCH // 2:
                claimed = _claim(BATCH - lines.in_hand, watch)
                lines.add(claimed)
                more = bool(claimed) and watch.passed < LONGEST_ROUND
            for line in lines.free():
                _start(line, lines, watch, summary)
            _record(lines.finished(), watch, summary)
            if watch.passed >= LONGEST_ROUND:
                _leave(lines, watch)
    return summary


def _leave(lines: Lines, watch: Watch) -> None:
    """Puts back what still waits for a line when the round has lasted long enough."""
    with asking(AUDIENCE):
        for line in lines.lines.values():
            waiting = _ours([Outcome(row) for row in line.waiting])
            waiting.update(state=DeliveryState.QUEUED, claimed_until=None, due_at=watch.real, tries=F("tries") - 1)
            line.waiting.clear()


def _start(line: Line, lines: Lines, watch: Watch, summary: SendSummary) -> None:
    if line.broken is not None:
        _record(line.give_back(), watch, summary)
        return
    if ours := _still_ours(line.next_handful(), watch):
        lines.start(line, ours)


def _still_ours(handful: Sequence[WebhookPost], watch: Watch) -> Sequence[WebhookPost]:
    """Renews leases that might end before the handful is sent, and leaves out what another worker has taken over."""
    soon = watch.real + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS * LEFT)
    if all(row.claimed_until and row.claimed_until > soon for row in handful):
        return handful
    renewed = watch.real + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    ours = []
    with asking(AUDIENCE):
        for row in handful:
            same = WebhookPost.objects.filter(pk=row.pk, state=DeliveryState.IN_FLIGHT, claimed_until=row.claimed_until)
            if same.update(claimed_until=renewed):
                row.claimed_until = renewed
                ours.append(row)
    return ours


def _claim(most: int, watch: Watch) -> list[WebhookPost]:
    """Takes the next posts under a lease; those of a subscription that is off wait until it is on."""
    now = watch.real
    with asking(AUDIENCE):
        rows = list(
            WebhookPost.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
            .select_related("subscription")
            .filter(Q(claimed_until=None) | Q(claimed_until__lte=now), state__in=OPEN, due_at__lte=now)
            .filter(subscription__switched_off_at__isnull=True)
            .order_by("due_at", "pk")[:most]
        )
        lease = now + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
        for row in rows:
            row.state, row.claimed_until, row.tries = DeliveryState.IN_FLIGHT, lease, row.tries + 1
            row.secrets = secrets_of(row.subscription, real_at=now)  # type: ignore[attr-defined]  # for the line
        WebhookPost.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=DeliveryState.IN_FLIGHT, claimed_until=lease, tries=F("tries") + 1
        )
    return rows


def _record(outcomes: Sequence[Outcome], watch: Watch, summary: SendSummary) -> None:
    if not outcomes:
        return
    with asking(AUDIENCE):
        failing = _take_in_order(outcomes)
        taken = [each for each in outcomes if each.receipt is not None]
        if taken:
            _ours(taken).update(
                state=DeliveryState.HANDED_OVER, handed_over_at=watch.business, claimed_until=None, answer=""
            )
            _working(failing & {each.delivery.subscription_id for each in taken})
        for each in outcomes:
            if each.error is not None:
                _record_failure(each, each.error, watch, summary)
        DeliveryAttempt.objects.bulk_create(
            attempt(each.delivery.public_id, *_outcome_of(each), watch) for each in outcomes if each.tried
        )
    summary.handed_over += len(taken)


def _take_in_order(outcomes: Sequence[Outcome]) -> set[int]:
    """Locks the subscriptions that will be written to, in one order: two workers have news of the same dead systems.

    Returns the keys of those that were failing until now.
    """
    failed = {each.delivery.subscription_id for each in outcomes if each.error is not None}
    recovered = Q(pk__in={each.delivery.subscription_id for each in outcomes}, failing_since__isnull=False)
    rows = WebhookSubscription.objects.select_for_update(of=("self",)).filter(Q(pk__in=failed) | recovered)
    return {key for key, since in rows.order_by("pk").values_list("pk", "failing_since") if since is not None}


def _ours(outcomes: Sequence[Outcome]) -> QuerySet[WebhookPost]:
    leases = {each.delivery.claimed_until for each in outcomes}
    keys = [each.delivery.pk for each in outcomes]
    return WebhookPost.objects.filter(pk__in=keys, state=DeliveryState.IN_FLIGHT, claimed_until__in=leases)


def _outcome_of(each: Outcome) -> tuple[str, str]:
    if each.error is None:
        return DeliveryState.HANDED_OVER, each.receipt.answer if each.receipt else ""
    return (DeliveryState.FAILED if _is_final(each) else DeliveryState.QUEUED), each.error.answer


def _is_final(each: Outcome) -> bool:
    return each.error is not None and each.tried and (each.error.permanent or each.delivery.tries >= MOST_TRIES)


def _record_failure(each: Outcome, error: TransportError, watch: Watch, summary: SendSummary) -> None:
    """To be tried again, or failed for good; an address that is gone, or dead for days, is switched off."""
    post, final = each.delivery, _is_final(each)
    tries = post.tries if each.tried else post.tries - 1
    _ours([each]).update(
        state=DeliveryState.FAILED if final else DeliveryState.QUEUED,
        answer=error.answer,
        due_at=watch.real + (error.wait or wait_after(post.tries)),
        tries=tries,
        claimed_until=None,
    )
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
