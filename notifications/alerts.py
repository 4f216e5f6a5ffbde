"""Raising an alert: one obligation for each organisation that must know, and everything that reaches it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max

from common import audit
from common.actors import Actor
from common.audience import reaching_for
from common.many_rows import Mould, store_many
from common.nudges import nudge
from notifications.delivery_states import move
from notifications.enums import DeliveryState, NoticeState, StepState
from notifications.messages import require
from notifications.models import Alert, Delivery, EscalationStep, Notice
from notifications.schedule import planned
from notifications.webhooks.posts import queue_posts
from notifications.writing import AT_ONCE, leave_unwritten, write_messages
from partners.models import Organisation


@dataclass(frozen=True)
class Told:
    """An organisation to be told. `head_count` only where it serves the halt or the transit; never taken from persons."""

    organisation: Organisation
    head_count: int | None = None


@transaction.atomic
@reaching_for("telling")
def raise_alert(
    *,
    kind: str,
    source: str,
    subject: str,
    context: dict[str, Any],
    told: Sequence[Told],
    expires_at: datetime,
    first_concerned_at: datetime | None = None,
    supersedes: Alert | None = None,
    mission: str = "",
    by: Actor,
    at: datetime,
) -> Alert:
    """Writes the alert, its notices, deliveries and next steps in the caller's transaction, and wakes the sender.

    `source` makes it idempotent: raising twice is raising once. `context` is plain values for the messages of `kind`,
    never a person. What it `supersedes` is closed and asked again. `mission` is the code of the mission whose policy holds,
    where `by` does not speak for it: a task, a partner. Raises MessageError for an unknown kind.
    """
    require(kind)
    _one_at_a_time()
    if (raised := Alert.objects.filter(source=source).first()) is not None:
        return raised
    alert = Alert.objects.create(
        number=(Alert.objects.aggregate(last=Max("number"))["last"] or 0) + 1, kind=kind, source=source, subject=subject,
        context=context, raised_at=at, raised_by=by, first_concerned_at=first_concerned_at, supersedes=supersedes,
        expires_at=expires_at, plan=planned(kind=kind, organisation=mission or by.organisation_ref),
    )  # fmt: skip
    if supersedes is not None:
        _close(supersedes, at=at)
    audit.record("alert raised", alert, by=by, at=at, why=source)
    add_organisations(alert=alert, told=told, by=by, at=at)
    return alert


@transaction.atomic
@reaching_for("telling")
def add_organisations(*, alert: Alert, told: Sequence[Told], by: Actor, at: datetime) -> list[Notice]:
    """Adds organisations that are not told yet, each once; returns the new notices.

    What each of them owes is written here; the messages of the first hundred are too, those of all others by the workers
    (`notifications.writing`), so that the first is told at once however many there are.
    """
    already = set(Notice.objects.filter(alert=alert).values_list("organisation_id", flat=True))
    fresh = {item.organisation.pk: item for item in told if item.organisation.pk not in already}
    made = Mould(Notice, alert=alert, owed_since=at)
    notices = [
        made.cast({"organisation": item.organisation}, organisation_id=key, head_count=item.head_count)
        for key, item in fresh.items()
    ]
    if not notices:
        return []
    store_many(notices)
    audit.record_many([("organisation told", notice) for notice in notices], by=by, at=at)
    write_messages(alert, notices[:AT_ONCE], at=at)
    leave_unwritten(alert, notices[AT_ONCE:])
    queue_posts(alert, notices, at=at)
    nudge("deliveries")
    return notices


def _one_at_a_time() -> None:
    """Alerts are numbered without gaps; two that are raised together take turns until the first has committed."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('notifications.alert'))")


def _close(alert: Alert, *, at: datetime) -> None:
    """Ends what still waits for an answer to the old version; answers that came stay with it."""
    owed = Notice.objects.filter(alert=alert, state=NoticeState.OWED).select_for_update(no_key=True).order_by("pk")
    ids = [notice.pk for notice in owed]
    Notice.objects.filter(pk__in=ids).update(state=NoticeState.SUPERSEDED)
    end_waiting(ids, reason="superseded by a newer version", at=at)


def end_waiting(notices: Sequence[int], *, reason: str, state: str = DeliveryState.SUPERSEDED, at: datetime) -> None:
    """Ends the pending steps and unsent deliveries of notices (ids) that the caller has locked.

    What a worker is sending this moment stays with that worker, who looks again just before.
    """
    EscalationStep.objects.filter(notice__in=notices, state=StepState.PENDING).update(
        state=StepState.ENDED, settled_at=at
    )
    move(Delivery.objects.filter(notice__in=notices, state=DeliveryState.QUEUED), to=state, reason=reason)
