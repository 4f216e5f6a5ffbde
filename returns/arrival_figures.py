"""How many arrive, and of which age and sex, as it may be told outside: counted, never derived from names (rules 4 and 23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from common.small_cells import parts_outside
from migrants.models import HeadCount
from returns.enums import CheckpointKind
from returns.models import Checkpoint, Movement
from returns.reconciliation import WAY, standing_counts

WITHHELD = "–"
BY_SEX = ("males", "females")
BY_AGE = ("men", "women", "children_5_17", "children_under_5")


@dataclass(frozen=True, slots=True)
class Band:
    """One figure of those who come, by the name of its field in a head count, or a dash where it is withheld."""

    name: str
    heads: str

    @property
    def words(self) -> str:
        """What it counts, in the language at hand."""
        return {
            "males": _("male"),
            "females": _("female"),
            "men": _("men"),
            "women": _("women"),
            "children_5_17": _("children from 5 to 17"),
            "children_under_5": _("children under 5"),
        }[self.name]


@dataclass(frozen=True, slots=True)
class ArrivalFigures:
    """`heads` were counted at `counted_at`, on the road or where the group waited; None while nobody has counted.

    `bands` are of the same heads, small ones withheld, and so is the next one where the sum would give a small one away.
    Empty where ages were noted for another number of heads: the difference would tell of somebody.
    """

    heads: int | None
    counted_at: datetime | None
    by_bus: tuple[tuple[str, int], ...]
    bands: tuple[Band, ...]


def figures_of(movement: Movement) -> ArrivalFigures:
    """Give the figures of a movement from its last counts, else from the last head count of its group; 2 queries."""
    halted = HeadCount.objects.filter(group=movement.group_id, counted_at__lte=movement.depart_at).first()
    last = last_counts(movement)
    if last:
        heads, counted_at = sum(row.heads for row in last), max(row.counted_at for row in last)
    elif halted is not None:
        heads, counted_at = halted.total, halted.counted_at
    else:
        return ArrivalFigures(None, None, (), ())
    by_bus = tuple((row.vehicle.label, row.heads) for row in last if row.vehicle is not None)
    same = halted is not None and halted.total == heads
    return ArrivalFigures(heads, counted_at, by_bus, bands_of(halted) if halted is not None and same else ())


def last_counts(movement: Movement) -> list[Checkpoint]:
    """Give the counts of the last point at which every bus was counted; nothing where there is none."""
    counts = standing_counts(movement)
    buses = movement.vehicles.count()
    for kind in reversed(WAY):
        here = [row for row in counts if row.kind == kind]
        if here and (len(here) == buses or kind == CheckpointKind.HANDED_OVER):
            return here
    return []


def bands_of(count: HeadCount) -> tuple[Band, ...]:
    """Give the bands of a head count as they may leave IOM."""
    given: list[Band] = []
    for names in (BY_SEX, BY_AGE):
        noted = [(name, getattr(count, name)) for name in names]
        if all(heads is not None for _name, heads in noted):
            told = parts_outside([heads for _name, heads in noted])
            given += [Band(name, shown or WITHHELD) for (name, _heads), shown in zip(noted, told, strict=True)]
    return tuple(given)
