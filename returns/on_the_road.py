"""Who has left with a movement: they wait at no crossing any more, and the hour that was planned for them has come."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from migrants.models.groups import TravelGroupQuerySet
from returns import outward
from returns.models import Movement, Seat


def departed_people() -> QuerySet[Seat, int]:
    """Give the keys of people who left with a bus that did not come back; for look-ups by `in`."""
    gone = Seat.objects.filter(movement__exited_at__isnull=False, vehicle__isnull=False)
    return gone.filter(vehicle__returned_at__isnull=True).values_list("person", flat=True)


def without_departed(groups: TravelGroupQuerySet, *, openly: bool = False) -> TravelGroupQuerySet:
    """Leave out the groups of which everybody has left; who of a group stays behind goes on waiting.

    `openly`: as somebody outside may know it. Whoever stays behind under protection keeps no group at a halt then, or
    they would see that somebody was written down (confidentiality 2).
    """
    left = Movement.objects.filter(group=OuterRef("pk"), exited_at__isnull=False)
    behind = Seat.objects.filter(
        Q(vehicle__isnull=True) | Q(vehicle__returned_at__isnull=False),
        movement__group=OuterRef("pk"),
        movement__exited_at__isnull=False,
    )
    if openly:
        behind = behind.exclude(outward.standing_hold("person"))
    return groups.exclude(Exists(left) & ~Exists(behind))
