"""Halts that have ended in the last weeks, for the board: how many were received, and how long after the demand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, Subquery

from corridors.lines import ANY
from corridors.models import RequirementChange
from partners.access import Viewer
from returns.models import Movement
from returns.ways import way_of

REMEMBERED = timedelta(days=30)
MOST = 5


@dataclass(frozen=True, slots=True)
class EndedHalt:
    """One movement that was received. `delay` runs from the demand to the exit; None where nothing was demanded."""

    movement: Movement
    way: str
    heads: int
    delay: timedelta | None


def ended_halts(viewer: Viewer, *, at: datetime) -> list[EndedHalt]:
    """Give the last movements that were received and that `viewer` may see, the latest first; 4 queries."""
    demands = RequirementChange.objects.filter(
        Q(version__requirement__crossing=OuterRef("group__crossing")) | Q(version__requirement__crossing__isnull=True),
        version__requirement__from_country__in=[OuterRef("group__from_country"), ANY],
        version__requirement__to_country__in=[OuterRef("group__to_country"), ANY],
        at__gte=OuterRef("group__waiting_since"),
        at__lte=OuterRef("depart_at"),
    ).order_by("at", "pk")
    began = demands.annotate(began=F("version__applies__startswith")).values("began")[:1]
    rows = (
        Movement.objects.visible_to(viewer)
        .filter(handed_over_at__gt=at - REMEMBERED, handed_over_at__lte=at, handover__isnull=False)
        .select_related("group__crossing", "handover")
        .prefetch_related("group__crossing__sides")
    )
    listed = list(rows.order_by("-handed_over_at", "-pk")[:MOST])
    demanded = dict(
        Movement.objects.filter(pk__in=[row.pk for row in listed])
        .annotate(began=Subquery(began))
        .values_list("pk", "began")
    )
    return [
        EndedHalt(row, way_of(row.group), row.handover.heads, _delay(row.left_at, demanded[row.pk])) for row in listed
    ]


def _delay(left_at: datetime | None, began: datetime | None) -> timedelta | None:
    return left_at - began if left_at and began else None
