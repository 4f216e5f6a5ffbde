"""Where a version of a corridor stands: read from its approvals, its window and the hour; nobody stores it.

It is open only while every party that was asked has approved this very version. A decision on another version counts for
nothing, a request that nobody answered in time has lapsed, and what a party rejected stays rejected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, QuerySet

from corridors.enums import ApprovalState, CorridorState
from corridors.models import Approval, CorridorVersion, Suspension
from partners.models import Organisation

AGREED = (ApprovalState.APPROVED, ApprovalState.CONDITIONAL)


@dataclass(frozen=True, slots=True)
class HeldUp:
    """A party that was asked and has not decided, and since when."""

    organisation: Organisation
    since: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """`approvals` are all that were asked for, `suspension` the one that has not ended."""

    state: str
    approvals: tuple[Approval, ...] = ()
    suspension: Suspension | None = None

    @property
    def required(self) -> int:
        """How many parties have to approve: every one that was asked."""
        return len(self.approvals)

    @property
    def approved(self) -> int:
        return sum(approval.state in AGREED for approval in self.approvals)

    @property
    def held_up_by(self) -> tuple[HeldUp, ...]:
        """Who has not decided, the longest waiting first; nobody once the request has lapsed or was replaced."""
        if self.state not in (CorridorState.AWAITING, CorridorState.SUSPENDED):
            return ()
        asked = [approval for approval in self.approvals if approval.state == ApprovalState.ASKED]
        return tuple(
            HeldUp(approval.organisation, approval.asked_at) for approval in sorted(asked, key=lambda row: row.asked_at)
        )

    @property
    def rejected_by(self) -> tuple[Approval, ...]:
        return tuple(approval for approval in self.approvals if approval.state == ApprovalState.REJECTED)

    @property
    def silent(self) -> tuple[Approval, ...]:
        """Those who have not decided, whatever the state of the whole."""
        return tuple(approval for approval in self.approvals if approval.state == ApprovalState.ASKED)

    @property
    def conditions(self) -> tuple[Approval, ...]:
        """Approvals that set conditions of their own."""
        return tuple(approval for approval in self.approvals if approval.state == ApprovalState.CONDITIONAL)

    @property
    def answer_by(self) -> datetime | None:
        """The hour at which the request lapses: the earliest of those who have not decided, else the last of all."""
        waiting = [approval.answer_by for approval in self.silent]
        return min(waiting) if waiting else max((approval.answer_by for approval in self.approvals), default=None)

    @property
    def words(self) -> str:
        """The state as a page says it."""
        return str(CorridorState(self.state).label)


def standing_of(version: CorridorVersion, *, at: datetime) -> Standing:
    """Where one version stands at business time `at`."""
    return standings_of([version], at=at)[version.pk]


def is_open(version: CorridorVersion, *, at: datetime) -> bool:
    """Whether every party has approved this version, and nothing has ended or suspended it."""
    return standing_of(version, at=at).state == CorridorState.OPEN


def standings_of(versions: Iterable[CorridorVersion], *, at: datetime) -> dict[int, Standing]:
    """The same for many versions (by key); three queries."""
    listed = list(versions)
    approvals: dict[int, list[Approval]] = defaultdict(list)
    for approval in Approval.objects.filter(version__in=listed).select_related("organisation").order_by("pk"):
        approvals[approval.version_id].append(approval)
    suspended = {row.version_id: row for row in Suspension.objects.filter(version__in=listed, resumed_at__isnull=True)}
    asked = Approval.objects.filter(version__corridor__in={version.corridor_id for version in listed})
    newest = dict(asked.values_list("version__corridor").annotate(last=Max("version__number")).order_by())
    return {
        version.pk: Standing(
            _state(
                version,
                approvals[version.pk],
                is_suspended=version.pk in suspended,
                is_replaced=newest.get(version.corridor_id, 0) > version.number,
                at=at,
            ),
            tuple(approvals[version.pk]),
            suspended.get(version.pk),
        )
        for version in listed
    }


def _state(
    version: CorridorVersion, approvals: list[Approval], *, is_suspended: bool, is_replaced: bool, at: datetime
) -> str:
    states = {approval.state for approval in approvals}
    is_over = version.closes_at is not None and version.closes_at <= at
    if is_replaced:
        return CorridorState.REPLACED
    if not approvals:
        return CorridorState.LAPSED if is_over else CorridorState.DRAFT
    if ApprovalState.REJECTED in states:
        return CorridorState.REJECTED
    if is_over or any(row.state == ApprovalState.ASKED and row.answer_by <= at for row in approvals):
        return CorridorState.LAPSED
    if is_suspended:
        return CorridorState.SUSPENDED
    return CorridorState.AWAITING if ApprovalState.ASKED in states else CorridorState.OPEN


def open_requests(*, at: datetime) -> QuerySet[Approval]:
    """Decisions that parties still owe at `at`: not lapsed, not of an old version, not of one that another party rejected."""
    same = Approval.objects.filter(version=OuterRef("version"), state=ApprovalState.REJECTED)
    newer = Approval.objects.filter(
        version__corridor=OuterRef("version__corridor"), version__number__gt=OuterRef("version__number")
    )
    return Approval.objects.filter(~Exists(same), ~Exists(newer), state=ApprovalState.ASKED, answer_by__gt=at)
