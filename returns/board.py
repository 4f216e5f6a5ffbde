"""The coordinator's home from stored rows: the worst thing first, and every crossing by urgency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import F

from common.audience import FIGURES, reaching_for
from corridors.models import BorderCrossing, RequirementChange, RequirementVersion
from corridors.requirements import source_of
from corridors.rules import parse_content
from corridors.tracker import Owed, decisions_owed
from migrants.enums import Mood
from migrants.heads import Heads, heads_of
from migrants.models import TravelGroup
from migrants.moods import Look, latest_moods
from notifications.enums import NoticeState, StepState
from notifications.models import Alert, EscalationStep, Notice
from partners.access import Permission, Viewer
from returns import funding, outward
from returns.enums import STANDS_IN_THE_WAY, Verdict
from returns.judging import WORST_FIRST
from returns.ledgers import Direction
from returns.models import BoardCount, CaseReadiness, Movement, Need
from returns.on_the_road import without_departed
from returns.transit_clock import is_late, left
from returns.ways import way, zones_of

RECENT = timedelta(hours=24)
MOST_MOVING = 20
WORSE = (Mood.CALM, Mood.TENSE, Mood.ANGRY)
"""Moods of a halt, the worst last."""
_VERSION = """
select (select count(*) || ':' || coalesce(sum(hashtext(c::text)), 0) from returns_boardcount c),
       (select max(id) from migrants_headcount), (select max(id) from migrants_moodseen),
       (select max(id) from migrants_groupmove), (select max(id) from migrants_migrant),
       (select max(id) || ':' || count(closed_at) from migrants_travelgroup),
       (select max(id) || ':' || count(assessed_at) from corridors_requirementchange),
       (select max(id) from notifications_acknowledgement), (select max(id) from notifications_callentry),
       (select max(id) from notifications_notice), (select count(*) from notifications_notice where state = 'owed'),
       (select count(*) from notifications_delivery where state in ('queued', 'retry', 'in_flight')),
       (select min(due_at) from notifications_escalationstep where state = 'pending'),
       (select max(set_at) from returns_plan), (select max(id) || ':' || count(closed_at) from returns_need),
       (select max(id) from returns_pledge), (select max(id) from returns_grouptold),
       (select max(id) || ':' || count(decided_at) from corridors_approval),
       (select max(id) || ':' || count(resumed_at) from corridors_suspension),
       (select max(id) from returns_checkpoint),
       (select max(id) || ':' || count(warned_at) || ':' || count(alarmed_at) || ':' || count(ended_at) from returns_movement),
       (select count(*) from returns_handover)
"""
"""What the board depends on, read from ends of indexes and small partial ones; its text is what an ETag is made of."""


@dataclass(slots=True)
class Line:
    """One crossing in one direction."""

    crossing: BorderCrossing
    from_country: str
    to_country: str
    groups: list[TravelGroup] = field(default_factory=list)
    heads: list[Heads] = field(default_factory=list)
    moods: list[Look] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    changes: int = 0
    changed_at: datetime | None = None
    alert: Alert | None = None
    owed: int = 0
    told: int = 0

    @property
    def way(self) -> str:
        return way(self.crossing, self.from_country, self.to_country)

    @property
    def local_way(self) -> str:
        sides = self.crossing.way(self.from_country, self.to_country)
        return " → ".join(side.name_local or side.name_latin for side in sides)

    @property
    def zones(self) -> list[str]:
        return [side.zone for side in self.crossing.way(self.from_country, self.to_country)]

    @property
    def waiting(self) -> int:
        return sum(heads.present for heads in self.heads)

    @property
    def registered(self) -> int:
        return sum(heads.registered for heads in self.heads)

    @property
    def unregistered(self) -> int:
        return self.waiting - self.registered

    @property
    def waiting_since(self) -> datetime | None:
        return min((group.waiting_since for group in self.groups), default=None)

    @property
    def mood(self) -> Look | None:
        """The worst of the latest looks at its groups, the newest of those."""
        return max(self.moods, key=lambda look: (WORSE.index(look.mood), look.seen_at), default=None)

    @property
    def planned(self) -> datetime | None:
        return min((group.plan.cross_at for group in self.groups if hasattr(group, "plan")), default=None)

    @property
    def worst(self) -> tuple[str, int] | None:
        """The worst verdict that anybody has here, and how many have it; None where nobody is judged."""
        return next(((name.value, self.counts[name]) for name in WORST_FIRST if self.counts.get(name)), None)

    @property
    def stopped(self) -> int:
        return sum(self.counts.get(name, 0) for name in STANDS_IN_THE_WAY)

    @property
    def urgency(self) -> tuple[int, ...]:
        """Sort key: people whom something stops, then organisations that do not know, then how many wait."""
        blocked = self.counts.get(Verdict.MISSING.value, 0) + self.counts.get(Verdict.EXPIRING.value, 0)
        return (-blocked, -self.owed, -self.stopped, -self.waiting)


@dataclass(frozen=True, slots=True)
class Worst:
    """The change that most needs somebody: its alert, whom it stops of how many, who knows, what comes next, what it costs."""

    alert: Alert
    version: RequirementVersion
    group: TravelGroup | None
    groups: int
    stopped: int
    people: int
    acknowledged: int
    told: int
    next_at: datetime | None
    next_kind: str
    cost: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class Moving:
    """One movement that is being prepared or on the road, with what is left of its transit (None: no clock runs)."""

    movement: Movement
    zones: tuple[str, ...]
    left: timedelta | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the page; sums are those of the lines."""

    lines: tuple[Line, ...]
    worst: Worst | None
    owed: int
    gaps: Mapping[str, Decimal]
    decisions: Owed
    moving: tuple[Moving, ...]

    @property
    def waiting(self) -> int:
        return sum(line.waiting for line in self.lines)

    @property
    def stopped(self) -> int:
        return sum(line.stopped for line in self.lines)

    @property
    def changes(self) -> int:
        return sum(line.changes for line in self.lines)

    @property
    def waiting_since(self) -> datetime | None:
        return min((line.waiting_since for line in self.lines if line.waiting_since), default=None)

    def having(self, verdict: str) -> int:
        """How many people have this worst finding, over all lines."""
        return sum(line.counts.get(verdict, 0) for line in self.lines)


