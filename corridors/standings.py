"""Where a version of a corridor stands: read from its approvals, its window and the hour; nobody stores it.

It is open only while the parties that it needs (all that were asked, or so many of them, and each that must) have approved
this very version, none has suspended it, and what they allow fits together. A decision on another version counts for
nothing, a request that nobody answered in time has lapsed, and what a party rejected stays rejected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from corridors.enums import ApprovalState, CorridorState, PartyWordKind
from corridors.models import Approval, CorridorVersion, PartyWord, Suspension, TransitCorridor
from corridors.terms import Terms, narrowed
from partners.models import Organisation

WITH = ("organisation", "carried_from__version")
AGREED = (ApprovalState.APPROVED, ApprovalState.CONDITIONAL)
TO_BE_PLANNED = (
    CorridorState.DRAFT,
    CorridorState.OPEN,
    CorridorState.AWAITING,
    CorridorState.LAPSED,
    CorridorState.SUSPENDED,
    CorridorState.CONTRADICTORY,
)
"""A group may be planned through a version on which somebody is still at work, or that its parties may yet be asked about
anew; not through one to which somebody said no. Nobody leaves before it is open.
"""


@dataclass(frozen=True, slots=True)
class HeldUp:
    """A party that was asked and has not decided, and since when."""

    organisation: Organisation
    since: datetime


@dataclass(frozen=True, slots=True)
class Stop:
    """A suspension that has not ended: since when, why, by whom. `party` is None where the coordinator has suspended."""

    since: datetime
    why: str
    by: str
    party: Organisation | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """`approvals` are all that were asked for, `suspension` that of the coordinator which has not ended.

    `last_words` is what each party said last after its decision, by the key of its approval.
    """

    state: str
    approvals: tuple[Approval, ...] = ()
    suspension: Suspension | None = None
    last_words: Mapping[int, PartyWord] = field(default_factory=dict)
    terms: Terms | None = None
    quorum: int | None = None

    @property
    def required(self) -> int:
        """How many parties were asked."""
        return len(self.approvals)

    @property
    def needed(self) -> int:
        """How many of them have to approve: every one, unless the version says how many."""
        return min(self.quorum or self.required, self.required)

    @property
    def needs_all(self) -> bool:
        return self.needed == self.required

    @property
    def musts(self) -> tuple[Approval, ...]:
        """Parties without which it does not open, where not all are needed."""
        return () if self.needs_all else tuple(approval for approval in self.approvals if approval.is_must)

    def agrees(self, approval: Approval) -> bool:
        """Whether the party has approved and stands by it."""
        return approval.state in AGREED and not self.has_withdrawn(approval)

    def has_refused(self, approval: Approval) -> bool:
        """Whether the party will approve this version no more."""
        return approval.state == ApprovalState.REJECTED or self.has_withdrawn(approval)

    @property
    def is_reached(self) -> bool:
        """Whether as many have approved as are needed, and each that must."""
        return self.approved >= self.needed and all(map(self.agrees, self.musts))

    def is_within_reach(self, *, at: datetime | None = None) -> bool:
        """Whether it can still be reached: by anybody who has not refused, with `at` only in time."""
        left = [row for row in self.approvals if not self.has_refused(row) and (at is None or not _late(row, at=at))]
        return len(left) >= self.needed and all(must in left for must in self.musts)

    @property
    def approved(self) -> int:
        return sum(map(self.agrees, self.approvals))

    def has_withdrawn(self, approval: Approval) -> bool:
        """Whether the party that approved does so no longer."""
        return self.last_word_of(approval) == PartyWordKind.WITHDRAWN

    def last_word_of(self, approval: Approval) -> str:
        """The kind of what a party said last after its decision; empty where its decision was all."""
        word = self.last_words.get(approval.pk)
        return word.kind if word else ""

    @property
    def withdrawn_by(self) -> tuple[PartyWord, ...]:
        return tuple(word for word in self.last_words.values() if word.kind == PartyWordKind.WITHDRAWN)

    @property
    def stops(self) -> tuple[Stop, ...]:
        """What holds a version that would be open, the first at the front: each has to end."""
        stops = [
            Stop(word.said_at, word.reason, word.function, word.organisation)
            for word in self.last_words.values()
            if word.kind == PartyWordKind.SUSPENDED
        ]
        if self.suspension is not None:
            own = self.suspension
            stops.append(Stop(own.suspended_at, own.reason, str(own.suspended_by)))
        return tuple(sorted(stops, key=lambda stop: stop.since))

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


def standing_versions() -> QuerySet[CorridorVersion]:
    """The version of each corridor that its parties were asked about last, whatever became of it; the newest draft where
    nobody was asked yet, for a group is planned before its parties are asked for a day and an hour.
    """
    asked = Approval.objects.filter(version=OuterRef("pk"))
    of_corridor = Approval.objects.filter(version__corridor=OuterRef("corridor"))
    asked_later = of_corridor.filter(version__number__gt=OuterRef("number"))
    newer = CorridorVersion.objects.filter(corridor=OuterRef("corridor"), number__gt=OuterRef("number"))
    return CorridorVersion.objects.filter(
        Q(Exists(asked), ~Exists(asked_later)) | Q(~Exists(of_corridor), ~Exists(newer))
    ).select_related("corridor")


def standing_version(corridor: TransitCorridor) -> CorridorVersion | None:
    """The same of one corridor."""
    return standing_versions().filter(corridor=corridor).first()


def to_be_planned(versions: QuerySet[CorridorVersion], *, at: datetime) -> QuerySet[CorridorVersion]:
    """Those of `versions` through which a group may be planned at `at`."""
    listed = list(versions.filter(pk__in=standing_versions().values("pk")))
    standings = standings_of(listed, at=at)
    return versions.filter(pk__in=[key for key, standing in standings.items() if standing.state in TO_BE_PLANNED])


def is_open(version: CorridorVersion, *, at: datetime) -> bool:
    """Whether every party has approved this version, and nothing has ended or suspended it."""
    return standing_of(version, at=at).state == CorridorState.OPEN


def standings_of(versions: Iterable[CorridorVersion], *, at: datetime) -> dict[int, Standing]:
    """The same for many versions (by key); four queries."""
    listed = list(versions)
    approvals: dict[int, list[Approval]] = defaultdict(list)
    for approval in Approval.objects.filter(version__in=listed).select_related(*WITH).order_by("pk"):
        approvals[approval.version_id].append(approval)
    words: dict[int, dict[int, PartyWord]] = defaultdict(dict)
    for word in PartyWord.objects.filter(version__in=listed).select_related("organisation").order_by("said_at", "pk"):
        words[word.version_id][word.approval_id] = word
    suspended = {row.version_id: row for row in Suspension.objects.filter(version__in=listed, resumed_at__isnull=True)}
    asked = Approval.objects.filter(version__corridor__in={version.corridor_id for version in listed})
    newest = dict(asked.values_list("version__corridor").annotate(last=Max("version__number")).order_by())
    found = {}
    for version in listed:
        rows, said = tuple(approvals[version.pk]), words[version.pk]
        read = Standing("", rows, suspended.get(version.pk), said, quorum=version.needed)
        terms = narrowed(version, filter(read.agrees, read.conditions))
        read = replace(read, terms=terms)
        is_replaced = newest.get(version.corridor_id, 0) > version.number
        found[version.pk] = replace(read, state=_state(version, read, is_replaced=is_replaced, at=at))
    return found


def _late(approval: Approval, *, at: datetime) -> bool:
    return approval.state == ApprovalState.ASKED and approval.answer_by <= at


def _state(version: CorridorVersion, read: Standing, *, is_replaced: bool, at: datetime) -> str:
    is_over = version.closes_at is not None and version.closes_at <= at
    is_out = not read.is_within_reach()
    for holds, state in (
        (is_replaced, CorridorState.REPLACED),
        (not read.approvals, CorridorState.LAPSED if is_over else CorridorState.DRAFT),
        (is_out and read.rejected_by, CorridorState.REJECTED),
        (is_out, CorridorState.WITHDRAWN),
        (is_over or not (read.is_reached or read.is_within_reach(at=at)), CorridorState.LAPSED),
        (read.stops, CorridorState.SUSPENDED),
        (not read.is_reached, CorridorState.AWAITING),
        (read.terms is not None and not read.terms.is_possible, CorridorState.CONTRADICTORY),
    ):
        if holds:
            return state
    return CorridorState.OPEN


def open_requests(*, at: datetime) -> QuerySet[Approval]:
    """Decisions that parties still owe at `at`: not lapsed, of no old version, and of none that needs all its parties and
    that another one rejected or withdrew from.
    """
    gone = PartyWord.objects.filter(version=OuterRef("version"), kind=PartyWordKind.WITHDRAWN)
    same = Approval.objects.filter(version=OuterRef("version"), state=ApprovalState.REJECTED)
    newer = Approval.objects.filter(
        version__corridor=OuterRef("version__corridor"), version__number__gt=OuterRef("version__number")
    )
    return Approval.objects.filter(
        ~Exists(same), ~Exists(gone), ~Exists(newer), state=ApprovalState.ASKED, answer_by__gt=at
    )
