"""Counts against counts: what each leg should show, and what differs (rule 24); why is said in `explaining.py`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from returns.enums import CheckpointKind, DifferenceKind
from returns.models import Checkpoint, Difference, Manifest, ManifestStage, Movement
from returns.way_points import ORDER, point_in_words, way_ahead

MORE = frozenset({DifferenceKind.UNREGISTERED, DifferenceKind.JOINED, DifferenceKind.BORN})
"""What makes heads more; everything else makes them fewer."""


@dataclass(frozen=True, slots=True)
class OpenDifference:
    """One count that differs from the one before. `heads` more (positive) or fewer; `open` of them are not explained."""

    checkpoint: Checkpoint
    heads: int
    open: int

    @property
    def where(self) -> str:
        """The point of the way at which it was counted, in words."""
        return point_in_words(self.checkpoint.kind, self.checkpoint.movement.corridor_version.corridor)

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The explanations that fit, as choices."""
        return [(kind.value, str(kind.label)) for kind in DifferenceKind if (kind in MORE) == (self.heads > 0)]


@dataclass(frozen=True, slots=True)
class Leg:
    """One point of the way, over all buses. `heads` None while a bus is not counted yet."""

    kind: CheckpointKind
    words: str
    counted: int
    buses: int
    heads: int | None
    expected: int
    open: int
    last_at: datetime | None

    @property
    def is_counted(self) -> bool:
        """Every bus is counted there; where no bus comes yet, none is."""
        return 0 < self.buses == self.counted

    @property
    def is_closed(self) -> bool:
        """Every bus is counted, and every difference is explained."""
        return self.is_counted and self.open == 0


def standing_counts(movement: Movement) -> list[Checkpoint]:
    """Give the counts that stand (a recount replaces the one before), in the order of the way; one query."""
    rows = movement.checkpoints.filter(recounted_by__isnull=True).select_related("vehicle")
    return sorted(rows, key=lambda row: (ORDER.index(CheckpointKind(row.kind)), row.vehicle.rank if row.vehicle else 0))


def differences(movement: Movement, counts: Sequence[Checkpoint] | None = None) -> list[OpenDifference]:
    """Give every standing count that differs, explained or not, in the order of the way; two queries."""
    rows = [row for row in (standing_counts(movement) if counts is None else counts) if row.difference]
    explained = dict(
        Difference.objects.filter(checkpoint__in=rows).values_list("checkpoint").annotate(Sum("heads")).order_by()
    )
    return [OpenDifference(row, row.difference, abs(row.difference) - explained.get(row.pk, 0)) for row in rows]


def open_differences(movement: Movement) -> list[OpenDifference]:
    """Give those that are not, or not wholly, explained."""
    return [found for found in differences(movement) if found.open]


def legs_of(movement: Movement) -> list[Leg]:
    """Give each point of the way with its sums; three queries. Buses that turned back stand apart once they have left.

    If any has, the last one is their way back.
    """
    corridor = movement.corridor_version.corridor
    way = way_ahead(corridor)
    counts = standing_counts(movement)
    still_open = {found.checkpoint.pk: found.open for found in differences(movement, counts)}
    every = {bus.pk for bus in movement.vehicles.all()}
    back = {bus.pk for bus in movement.vehicles.all() if bus.turned_back_at is not None}
    legs = []
    for kind in (*way, CheckpointKind.RETURNED) if back else way:
        of_these = (
            every if kind == CheckpointKind.BOARDED else back if kind == CheckpointKind.RETURNED else every - back
        )
        if back and not of_these:
            continue
        here = [row for row in counts if row.kind == kind and (row.vehicle_id is None or row.vehicle_id in of_these)]
        whole = any(row.vehicle_id is None for row in here)
        wanted = 1 if whole or kind == CheckpointKind.HANDED_OVER else len(of_these)
        legs.append(
            Leg(
                kind=kind,
                words=point_in_words(kind, corridor),
                counted=len(here),
                buses=wanted,
                heads=sum(row.heads for row in here) if here and len(here) == wanted else None,
                expected=sum(row.expected for row in here),
                open=sum(still_open.get(row.pk, 0) for row in here),
                last_at=max((row.counted_at for row in here), default=None),
            )
        )
    return legs


def stages_in_words(manifest: Manifest, movement: Movement) -> list[tuple[str, ManifestStage]]:
    """Give the frozen stages of a manifest, each with the words for its point; one query."""
    corridor = movement.corridor_version.corridor
    return [(point_in_words(row.stage, corridor), row) for row in manifest.stages.all()]
