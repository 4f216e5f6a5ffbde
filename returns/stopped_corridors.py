"""A task for every group that is planned by a corridor which stops: somebody has to wait for it, or plan another way."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from common.actors import Actor
from corridors.enums import CorridorState
from corridors.models import CorridorVersion, StandingChange
from returns.case_tasks import end_task, open_task
from returns.enums import OwnerRole, TaskState
from returns.models import CaseTask, Plan

STOPS = (
    CorridorState.SUSPENDED,
    CorridorState.WITHDRAWN,
    CorridorState.REJECTED,
    CorridorState.LAPSED,
    CorridorState.CONTRADICTORY,
)
WITHIN = timedelta(hours=12)
ABOUT = "corridor-version:"


def give_tasks(*, by: Actor, at: datetime) -> int:
    """Opens a task where a corridor has stopped, and ends it where people may enter again; returns how many tasks changed.

    Reads the changes that nobody has assessed yet, and leaves them to whoever does. Once for each group, however often.
    """
    waiting = StandingChange.objects.filter(assessed_at__isnull=True).select_related("version__corridor")
    newest = {change.version_id: change for change in waiting.order_by("pk")}
    return sum(_follow(change, by=by, at=at) for change in newest.values())


def _follow(change: StandingChange, *, by: Actor, at: datetime) -> int:
    if change.now in STOPS:
        return _open(change, by=by, at=at)
    return _end(change, by=by, at=at) if change.now == CorridorState.OPEN else 0


def end_where_planned_otherwise(
    *, plans: Collection[Plan], version: CorridorVersion | None, by: Actor, at: datetime
) -> int:
    """Ends what the stop of another corridor has left to do for the groups of `plans`, which go by `version` now; how many."""
    stopped = CaseTask.objects.open().filter(group__in=[plan.group_id for plan in plans], about__startswith=ABOUT)
    tasks = list(stopped.exclude(about=_about(version)) if version else stopped)
    for task in tasks:
        end_task(task=task, state=TaskState.DONE, note=_("Another way is planned."), by=by, at=at)
    return len(tasks)


def _about(version: CorridorVersion) -> str:
    return f"{ABOUT}{version.public_id}"


def _open(change: StandingChange, *, by: Actor, at: datetime) -> int:
    """One task for each group that has not crossed yet, until it should stand at the barrier, or half a day at most."""
    plans = Plan.objects.filter(corridor_version=change.version_id, group__closed_at__isnull=True, cross_at__gt=at)
    title = _("%(corridor)s, version %(n)d: %(state)s. Wait until it may be used, or plan another way.") % {
        "corridor": change.version.corridor.name,
        "n": change.version.number,
        "state": CorridorState(change.now).label,
    }
    listed = list(plans.select_related("group").order_by("pk"))
    for plan in listed:
        open_task(
            group=plan.group,
            title=title[:200],
            due_at=min(plan.cross_at, at + WITHIN),
            role=OwnerRole.COORDINATOR,
            about=_about(change.version),
            by=by,
            at=at,
        )
    return len(listed)


def _end(change: StandingChange, *, by: Actor, at: datetime) -> int:
    tasks = list(CaseTask.objects.open().filter(about=_about(change.version)))
    for task in tasks:
        end_task(task=task, state=TaskState.DONE, note=_("The corridor may be used again."), by=by, at=at)
    return len(tasks)
