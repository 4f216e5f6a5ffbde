"""What follows when an organisation does not answer, and after how long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from notifications.enums import StepKind
from notifications.messages import require
from notifications.models import EscalationStep, Notice

SCHEDULE: dict[str, timedelta] = {
    StepKind.REMIND: timedelta(minutes=25),
    StepKind.NEXT_CONTACT: timedelta(minutes=40),
    StepKind.CALL: timedelta(minutes=55),
}
"""Business time after the organisation was told."""
BEFORE_A_DECISION: dict[str, float] = {StepKind.REMIND: 1 / 2, StepKind.NEXT_CONTACT: 3 / 4, StepKind.CALL: 7 / 8}
"""What part of the time to decide has passed: a ministry that has a day is not called after an hour."""


def steps_of(notice: Notice, *, at: datetime) -> Iterator[EscalationStep]:
    """The steps of a notice that is owed since `at`, not yet saved; those of a decision follow the alert's end."""
    waits = SCHEDULE
    if require(notice.alert.kind).decides:
        waits = {kind: (notice.alert.expires_at - at) * part for kind, part in BEFORE_A_DECISION.items()}
    for kind, after in waits.items():
        yield EscalationStep(notice=notice, kind=kind, due_at=at + after)
