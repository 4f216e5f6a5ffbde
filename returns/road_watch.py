"""What is watched while buses wait or travel: a late departure, a late passage of the barrier, a corridor that stands no more.

Each is told once. A bus may be named, a person never is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least

from common import audit
from common.actors import Actor
from corridors.enums import CorridorState
from corridors.models import StandingChange
from notifications.alerts import Told, raise_alert
from notifications.models import Alert
from partners.models import Organisation
from returns import road_words
from returns.corridor_waivers import follow_changes
from returns.enums import CheckpointKind, CrewRole
from returns.models import LegClock, Manifest, Movement, Plan, Vehicle
from returns.movement_alerts import ANSWER_WITHIN, journey_of, parties_of, zones_of_leg
from returns.movements import BEFORE_THE_ROAD
from returns.stopped_corridors import give_tasks
from returns.way_points import into

log = structlog.get_logger(__name__)
PATIENCE = timedelta(minutes=30)
"""How long after the agreed hour a departure is late."""
QUEUE_MINUTES = 120
"""How long the passage of a barrier takes at most where no plan says it."""
ONWARD = timedelta(minutes=QUEUE_MINUTES)
"""How long the barrier between two countries of the way takes at most."""
AT_A_TIME = 50


@dataclass(frozen=True, slots=True)
class Late:
    """Buses that are late to leave (`leg` 0) or into a country of the way, by its number; `column` of `row` says when told."""

    movement: Movement
    leg: int
    expected_at: datetime
    row: Movement | LegClock
    column: str


def watch(*, by: Actor, at: datetime) -> int:
    """Tell of every movement that is late to leave or to be through a barrier, each once; returns how many were told.

    A movement of which no message can be made waits for the next round, and holds up no other.
    """
    return sum(
        _by_itself(partial(_tell_late, late, by=by, at=at), movement=late.movement.public_id)
        for late in _not_told_yet(at=at)
    )


def _not_told_yet(*, at: datetime) -> Iterator[Late]:
    """What is late and was not told, locked; what somebody else has locked is left to them."""
    for leg, column, late in (
        (0, "departure_told_at", late_to_leave(at=at)),
        (1, "barrier_told_at", late_at_the_barrier(at=at)),
    ):
        found = late.filter(**{f"{column}__isnull": True}).select_for_update(skip_locked=True, of=("self",))
        for movement in found[:AT_A_TIME]:
            yield Late(movement, leg, movement.due, movement, column)  # type: ignore[attr-defined]  # annotated
    clocks = late_onward(at=at).filter(onward_told_at__isnull=True)
    for clock in clocks.select_for_update(skip_locked=True, of=("self", "movement"))[:AT_A_TIME]:
        yield Late(clock.movement, clock.number + 1, (clock.left_at or at) + ONWARD, clock, "onward_told_at")


def _by_itself(tell: Callable[[], None], **about: UUID) -> bool:
    """Does one thing within a savepoint; says in the log, by reference, what could not be told; returns whether it was."""
    try:
        with transaction.atomic():
            tell()
    except Exception as error:
        log.exception(
            "journey_not_told", **{key: str(value) for key, value in about.items()}, error=type(error).__name__
        )
        return False
    return True


def late_to_leave(*, at: datetime) -> QuerySet[Movement]:
    """Give the movements of which not every bus has passed the exit control half an hour after the agreed hour."""
    rows = _expected().filter(state__in=BEFORE_THE_ROAD, exited_at__isnull=True, depart_at__lt=at - PATIENCE)
    return rows.annotate(due=F("depart_at")).order_by("depart_at", "pk")


def late_at_the_barrier(*, at: datetime) -> QuerySet[Movement]:
    """Give the movements that are not through the barrier when queue and window say they must be."""
    rows = _expected().filter(exited_at__isnull=False, entered_at__isnull=True)
    return rows.filter(due__lt=at).order_by("due", "pk")  # type: ignore[misc]  # annotated


def late_onward(*, at: datetime) -> QuerySet[LegClock]:
    """Give the countries inside a way that every bus has left, and not every one is in the next when it has to be."""
    there = LegClock.objects.filter(
        movement=OuterRef("movement"), number=OuterRef("number") + 1, entered_at__isnull=False
    )
    running = Movement.objects.running().filter(left_at__isnull=True)
    rows = LegClock.objects.filter(~Exists(there), movement__in=running, left_at__lt=at - ONWARD)
    return rows.select_related("movement__corridor_version__corridor").order_by("left_at", "pk")


def _expected() -> QuerySet[Movement]:
    """Running movements with a manifest and a bus that goes on, and by when they have to be through the barrier: `due`."""
    minutes = Plan.objects.filter(group=OuterRef("group")).values("queue_minutes")[:1]
    through = ExpressionWrapper(
        Coalesce("exited_at", "depart_at") + Coalesce(Subquery(minutes), QUEUE_MINUTES) * timedelta(minutes=1),
        output_field=DateTimeField(),
    )
    frozen = Manifest.objects.filter(movement=OuterRef("pk"))
    going = Vehicle.objects.filter(movement=OuterRef("pk"), turned_back_at__isnull=True)
    rows = Movement.objects.running().filter(Exists(frozen), Exists(going), left_at__isnull=True)
    return rows.annotate(due=Least(through, Coalesce("corridor_version__closes_at", through)))


def _tell_late(late: Late, *, by: Actor, at: datetime) -> None:
    """Tell the parties and the mission; between two countries of the way with the hours of both sides of that border."""
    movement, leg = late.movement, late.leg
    what = road_words.BARRIER if leg else road_words.DEPARTURE
    setattr(late.row, late.column, at)
    late.row.save(update_fields=[late.column])
    audit.record("late on the road", late.row, by=by, at=at, why=what)
    border: dict[str, Any] = {"zones": zones_of_leg(movement, leg)} if leg > 1 else {}
    _raise(
        road_words.LATE,
        movement,
        source=f"{road_words.LATE}:{movement.public_id}:{what}" + (f"-{leg - 1}" if border else ""),
        told={*parties_of(movement.corridor_version), movement.mission.organisation},
        by=by,
        at=at,
        what=what,
        expected_at=late.expected_at.isoformat(),
        counted=_counted(movement, into(leg) if leg else CheckpointKind.EXITED),
        **border,
    )


@transaction.atomic
def assess_standing_changes(*, by: Actor, at: datetime) -> int:
    """Tell mission and leader of every movement whose corridor stands elsewhere now; returns how many changes there were."""
    follow_changes(by=by, at=at)
    give_tasks(by=by, at=at)
    running = Movement.objects.running().filter(corridor_version=OuterRef("version"), left_at__isnull=True)
    waiting = StandingChange.objects.filter(assessed_at__isnull=True)
    done = waiting.filter(~Exists(running)).update(assessed_at=at)
    for change in waiting.order_by("pk").select_for_update(skip_locked=True, of=("self",))[:AT_A_TIME]:
        done += _by_itself(partial(_assess, change, by=by, at=at), change=change.public_id)
    return done


def _assess(change: StandingChange, *, by: Actor, at: datetime) -> None:
    rows = Movement.objects.running().filter(corridor_version=change.version_id, left_at__isnull=True)
    for movement in rows.filter(Exists(Manifest.objects.filter(movement=OuterRef("pk")))).order_by("pk"):
        _tell_halted(movement, change, by=by, at=at)
    change.assessed_at = at
    change.save(update_fields=["assessed_at"])


def _tell_halted(movement: Movement, change: StandingChange, *, by: Actor, at: datetime) -> None:
    """Tell where the corridor stands now; that it is open only where somebody was told before that it was not."""
    subject = f"movement:{movement.public_id}"
    before = Alert.objects.filter(kind=road_words.HALTED, subject=subject).newest_standing()
    if change.now == CorridorState.OPEN and before is None:
        return
    leads = movement.crew.filter(role=CrewRole.LEADER, organisation__isnull=False).values("organisation")
    leaders = Organisation.objects.filter(pk__in=leads)
    _raise(
        road_words.HALTED,
        movement,
        source=f"{road_words.HALTED}:{movement.pk}:{change.public_id}",
        told={movement.mission.organisation, *leaders},
        supersedes=before,
        by=by,
        at=at,
        state=change.now,
        changed_at=change.changed_at.isoformat(),
        out=_counted(movement, CheckpointKind.EXITED),
    )


def _counted(movement: Movement, point: CheckpointKind) -> int:
    """How many buses were counted at a point."""
    return movement.checkpoints.filter(kind=point, recounted_by__isnull=True).count()


def _raise(
    kind: str,
    movement: Movement,
    *,
    source: str,
    told: Collection[Organisation],
    by: Actor,
    at: datetime,
    supersedes: Alert | None = None,
    **said: object,
) -> Alert:
    return raise_alert(
        kind=kind,
        source=source,
        subject=f"movement:{movement.public_id}",
        context={**journey_of(movement), "buses": movement.vehicles.count(), **said},
        told=[Told(organisation) for organisation in sorted(told, key=lambda each: each.code)],
        expires_at=at + ANSWER_WITHIN,
        supersedes=supersedes,
        mission=movement.mission.organisation.code,
        by=by,
        at=at,
    )
