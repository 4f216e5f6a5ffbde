"""Groups that are excused because the corridor by which they are planned waives something, as long as it does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from common import audit
from common.actors import Actor
from corridors.models import CorridorVersion, StandingChange, VersionWaiver
from corridors.standings import standing_of
from corridors.waiving import waivers_in_force
from migrants.models import TravelGroup
from returns import readiness
from returns.models import GroupWaiver, Plan


@transaction.atomic
def follow_plans(*, plans: Collection[Plan], version: CorridorVersion | None, by: Actor, at: datetime) -> set[int]:
    """Excuses the groups of `plans`, all by `version`, from what their corridor waives now, and from nothing that it waives
    no more; returns the keys of those for which that changed. The number of statements does not depend on the groups.

    The caller judges the groups anew.
    """
    keys = [plan.group_id for plan in plans]
    list(TravelGroup.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk"))
    due = waivers_in_force(version, standing_of(version, at=at), at=at) if version and keys else []
    standing = list(GroupWaiver.objects.filter(group__in=keys, through__isnull=False, valid_until__gt=at))
    ended = [row for row in standing if row.through_id not in {waiver.pk for waiver in due}]
    if ended:
        GroupWaiver.objects.filter(pk__in=[row.pk for row in ended]).update(valid_until=at)
    known = {(row.group_id, row.through_id) for row in standing}
    fresh = _excused(
        [(plan, waiver) for plan in plans for waiver in due if (plan.group_id, waiver.pk) not in known], by=by, at=at
    )
    audit.record_many([("waiver of a corridor ended", row) for row in ended], by=by, at=at)
    audit.record_many([("waiver of a corridor counts", row) for row in fresh], by=by, at=at)
    return {row.group_id for row in (*ended, *fresh)}


def _excused(due: Sequence[tuple[Plan, VersionWaiver]], *, by: Actor, at: datetime) -> list[GroupWaiver]:
    """The row of each group and waiver; one that had ended holds again."""
    if not due:
        return []
    past = GroupWaiver.objects.filter(
        group__in=[plan.group_id for plan, _waiver in due], through__in={waiver.pk for _plan, waiver in due}
    )
    known = {(row.group_id, row.requirement_id, row.through_id): row for row in past}
    rows = []
    for plan, waiver in due:
        row = known.get((plan.group_id, waiver.requirement_id, waiver.pk)) or GroupWaiver(
            group_id=plan.group_id, requirement_id=waiver.requirement_id, through=waiver
        )
        row.mission_id, row.authority_id, row.reference = plan.mission_id, waiver.authority_id, waiver.reference
        row.valid_until, row.recorded_at, row.by = waiver.valid_until, at, by
        rows.append(row)
    changed = ["mission", "authority", "reference", "valid_until", "recorded_at", "by"]
    GroupWaiver.objects.bulk_update([row for row in rows if row.pk], changed)
    GroupWaiver.objects.bulk_create([row for row in rows if not row.pk])
    return rows


def follow_changes(*, by: Actor, at: datetime) -> int:
    """Does so for every group planned by a corridor that stands elsewhere now and waives something; returns how many changed.

    Reads the changes that nobody has assessed yet, and leaves them to whoever does.
    """
    changed = StandingChange.objects.filter(assessed_at__isnull=True).values("version")
    waives = CorridorVersion.objects.filter(pk__in=changed, waivers__isnull=False).values("pk")
    plans = Plan.objects.filter(corridor_version__in=waives, group__closed_at__isnull=True)
    done = 0
    for plan in plans.select_related("group", "corridor_version__corridor").order_by("pk"):
        if follow_plans(plans=[plan], version=plan.corridor_version, by=by, at=at):
            readiness.check(group=plan.group, at=at, facts_only=True)
            done += 1
    return done