@reaching_for(FIGURES)
def version_of(*, at: datetime) -> str:
    """Give a text that changes when anything on the board does, and every five minutes for what it says of time."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        row = cursor.fetchone()
    return "|".join(str(value) for value in (*row, int(at.timestamp()) // 300))


def board_of(viewer: Viewer, *, at: datetime) -> Board:
    """Read the board of a viewer; a constant number of queries."""
    lines = _lines(viewer)
    sees_people = viewer.may(Permission.SEE_PEOPLE)
    (_add_counts if sees_people else _add_outward_counts)(lines)
    _add_changes(lines, at=at)
    _add_notices(lines)
    ordered = sorted((line for line in lines.values() if _is_shown(line)), key=lambda line: line.urgency)
    needs = list(Need.objects.visible_to(viewer).filter(closed_at__isnull=True))
    return Board(
        lines=tuple(ordered),
        worst=_worst(ordered, sees_people=sees_people),
        owed=sum(line.owed for line in {line.alert: line for line in ordered if line.alert}.values()),
        gaps=_open_money(needs),
        decisions=decisions_owed(at=at),
        moving=tuple(_moving(viewer, at=at)),
    )


def _moving(viewer: Viewer, *, at: datetime) -> Iterable[Moving]:
    """Movements that run, those in transit first, by the end of their clock; two queries."""
    if not viewer.may(Permission.SEE_MOVEMENTS):
        return
    rows = Movement.objects.visible_to(viewer).running().select_related("group", "corridor_version__corridor")
    rows = rows.prefetch_related("group__crossing__sides").order_by(F("due_at").asc(nulls_last=True), "depart_at")
    for row in rows[:MOST_MOVING]:
        yield Moving(row, tuple(zones_of(row.group)), left(row, at=at), is_late(row, at=at))


def _is_shown(line: Line) -> bool:
    return bool(line.groups or line.changes or line.owed)


def _lines(viewer: Viewer) -> dict[Direction, Line]:
    groups = list(without_departed(TravelGroup.objects.visible_to(viewer).waiting()).select_related("plan"))
    waiting = [group.pk for group in groups]
    heads = heads_of(waiting) if viewer.may(Permission.SEE_PEOPLE) else outward.open_heads(waiting)
    seen = latest_moods(waiting) if viewer.may(Permission.SEE_GROUPS) else {}
    keys = {(group.crossing_id, group.from_country, group.to_country) for group in groups}
    keys |= set(
        RequirementChange.objects.filter(version__requirement__isnull=False)
        .order_by("-pk")
        .values_list(
            "version__requirement__crossing",
            "version__requirement__from_country",
            "version__requirement__to_country",
        )[:50]
    )
    crossings = BorderCrossing.objects.prefetch_related("sides").in_bulk({key[0] for key in keys})
    lines = {
        key: Line(crossings[key[0]], key[1], key[2])
        for key in keys
        if viewer.crossings is None or crossings[key[0]].code in viewer.crossings
    }
    for group in groups:
        line = lines[group.crossing_id, group.from_country, group.to_country]
        line.groups.append(group)
        line.heads.append(heads[group.pk])
        if group.pk in seen:
            line.moods.append(seen[group.pk])
    return lines


def _add_counts(lines: Mapping[Direction, Line]) -> None:
    for row in BoardCount.objects.filter(crossing__in={key[0] for key in lines}, people__gt=0):
        line = lines.get((row.crossing_id, row.from_country, row.to_country))
        if line is not None:
            line.counts[row.verdict] = row.people


@reaching_for(FIGURES)
def _add_outward_counts(lines: Mapping[Direction, Line]) -> None:
    """The same for whoever may not see people, of the groups in view: those under protection are heads like others."""
    verdicts = outward.verdicts_of(
        {group.pk: heads for line in lines.values() for group, heads in zip(line.groups, line.heads, strict=True)}
    )
    for line in lines.values():
        for group in line.groups:
            for verdict, people in verdicts[group.pk].items():
                line.counts[verdict] = line.counts.get(verdict, 0) + people


def _add_changes(lines: Mapping[Direction, Line], *, at: datetime) -> None:
    recent = RequirementChange.objects.filter(at__gt=at - RECENT, at__lte=at).select_related("version__requirement")
    for change in recent.order_by("at"):
        asked = change.version.requirement
        line = lines.get((asked.crossing_id, asked.from_country, asked.to_country))
        if line is not None:
            line.changes += 1
            line.changed_at = change.at


def _add_notices(lines: Mapping[Direction, Line]) -> None:
    """Each line's newest alert that nothing has superseded, with how many organisations owe an answer."""
    by_way = {(f"crossing:{line.crossing.code}", line.from_country, line.to_country): line for line in lines.values()}
    alerts = Alert.objects.filter(
        subject__in={key[0] for key in by_way}, superseded_by__isnull=True, kind="requirement_change"
    )
    states: dict[int, list[str]] = defaultdict(list)
    for key, state in Notice.objects.filter(alert__in=alerts).values_list("alert", "state"):
        states[key].append(state)
    for alert in alerts.order_by("number"):
        line = by_way.get((alert.subject, alert.context["from_country"], alert.context["to_country"]))
        owed = states[alert.pk].count(NoticeState.OWED)
        if line is not None and states[alert.pk] and (line.alert is None or owed >= line.owed):
            line.alert, line.owed, line.told = alert, owed, len(states[alert.pk])


