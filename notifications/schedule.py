"""What follows when an organisation does not answer, and after how long: a policy, frozen into the alert when it is raised.

Most kinds count minutes from the hour at which the organisation was told, and hurry where somebody is hit soon. What asks
for a decision counts shares of the time to decide: a ministry that has a day is not called after an hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import connection
from django.db.models import Q

from notifications.choosing import Step
from notifications.enums import Measure, StepKind
from notifications.messages import require
from notifications.models import Alert, EscalationPolicy, EscalationStep, Notice

SCHEDULE: dict[str, timedelta] = {
    StepKind.REMIND: timedelta(minutes=25),
    StepKind.NEXT_CONTACT: timedelta(minutes=40),
    StepKind.CALL: timedelta(minutes=55),
}
"""Business time after the organisation was told, where no policy says otherwise."""
BEFORE_A_DECISION: dict[str, float] = {StepKind.REMIND: 1 / 2, StepKind.NEXT_CONTACT: 3 / 4, StepKind.CALL: 7 / 8}
"""What part of the time to decide has passed, where no policy says otherwise."""
ROOM = 0.75
"""Everything has been tried when this part of the time until the first crossing concerned is over."""
QUICKEST = 0.2
"""No plan is pressed together further than to this part of its time: people need a moment to answer."""


def standard(kind: str) -> list[Step]:
    """The house's own plan for a kind of alert."""
    if require(kind).decides:
        return [Step(step, share=part) for step, part in BEFORE_A_DECISION.items()]
    return [Step(step, seconds=int(after.total_seconds())) for step, after in SCHEDULE.items()]


def policy_for(*, kind: str, organisation: str) -> EscalationPolicy | None:
    """The policy in force for an alert that `organisation` (code) raises: what names its kind before what names only the
    mission, and what is for all kinds never for a decision. None where the house's own plan holds.
    """
    rows = EscalationPolicy.objects.filter(
        Q(mission__isnull=True) | Q(mission__organisation__code=organisation),
        ended_at__isnull=True,
        kind__in=["", kind],
    )
    fitting = [row for row in rows if row.kind or not require(kind).decides]
    return max(fitting, key=lambda row: (bool(row.kind), row.mission_id is not None), default=None)


def planned(*, kind: str, organisation: str) -> list[dict[str, object]]:
    """The plan of an alert about to be raised, as it is frozen into it."""
    policy = policy_for(kind=kind, organisation=organisation)
    return [asdict(step) for step in (standard(kind) if policy is None else steps_of_policy(policy))]


def steps_of_policy(policy: EscalationPolicy) -> list[Step]:
    """The steps of a policy in their order."""
    found = []
    for row in policy.steps.all():
        by_share = policy.measure == Measure.PERCENT
        found.append(
            Step(
                row.kind,
                seconds=0 if by_share else row.after * 60,
                share=row.after / 100 if by_share else 0.0,
                function=row.function,
                channel=row.channel_kind,
            )
        )
    return found


def plan_of(alert: Alert) -> list[Step]:
    """What was frozen into the alert; the house's own plan of one that was raised before there were policies."""
    return [Step(**step) for step in alert.plan] or standard(alert.kind)


def due_times(
    steps: Sequence[Step], *, at: datetime, expires_at: datetime, first_concerned_at: datetime | None
) -> list[datetime]:
    """When each step is due for who is told `at`: pressed together where somebody is hit before all have been tried, or where
    the alert would end before the call.
    """
    longest = max((step.seconds for step in steps), default=0)
    pace = 1.0
    if longest:
        until_the_call = (expires_at - at).total_seconds() * BEFORE_A_DECISION[StepKind.CALL]
        pace = min(1.0, max(0.0, until_the_call / longest))
    if first_concerned_at is not None and longest:
        room = (first_concerned_at - at).total_seconds() * ROOM
        pace = min(pace, max(QUICKEST, room / longest))
    return [
        at + (timedelta(seconds=round(step.seconds * pace)) if step.seconds else (expires_at - at) * step.share)
        for step in steps
    ]


_STEPS = """
insert into notifications_escalationstep (notice_id, kind, due_at, state, position, function, channel_kind)
select notice.id, step.kind, step.due_at, 'pending', step.position, step.function, step.channel_kind
from unnest(%(notices)s::bigint[]) notice (id)
cross join unnest(%(kinds)s::text[], %(dues)s::timestamptz[], %(functions)s::text[], %(channels)s::text[])
    with ordinality step (kind, due_at, function, channel_kind, position)
"""


def write_steps(alert: Alert, notices: Iterable[Notice], *, at: datetime) -> None:
    """Writes the steps of the notices that are owed since `at`: all have the same plan."""
    steps = plan_of(alert)
    dues = due_times(steps, at=at, expires_at=alert.expires_at, first_concerned_at=alert.first_concerned_at)
    told: dict[str, Any] = {
        "notices": [notice.pk for notice in notices],
        "kinds": [str(step.kind) for step in steps],
        "dues": dues,
        "functions": [step.function for step in steps],
        "channels": [step.channel for step in steps],
    }
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, told)


def as_step(row: EscalationStep) -> Step:
    """A stored step as the choosing of its desks needs it."""
    return Step(row.kind, function=row.function, channel=row.channel_kind)


def fingerprint(steps: Iterable[Step]) -> str:
    """What tells one plan from another, so that only what was foreseen is saved."""
    said = "|".join(f"{step.kind},{step.seconds},{step.share},{step.function},{step.channel}" for step in steps)
    return sha256(said.encode()).hexdigest()[:32]
