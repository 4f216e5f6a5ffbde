"""Groups that are excused because the corridor by which they are planned waives something, as long as it does."""

from __future__ import annotations

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
def follow_plan(*, plan: Plan, by: Actor, at: datetime) -> bool:
    """Excuses a group from what its corridor waives now, and from nothing that it waives no more; whether that changed.

    The caller judges the group anew.
    """
    TravelGroup.objects.select_for_update(of=("self",), no_key=True).get(pk=plan.group_id)
    version = plan.corridor_version
    due = waivers_in_force(version, standing_of(version, at=at), at=at) if version else []
    standing = list(GroupWaiver.objects.filter(group=plan.group_id, through__isnull=False, valid_until__gt=at))
    ended = [row for row in standing if row.through_id not in {waiver.pk for waiver in due}]
    GroupWaiver.objects.filter(pk__in=[row.pk for row in ended]).update(valid_until=at)
    known = {row.through_id for row in standing}
    fresh = [_excused(plan, waiver, by=by, at=at) for waiver in due if waiver.pk not in known]
    audit.record_many([("waiver of a corridor ended", row) for row in ended], by=by, at=at)
    audit.record_many([("waiver of a corridor counts", row) for row in fresh], by=by, at=at)
    return bool(ended or fresh)


def _excused(plan: Plan, waiver: VersionWaiver, *, by: Actor, at: datetime) -> GroupWaiver:
    """The row of the group; one that had ended holds again."""
    row, _made = GroupWaiver.objects.update_or_create(
        group=plan.group,
        requirement_id=waiver.requirement_id,
        through=waiver,
        defaults={
            "mission_id": plan.group.mission_id,
            "authority_id": waiver.authority_id,
            "reference": waiver.reference,
            "valid_until": waiver.valid_until,
            "recorded_at": at,
            "by": by,
        },
    )
    return row


def follow_changes(*, by: Actor, at: datetime) -> int:
    """Does so for every group planned by a corridor that stands elsewhere now and waives something; returns how many changed.

    Reads the changes that nobody has assessed yet, and leaves them to whoever does.
    """
    changed = StandingChange.objects.filter(assessed_at__isnull=True).values("version")
    waives = CorridorVersion.objects.filter(pk__in=changed, waivers__isnull=False).values("pk")
    plans = Plan.objects.filter(corridor_version__in=waives, group__closed_at__isnull=True)
    done = 0
    for plan in plans.select_related("group", "corridor_version__corridor").order_by("pk"):
        if follow_plan(plan=plan, by=by, at=at):
            readiness.check(group=plan.group, at=at, facts_only=True)
            done += 1
    return done
