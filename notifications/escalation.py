"""The next step when an organisation does not answer: a reminder, the second contact, a phone call.

Each step has a stored due time. The step and the answer meet under the lock of the notice, so that an answer ends its own
organisation's steps, and nobody is asked after it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from common import audit
from common.actors import Actor
from common.audience import Audience, asking
from common.nudges import nudge
from notifications.delivery_states import TAKEN
from notifications.enums import DeliveryPurpose, NoticeState, StepKind, StepState
from notifications.messages import MessageError
from notifications.models import EscalationStep, Notice
from notifications.queueing import Desk, call_now, live_channels, queue, queue_reminders
from notifications.schedule import SCHEDULE

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


def escalate_due(*, at: datetime, real_at: datetime) -> EscalationSummary:
    """Takes every pending step that is due at business time `at`, the earliest first, each in its own transaction."""
    summary = EscalationSummary()
    passed: set[int] = set()
    while (step_id := _next_due(at, passed)) is not None:
        passed.add(step_id)
        try:
            with asking(AUDIENCE):
                _take(step_id, summary, at=at)
        except MessageError as error:  # one message that cannot be built must not keep the others from being reminded
            log.exception("step_not_taken", step=step_id, error=str(error))
    return summary


def _next_due(at: datetime, passed: set[int]) -> int | None:
    due = EscalationStep.objects.filter(state=StepState.PENDING, due_at__lte=at).exclude(pk__in=passed)
    return due.order_by("due_at", "pk").values_list("pk", flat=True).first()


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
        _TAKEN[step.kind](notice, summary, at)
        audit.record(f"escalated: {step.kind}", notice, by=BY, at=at)


def _remind(notice: Notice, summary: EscalationSummary, at: datetime) -> None:
    """The same desks again, with the same link. Who never got the first message gets that first."""
    sent = notice.deliveries.filter(purpose=DeliveryPurpose.FIRST, state__in=TAKEN)
    told = list(sent.select_related("contact"))
    for delivery in told:
        delivery.notice = notice
    if told:
        queue_reminders(told, desk=Desk(notice.alert, at))
        nudge("deliveries")
        summary.reminded += 1


def _next_contact(notice: Notice, summary: EscalationSummary, at: datetime) -> None:
    """The next contact that was not asked yet; where there is none, the call need not wait."""
    asked = set(notice.deliveries.values_list("contact_id", flat=True))
    channels = live_channels([notice.organisation_id], at=at).get(notice.organisation_id, [])
    fresh = [channel for channel in channels if channel.contact_id not in asked]
    if not fresh:
        call_now([notice], at=at)
        return
    chosen = [channel for channel in fresh if channel.contact_id == fresh[0].contact_id]
    queue([(notice, channel) for channel in chosen], desk=Desk(notice.alert, at), purpose=DeliveryPurpose.NEXT_CONTACT)
    nudge("deliveries")
    summary.next_contacts += 1


def _call(notice: Notice, summary: EscalationSummary, at: datetime) -> None:
    """From now on it stands on the call list (`calls.call_list`)."""
    summary.to_call += 1


_TAKEN: dict[str, Callable[[Notice, EscalationSummary, datetime], None]] = {
    StepKind.REMIND: _remind,
    StepKind.NEXT_CONTACT: _next_contact,
    StepKind.CALL: _call,
}
