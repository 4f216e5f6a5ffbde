"""The whole way of a movement against itself: counted, registered, listed, then each point by bus; and why it differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migrants.heads import heads_of
from returns.enums import CheckpointKind
from returns.models import Absence, Checkpoint, Difference, ManifestStage, Movement
from returns.reconciliation import Leg, differences, legs_of, stages_in_words, standing_counts


@dataclass(frozen=True, slots=True)
class Line:
    """One bus: how many of it are on the manifest, and for each point of the way its words and count (None: not counted)."""

    label: str
    listed: int
    cells: tuple[tuple[str, Checkpoint | None], ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """One count that differs, how much of it is still open, why, and who it was."""

    checkpoint: Checkpoint
    where: str
    heads: int
    open: int
    why: tuple[tuple[Difference, tuple[Absence, ...]], ...]


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """`counted` is what the last head count of the group saw, None where nobody has counted it."""

    counted: int | None
    registered: int
    listed: int | None
    points: tuple[Leg, ...]
    lines: tuple[Line, ...]
    explained: tuple[Explained, ...]
    stages: tuple[tuple[str, ManifestStage], ...]

    @property
    def is_closed(self) -> bool:
        """Every point is counted, and every difference has its reason."""
        return all(point.is_closed for point in self.points)

    @property
    def some_turned(self) -> bool:
        """Tell whether a bus has turned back: the sums of the road are without it."""
        return any(point.kind == CheckpointKind.RETURNED for point in self.points)


def reconciliation_of(movement: Movement) -> Reconciliation:
    """Read it; a constant number of queries."""
    heads = heads_of([movement.group_id])[movement.group_id]
    counts = standing_counts(movement)
    newest = movement.manifests.order_by("-number").first()
    listed: dict[int, int] = {}
    for bus in newest.entries.values_list("vehicle", flat=True) if newest else ():
        listed[bus] = listed.get(bus, 0) + 1
    points = legs_of(movement)
    by_place = {(row.vehicle_id, row.kind): row for row in counts}
    return Reconciliation(
        counted=heads.counted,
        registered=heads.registered,
        listed=newest.people if newest else None,
        points=tuple(points),
        lines=tuple(
            Line(
                bus.label,
                listed.get(bus.pk, 0),
                tuple((point.words, by_place.get((bus.pk, point.kind.value))) for point in points),
            )
            for bus in movement.vehicles.all()
        ),
        explained=tuple(_explained(movement, counts)),
        stages=tuple(stages_in_words(newest, movement)) if newest else (),
    )


def _explained(movement: Movement, counts: Sequence[Checkpoint]) -> list[Explained]:
    found = differences(movement, counts)
    rows = Difference.objects.filter(checkpoint__in=[each.checkpoint for each in found])
    why: dict[int, list[tuple[Difference, tuple[Absence, ...]]]] = {}
    for row in rows.prefetch_related("absences__person").order_by("pk"):
        why.setdefault(row.checkpoint_id, []).append((row, tuple(row.absences.all())))
    return [
        Explained(each.checkpoint, each.where, each.heads, each.open, tuple(why.get(each.checkpoint.pk, ())))
        for each in found
    ]
