"""The next step when an organisation does not answer, as the alert's plan says: a reminder, other desks, a phone call.

Each step has a stored due time. The step and the answer meet under the lock of the notice, so that an answer ends its own
organisation's steps, and nobody is asked after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from common import audit
from common.actors import Actor
from common.audience import Audience, asking
from common.nudges import nudge
from notifications.choosing import desks_of
from notifications.delivery_states import TAKEN
from notifications.enums import DeliveryPurpose, NoticeState, StepKind, StepState
from notifications.models import EscalationStep, Notice
from notifications.queueing import Desk, call_now, live_channels, queue, queue_reminders
from notifications.schedule import SCHEDULE, as_step
from partners.enums import ChannelKind

__all__ = ["SCHEDULE", "EscalationSummary", "escalate_due"]

log = structlog.get_logger(__name__)
BY = Actor.task("escalate")
AUDIENCE = Audience.task("escalate")


@dataclass
class EscalationSummary:
    """How many steps of each kind were taken."""

    reminded: int = 0
    next_contacts: int = 0
    to_call: int = 0


def escalate_due(*, at: datetime) -> EscalationSummary:
    """Takes every step that was pending and due at business time `at`, the earliest first, each in its own transaction.

    What comes due meanwhile waits for the next round.
    """
    summary = EscalationSummary()
    due = EscalationStep.objects.filter(state=StepState.PENDING, due_at__lte=at).order_by("due_at", "pk")
    for step_id in list(due.values_list("pk", flat=True)):
        try:
            with asking(AUDIENCE):
                _take(step_id, summary, at=at)
        except Exception as error:  # one step that cannot be taken must not keep the others from being reminded
            log.exception("step_not_taken", step=step_id, error=type(error).__name__)
    return summary


def _take(step_id: int, summary: EscalationSummary, *, at: datetime) -> None:
    """One step under the lock of its notice; nothing where it was answered or taken meanwhile."""
    notice_id = EscalationStep.objects.values_list("notice_id", flat=True).get(pk=step_id)
    notice = (
        Notice.objects.select_for_update(no_key=True, of=("self",))
        .select_related("alert", "organisation")
        .get(pk=notice_id)
    )
    step = EscalationStep.objects.get(pk=step_id)
    if step.state != StepState.PENDING:
        return
    owed = notice.state == NoticeState.OWED
    step.state = StepState.DONE if owed else StepState.ENDED
    step.settled_at = at
    step.save(update_fields=["state", "settled_at"])
    if owed:
        _act(step, notice, summary, at)
        audit.record(f"escalated: {step.kind}", notice, by=BY, at=at)


def _act(step: EscalationStep, notice: Notice, summary: EscalationSummary, at: datetime) -> None:
    if step.kind == StepKind.CALL:  # from now on it stands on the call list (`calls.call_list`)
        summary.to_call += 1
    elif step.kind == StepKind.REMIND and not step.channel_kind:
        _remind(step, notice, summary, at)
    else:
        _ask(step, notice, summary, at)


def _remind(step: EscalationStep, notice: Notice, summary: EscalationSummary, at: datetime) -> None:
    """The same desks again, with the same link. Who never got the first message gets that first."""
    sent = notice.deliveries.filter(purpose=DeliveryPurpose.FIRST, state__in=TAKEN)
    told = list(sent.select_related("contact"))
    for delivery in told:
        delivery.notice = notice
    if told:
        queue_reminders(told, desk=Desk(notice.alert, at), step=step.position)
        nudge("deliveries")
        summary.reminded += 1


def _ask(step: EscalationStep, notice: Notice, summary: EscalationSummary, at: datetime) -> None:
    """The desks that the step names, with a link of their own, or the one they have; the call need not wait for nobody."""
    channels = live_channels([notice.organisation_id], at=at).get(notice.organisation_id, [])
    before = list(notice.deliveries.exclude(purpose=DeliveryPurpose.REMIND).select_related("contact").defer("payload"))
    asked = {delivery.contact_id for delivery in before if delivery.channel_kind != ChannelKind.WEBHOOK}
    chosen = desks_of(as_step(step), channels, asked=asked)
    if not chosen:
        call_now([notice], at=at)
        return
    sent = {(delivery.contact_id, delivery.channel_kind, delivery.address): delivery for delivery in before}
    again, fresh = [], []
    for channel in chosen:
        delivery = sent.get((channel.contact_id, channel.kind, channel.address))
        if delivery is None:
            fresh.append((notice, channel))
        else:
            delivery.notice = notice
            again.append(delivery)
    desk = Desk(notice.alert, at)
    queue(fresh, desk=desk, purpose=DeliveryPurpose.NEXT_CONTACT, step=step.position)
    queue_reminders(again, desk=desk, step=step.position)
    nudge("deliveries")
    if step.kind == StepKind.REMIND:
        summary.reminded += 1
    else:
        summary.next_contacts += 1
