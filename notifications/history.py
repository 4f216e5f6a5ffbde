"""What happened with one notice, newest first: written, sent, answered, called, escalated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from notifications.delivery_states import OPEN
from notifications.enums import AnsweredBy, CallOutcome, DeliveryPurpose, DeliveryState, StepKind, StepState
from notifications.models import Notice


@dataclass(frozen=True)
class Entry:
    """One line; `tone` is `missing`, `ready` or nothing."""

    at: datetime
    words: str
    by: str = ""
    tone: str = ""


def history_of(notice: Notice) -> list[Entry]:
    """Every act on a notice; a constant number of queries."""
    parts = (_deliveries(notice), _steps(notice), _answers(notice), calls_of(notice))
    entries = [Entry(notice.owed_since, _("Told: an answer is owed")), *(entry for part in parts for entry in part)]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def _deliveries(notice: Notice) -> Iterator[Entry]:
    for row in notice.deliveries.defer("payload").select_related("contact"):
        to: dict[str, Any] = {
            "what": DeliveryPurpose(row.purpose).label,
            "desk": row.contact.function,
            "address": row.address,
            "reason": row.reason,
        }
        if row.delivered_at:
            yield Entry(row.delivered_at, _("%(what)s arrived: %(desk)s, %(address)s") % to, tone="ready")
        if row.answered_at:
            words = (
                _("%(what)s: %(address)s sent something back by itself; that is no acknowledgement. %(reason)s") % to
            )
            yield Entry(row.answered_at, words)
        if row.handed_over_at:
            yield Entry(row.handed_over_at, _("%(what)s handed over: %(desk)s, %(address)s") % to, tone="ready")
        if row.state == DeliveryState.FAILED:
            yield Entry(row.queued_at, _("%(what)s failed for good: %(address)s. %(reason)s") % to, tone="missing")
        elif row.state == DeliveryState.BOUNCED:
            came_back = row.handed_over_at or row.queued_at
            yield Entry(came_back, _("%(what)s came back: %(address)s. %(reason)s") % to, tone="missing")
        elif row.state == DeliveryState.QUEUED and row.tries:
            yield Entry(row.queued_at, _("%(what)s will be tried again: %(address)s. %(reason)s") % to, tone="missing")
        elif row.state in (DeliveryState.EXPIRED, DeliveryState.SUPERSEDED):
            yield Entry(row.queued_at, _("%(what)s not sent: %(address)s. %(reason)s") % to)
        elif row.state in OPEN:
            yield Entry(row.queued_at, _("%(what)s queued: %(desk)s, %(address)s") % to)


def _steps(notice: Notice) -> Iterator[Entry]:
    for step in notice.steps.filter(state=StepState.DONE):
        if step.settled_at:
            yield Entry(step.settled_at, _("No answer; next step: %(step)s") % {"step": StepKind(step.kind).label})


def _answers(notice: Notice) -> Iterator[Entry]:
    answer = getattr(notice, "acknowledgement", None)
    if answer is not None:
        who = {"name": answer.name, "function": answer.function, "how": AnsweredBy(answer.answered_by).label}
        words = _("Acknowledged by %(name)s, %(function)s (%(how)s)") % who
        yield Entry(answer.at, words, by=answer.by.recorded_by, tone="ready")
        if answer.action_confirmed_at:
            words = " ".join(part for part in (_("Action confirmed."), answer.action_note) if part)
            yield Entry(answer.action_confirmed_at, words, by=str(answer.action_by or ""), tone="ready")
    for objection in notice.objections.all():
        words = _("Says that this is not right: %(text)s") % {"text": objection.text}
        yield Entry(objection.at, words, by=str(objection.by), tone="missing")


def calls_of(notice: Notice) -> list[Entry]:
    """Every call about the notice, the latest first."""
    entries = []
    for call in notice.calls.all():
        words = _("Called %(number)s: %(outcome)s") % {
            "number": call.number,
            "outcome": CallOutcome(call.outcome).label,
        }
        reached = ", ".join(part for part in (call.name, call.function) if part)
        said = ". ".join(part for part in (words, reached, call.note) if part)
        entries.append(Entry(call.at, said, by=call.by.printed_name))
    return entries
