"""The coordinator's home from stored rows: the worst thing first, and every crossing by urgency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import F, Q

from common.audience import FIGURES, reaching_for
from corridors.lines import ANY, asks_at
from corridors.models import RequirementChange, RequirementVersion
from corridors.requirements import source_of
from corridors.rules import PricePer, parse_content
from corridors.tracker import Owed, decisions_owed
from migrants.models import TravelGroup
from migrants.models.groups import TravelGroupQuerySet
from notifications.enums import NoticeState, StepState
from notifications.models import Alert, EscalationStep, Notice
from notifications.readers import EVERYWHERE
from partners.access import Permission, Viewer
from returns import funding, outward
from returns.ledgers import Direction
from returns.models import CaseReadiness, Movement, Need
from returns.transit_clock import is_late, left
from returns.unregistered import heads_asked_by
from returns.waiting_lines import Line, groups_that_wait, lines_of
from returns.ways import zones_of

RECENT = timedelta(hours=24)
MOST_MOVING = 20
_VERSION = """
select (select count(*) || ':' || coalesce(sum(hashtext(c::text)), 0) from returns_boardcount c),
       (select max(id) from migrants_headcount), (select max(id) from migrants_moodseen),
       (select max(id) from migrants_groupmove), (select max(id) from migrants_migrant),
       (select max(id) || ':' || count(closed_at) from migrants_travelgroup),
       (select max(id) || ':' || count(assessed_at) from corridors_requirementchange),
       (select max(id) || ':' || count(settled_at) from corridors_barrierreport), (select max(id) from corridors_reportvoice),
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


MOST_COUNTED = 10_000
"""People of one direction that are counted one by one each time the board is asked for."""


def capped(number: int) -> str:
    """Give a count as it is said: up to `MOST_COUNTED` exactly, beyond that only that there are more."""
    return f"{MOST_COUNTED:,}+" if number > MOST_COUNTED else f"{number:,}"


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

    @property
    def stopped_said(self) -> str:
        """How many it stops, in words that do not promise more than was counted."""
        return capped(self.stopped)

    @property
    def people_said(self) -> str:
        """Of how many, likewise."""
        return capped(self.people)

    @property
    def is_more(self) -> bool:
        """Whether it stops, and costs, more than was counted."""
        return self.stopped > MOST_COUNTED


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
    waiting = groups_that_wait(viewer)
    lines = lines_of(viewer, waiting, at=at)
    sees_people = viewer.may(Permission.SEE_PEOPLE)
    _add_changes(lines, at=at)
    _add_notices(lines)
    ordered = sorted((line for line in lines.values() if _is_shown(line)), key=lambda line: line.urgency)
    needs = list(Need.objects.visible_to(viewer).filter(closed_at__isnull=True))
    return Board(
        lines=tuple(ordered),
        worst=_worst(ordered, waiting, sees_people=sees_people),
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


def _add_changes(lines: Mapping[Direction, Line], *, at: datetime) -> None:
    recent = RequirementChange.objects.filter(at__gt=at - RECENT, at__lte=at).select_related("version__requirement")
    for change in recent.order_by("at"):
        asked = change.version.requirement
        for key, line in lines.items():
            if asks_at(asked, *key):
                line.changes += 1
                line.changed_at = change.at


def _add_notices(lines: Mapping[Direction, Line]) -> None:
    """Each line's newest alert that nothing has superseded, with how many organisations owe an answer."""
    by_way = {(f"crossing:{line.crossing.code}", line.from_country, line.to_country): line for line in lines.values()}
    here = Q(subject__in={key[0] for key in by_way}) | Q(subject__startswith=EVERYWHERE)
    alerts = Alert.objects.standing().filter(here, kind="requirement_change")
    states: dict[int, list[str]] = defaultdict(list)
    for key, state in Notice.objects.filter(alert__in=alerts).values_list("alert", "state"):
        states[key].append(state)
    for alert in alerts.order_by("number"):
        owed = states[alert.pk].count(NoticeState.OWED)
        for line in _told_of(alert, by_way):
            if states[alert.pk] and (line.alert is None or owed >= line.owed):
                line.alert, line.owed, line.told = alert, owed, len(states[alert.pk])


def _told_of(alert: Alert, by_way: Mapping[tuple[str, str, str], Line]) -> list[Line]:
    """The lines of the board which an alert is about: its own, or those of every crossing of its direction."""
    ends = (alert.context["from_country"], alert.context["to_country"])
    if not alert.subject.startswith(EVERYWHERE):
        own = by_way.get((alert.subject, *ends))
        return [] if own is None else [own]
    return [
        line
        for (_subject, *way), line in by_way.items()
        if all(end in (ANY, at) for end, at in zip(ends, way, strict=True))
    ]


def _worst(lines: Sequence[Line], waiting: TravelGroupQuerySet, *, sees_people: bool) -> Worst | None:
    """The first line whose alert still waits for answers or stops somebody."""
    for line in lines:
        if line.alert is None:
            continue
        version = _version_of(line.alert)
        if version is None:
            continue
        groups = waiting.filter(crossing=line.crossing, from_country=line.from_country, to_country=line.to_country)
        stopped, people = _stopped_by(version, groups, sees_people=sees_people)
        if stopped or line.owed:
            return _told(line, line.alert, version, groups=groups, stopped=stopped, people=people)
    return None


def _version_of(alert: Alert) -> RequirementVersion | None:
    public_id = alert.source.partition(":")[2]
    found = RequirementVersion.objects.filter(public_id=public_id).select_related("requirement__crossing").first()
    return found if found is not None and source_of(found) == alert.source else None


def _stopped_by(version: RequirementVersion, groups: TravelGroupQuerySet, *, sees_people: bool) -> tuple[int, int]:
    cases = CaseReadiness.objects.standing().filter(case__person__group__in=groups.values("pk"))
    if not sees_people:
        cases = cases.exclude(outward.standing_hold("case__person"))
    stopped = cases.stopped_by(version.public_id).order_by()[: MOST_COUNTED + 1].count()
    return stopped, cases.order_by()[: MOST_COUNTED + 1].count()


def _told(
    line: Line, alert: Alert, version: RequirementVersion, *, groups: TravelGroupQuerySet, stopped: int, people: int
) -> Worst:
    step = EscalationStep.objects.filter(notice__alert=alert, state=StepState.PENDING).order_by("due_at").first()
    content = parse_content(version.content)
    price = content.price
    is_charged = price is not None and price.per == PricePer.PERSON and (stopped or not people)
    heads = heads_asked_by(version, content, groups, line.unregistered) if is_charged else 0
    return Worst(
        alert=alert,
        version=version,
        group=line.group,
        groups=line.groups,
        stopped=stopped,
        people=people,
        acknowledged=line.told - line.owed,
        told=line.told,
        next_at=step.due_at if step else None,
        next_kind=str(step.get_kind_display()) if step else "",
        cost=price.amount * (min(stopped, MOST_COUNTED) + heads) if price and price.per == "person" else None,
        currency=price.currency if price else "",
    )


def _open_money(needs: Iterable[Need]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for gap in funding.gaps(needs).values():
        sums[gap.currency] += gap.open
    return {currency: amount for currency, amount in sums.items() if amount}
