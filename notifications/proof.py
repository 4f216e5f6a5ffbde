"""Who knew when: one row for each organisation, from stored rows alone; the number of queries does not grow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from notifications.calls import phone_numbers
from notifications.delivery_states import GONE_WRONG, OPEN, TAKEN
from notifications.enums import NoticeState, StepKind, StepState
from notifications.models import Acknowledgement, Alert, Delivery, EscalationStep, Notice, Objection

Row = TypeVar("Row", Delivery, EscalationStep, Objection)


@dataclass(frozen=True)
class Knew:
    """One organisation: how far the notice came, who answered, what follows and when."""

    notice: Notice
    deliveries: list[Delivery] = field(default_factory=list)
    acknowledgement: Acknowledgement | None = None
    step: EscalationStep | None = None
    number: str = ""
    objections: list[Objection] = field(default_factory=list)

    @property
    def queued_at(self) -> datetime | None:
        """When the first message to it was written; nothing where no channel is known."""
        return min((row.queued_at for row in self.deliveries), default=None)

    @property
    def handed_over_at(self) -> datetime | None:
        """The first time that a mail server took the message."""
        return min((row.handed_over_at for row in self.deliveries if row.handed_over_at), default=None)

    @property
    def delivered_at(self) -> datetime | None:
        return min((row.delivered_at for row in self.deliveries if row.delivered_at), default=None)

    @property
    def answered_at(self) -> datetime | None:
        """The first time that something came back which no named human had signed; it ends nothing."""
        return min((row.answered_at for row in self.deliveries if row.answered_at), default=None)

    @property
    def failed(self) -> bool:
        """Whether a message did not get through over some channel."""
        return any(row.state in GONE_WRONG for row in self.deliveries)

    @property
    def waits(self) -> bool:
        """Whether a try is still to come."""
        return any(row.state in OPEN for row in self.deliveries)

    @property
    def desk(self) -> Delivery | None:
        """The delivery that counts for the line below the name: the one that went through, else the latest."""
        through = [row for row in self.deliveries if row.state in TAKEN]
        return next(iter(through or self.deliveries), None)

    @property
    def owed(self) -> bool:
        return self.notice.state == NoticeState.OWED

    def to_call(self, at: datetime) -> bool:
        """Whether it stands on the call list now."""
        return self.owed and self.step is not None and self.step.kind == StepKind.CALL and self.step.due_at <= at


def who_knew_when(alert: Alert) -> list[Knew]:
    """One row for each organisation that was told of `alert`, those that still owe an answer first; six queries."""
    notices = list(
        Notice.objects.filter(alert=alert)
        .select_related("organisation", "acknowledgement")
        .order_by("organisation__name_en")
    )
    deliveries = _by_notice(
        Delivery.objects.filter(notice__alert=alert).defer("payload").select_related("contact__office").order_by("pk")
    )
    steps = _by_notice(EscalationStep.objects.filter(notice__alert=alert).order_by("due_at"))
    objections = _by_notice(Objection.objects.filter(notice__alert=alert).order_by("at"))
    numbers = phone_numbers(notice.organisation_id for notice in notices)
    rows = [
        Knew(
            notice,
            deliveries.get(notice.pk, []),
            getattr(notice, "acknowledgement", None),
            next_step(steps.get(notice.pk, [])) if notice.state == NoticeState.OWED else None,
            next((channel.address for channel in numbers.get(notice.organisation_id, [])), ""),
            objections.get(notice.pk, []),
        )
        for notice in notices
    ]
    for row in rows:
        row.notice.alert = alert
    return sorted(rows, key=lambda row: (not row.owed, row.step is None or row.step.kind != StepKind.CALL))


def matrix_row(row: Knew, *, at: datetime) -> dict[str, Any]:
    """A row as the table shows it: whether it is to be called now, and whether somebody must act on it at all."""
    call = row.to_call(at)
    return {"knew": row, "call": call, "late": row.owed and (call or (row.handed_over_at is None and not row.waits))}


def next_step(steps: Sequence[EscalationStep]) -> EscalationStep | None:
    """What comes next for an owed notice: the first pending step, or the call once it is due."""
    pending = [step for step in steps if step.state == StepState.PENDING]
    called = [step for step in steps if step.kind == StepKind.CALL and step.state == StepState.DONE]
    return next(iter(pending or called), None)


def _by_notice(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.notice_id, []).append(row)
    return found


@dataclass(frozen=True)
class Figures:
    """The four figures above the list, and how long it took."""

    total: int
    handed_over: int
    delivered: int
    acknowledged: int
    acted: int
    failed: int
    seconds: float | None
    half_after: timedelta | None
    all_after: timedelta | None


def figures_of(rows: Sequence[Knew], alert: Alert) -> Figures:
    """Counts of `rows`; `seconds` is wall time from queueing to the last hand-over of a first message."""
    answers = sorted(row.acknowledgement.at - alert.raised_at for row in rows if row.acknowledgement)
    half = (len(rows) + 1) // 2
    return Figures(
        total=len(rows),
        handed_over=sum(row.handed_over_at is not None for row in rows),
        delivered=sum(row.delivered_at is not None for row in rows),
        acknowledged=len(answers),
        acted=sum(bool(row.acknowledgement and row.acknowledgement.action_confirmed_at) for row in rows),
        failed=sum(row.failed for row in rows),
        seconds=_seconds(rows),
        half_after=answers[half - 1] if rows and len(answers) >= half else None,
        all_after=answers[-1] if rows and len(answers) == len(rows) else None,
    )


def _seconds(rows: Sequence[Knew]) -> float | None:
    """How long the slowest organisation waited for its first message to be handed over, in wall time."""
    waits: list[float] = []
    for row in rows:
        times = [
            (delivery.real_handed_over_at - delivery.real_queued_at).total_seconds()
            for delivery in row.deliveries
            if delivery.real_handed_over_at
        ]
        if times:
            waits.append(min(times))
    return max(waits, default=None)