def _worst(lines: Sequence[Line], *, sees_people: bool) -> Worst | None:
    """The first line whose alert still waits for answers or stops somebody."""
    for line in lines:
        if line.alert is None:
            continue
        version = _version_of(line.alert)
        if version is None:
            continue
        stopped, people = _stopped_by(version, line, sees_people=sees_people)
        if stopped or line.owed:
            return _told(line, line.alert, version, stopped, people)
    return None


def _version_of(alert: Alert) -> RequirementVersion | None:
    public_id = alert.source.partition(":")[2]
    found = RequirementVersion.objects.filter(public_id=public_id).select_related("requirement__crossing").first()
    return found if found is not None and source_of(found) == alert.source else None


def _stopped_by(version: RequirementVersion, line: Line, *, sees_people: bool) -> tuple[int, int]:
    cases = CaseReadiness.objects.standing().filter(case__person__group__in=[group.pk for group in line.groups])
    if not sees_people:
        cases = cases.exclude(outward.standing_hold("case__person"))
    return cases.stopped_by(version.public_id).count(), cases.count()


def _told(line: Line, alert: Alert, version: RequirementVersion, stopped: int, people: int) -> Worst:
    step = EscalationStep.objects.filter(notice__alert=alert, state=StepState.PENDING).order_by("due_at").first()
    price = parse_content(version.content).price
    return Worst(
        alert=alert,
        version=version,
        group=line.groups[0] if len(line.groups) == 1 else None,
        groups=len(line.groups),
        stopped=stopped,
        people=people,
        acknowledged=line.told - line.owed,
        told=line.told,
        next_at=step.due_at if step else None,
        next_kind=str(step.get_kind_display()) if step else "",
        cost=price.amount * (stopped + line.unregistered) if price and price.per == "person" else None,
        currency=price.currency if price else "",
    )


def _open_money(needs: Iterable[Need]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for gap in funding.gaps(needs).values():
        sums[gap.currency] += gap.open
    return {currency: amount for currency, amount in sums.items() if amount}
