"""What follows when an organisation does not answer, and after how long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from notifications.enums import StepKind
from notifications.models import EscalationStep, Notice

SCHEDULE: dict[str, timedelta] = {
    StepKind.REMIND: timedelta(minutes=25),
    StepKind.NEXT_CONTACT: timedelta(minutes=40),
    StepKind.CALL: timedelta(minutes=55),
}
"""Business time after the organisation was told."""


def steps_of(notice: Notice, *, at: datetime) -> Iterator[EscalationStep]:
    """The steps of a notice that is owed since `at`, not yet saved."""
    for kind, after in SCHEDULE.items():
        yield EscalationStep(notice=notice, kind=kind, due_at=at + after)
