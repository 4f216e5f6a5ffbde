"""The clock of a transit: begun by the first bus that enters, a warning before its end, an alarm the first second after."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from common import audit
from common.actors import Actor
from returns import movement_alerts
from returns.models import Movement

WARNING = timedelta(minutes=30)
"""How long before the end of the longest transit everybody is warned."""


def start(movement: Movement, *, entered_at: datetime) -> None:
    """Start the clock at the earliest entry, or move it there where an earlier one comes in late. The caller saves."""
    if movement.clock_started_at is not None and movement.clock_started_at <= entered_at:
        return
    longest = movement.corridor_version.longest_transit
    movement.clock_started_at = entered_at
    movement.due_at = entered_at + longest
    movement.warn_at = max(entered_at, movement.due_at - WARNING)


def left(movement: Movement, *, at: datetime) -> timedelta | None:
    """Give what is left of the longest transit, negative once it is over; None where no clock runs."""
    return None if movement.due_at is None else movement.due_at - (movement.left_at or at)


def is_late(movement: Movement, *, at: datetime) -> bool:
    """Tell whether the longest transit is over: from the first second after, and for good once it was left too late."""
    return movement.due_at is not None and (movement.left_at or at) > movement.due_at


def sound(*, by: Actor, at: datetime) -> int:
    """Warn of every transit that ends soon and alarm for every one that is over, each once; returns how many."""
    done = 0
    while _sound_one(by=by, at=at):
        done += 1
    return done


@transaction.atomic
def _sound_one(*, by: Actor, at: datetime) -> bool:
    over = Q(due_at__lt=at, alarmed_at__isnull=True)
    near = Q(warn_at__lte=at, warned_at__isnull=True, alarmed_at__isnull=True)
    movement = (
        Movement.objects.on_the_clock()
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("corridor_version__corridor")
        .filter(over | near)
        .order_by("warn_at")
        .first()
    )
    if movement is None or movement.due_at is None:
        return False
    late = at > movement.due_at  # whoever is on the clock is inside, also where the other buses were out in time
    if late:
        movement.alarmed_at = at
    else:
        movement.warned_at = at
    movement.save(update_fields=["alarmed_at", "warned_at"])
    audit.record("transit alarm" if late else "transit warning", movement, by=by, at=at)
    movement_alerts.tell_of_transit(movement, late=late, by=by, at=at)
    return True
