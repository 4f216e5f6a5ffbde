"""What a plan was before it was changed, so that it can be put back as it stood."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from common import audit
from common.actors import Actor
from migrants.models import TravelGroup
from returns import readiness
from returns.models import Plan

PLAIN = (
    "crossing_id", "from_country", "to_country", "corridor_version_id", "zone", "queue_minutes", "mode", "mission_id",
)  # fmt: skip
MOMENTS = ("cross_at", "local_time")


def snapshot_of(plan: Plan | None) -> dict[str, Any] | None:
    """Give what `restore` needs, as JSON; None: there was no plan."""
    if plan is None:
        return None
    return {name: getattr(plan, name) for name in PLAIN} | {name: getattr(plan, name).isoformat() for name in MOMENTS}


@transaction.atomic
def restore(*, group: TravelGroup, plan: Plan, before: dict[str, Any] | None, by: Actor, at: datetime) -> None:
    """Put the plan of a group back as it stood before it was set, and judge the group for that again."""
    audit.record("plan taken back", plan, by=by, at=at)
    if before is None:
        plan.delete()
    else:
        for name in PLAIN:
            setattr(plan, name, before[name])
        for name in MOMENTS:
            setattr(plan, name, datetime.fromisoformat(before[name]))
        plan.set_at, plan.by = at, by
        plan.save(update_fields=[*PLAIN, *MOMENTS, "set_at", "by"])
    readiness.check(group=group, at=at, facts_only=True)
