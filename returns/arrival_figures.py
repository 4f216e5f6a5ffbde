"""How many heads a movement has, and of which age and sex, as somebody counted them; never taken from names (rule 23).

One place for everybody outside casework: embassies, carriers, the country of arrival, papers and letters. Whoever stands at
a barrier may know what is seen there. Small figures stay inside (rule 4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from common.audience import FIGURES, reaching_for
from common.small_cells import is_withheld, parts_outside
from migrants.models import HeadCount
from returns.enums import CheckpointKind
from returns.models import Checkpoint, Movement, Vehicle
from returns.way_points import ORDER

WITHHELD = "–"
BY_SEX = ("males", "females")
BY_AGE = ("men", "women", "children_5_17", "children_under_5")


@dataclass(frozen=True, slots=True)
class Band:
    """One figure of those who come, by the name of its field in a head count; `heads` None where it is withheld."""

    name: str
    heads: int | None

    @property
    def is_age(self) -> bool:
        return self.name in BY_AGE

    @property
    def shown(self) -> str:
        """The figure, or a dash where it is withheld."""
        return WITHHELD if self.heads is None else str(self.heads)

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
class BusCount:
    """The last count of one bus; `place` says how far along the way it was then."""

    bus: int
    label: str
    place: int
    heads: int
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class ArrivalFigures:
    """`heads` were counted until `counted_at`, on the road or where the group waited; None while nobody has counted.

    `bands` are of the same heads, small ones withheld, and so is the next one where the sum would give a small one away.
    Empty where ages were noted for another number of heads: the difference would tell of somebody.
    """

    heads: int | None
    counted_at: datetime | None
    by_bus: tuple[BusCount, ...]
    bands: tuple[Band, ...]

    @property
    def ages(self) -> tuple[tuple[str, int], ...]:
        """The ages that may be told and that somebody has, by the name of the field."""
        return tuple((band.name, band.heads) for band in self.bands if band.is_age and band.heads)


def figures_of(movements: Sequence[Movement]) -> dict[int, ArrivalFigures]:
    """Give the figures of each movement, by its key: what was received, else the last counts of all its buses, else the
    last head count of its group before it left. The same five queries for any number of movements.
    """
    counts, received = _on_the_way(movements), _received(movements)
    waited = _waited(movements)
    buses: dict[int, int] = defaultdict(int)
    for key in Vehicle.objects.filter(movement__in=movements, turned_back_at__isnull=True).values_list(
        "movement", flat=True
    ):
        buses[key] += 1
    figures = {}
    for movement in movements:
        by_bus, halted = counts[movement.pk], waited.get(movement.pk)
        heads, counted_at = None, None
        if movement.pk in received:
            heads, counted_at = received[movement.pk]
        elif by_bus and len(by_bus) == buses[movement.pk]:
            heads, counted_at = sum(bus.heads for bus in by_bus), max(bus.counted_at for bus in by_bus)
        elif halted is not None:
            heads, counted_at = halted.total, halted.counted_at
        bands = bands_of(halted) if halted is not None and halted.total == heads else ()
        figures[movement.pk] = ArrivalFigures(heads, counted_at, tuple(by_bus), bands)
    return figures


def bands_of(count: HeadCount) -> tuple[Band, ...]:
    """Give the bands of a head count as they may leave IOM: none small, and none from which a small one could be had. Pure."""
    ages = _told(count, BY_AGE)
    sexes = _told(count, BY_SEX)
    if any(_gives_away(count, *pair) for pair in zip(BY_SEX, BY_AGE[:2], strict=True)):
        sexes = tuple(Band(band.name, None) for band in sexes)
    return (*sexes, *ages)


def _told(count: HeadCount, names: Sequence[str]) -> tuple[Band, ...]:
    noted = [(name, getattr(count, name)) for name in names if getattr(count, name) is not None]
    figures = [heads for _name, heads in noted]
    told = parts_outside(figures, unsaid=max(count.total - sum(figures), 0))
    return tuple(Band(name, heads if said else None) for (name, heads), said in zip(noted, told, strict=True))


def _gives_away(count: HeadCount, sex: str, grown: str) -> bool:
    """True where so few of one sex are children that both figures together would tell of them."""
    both = (getattr(count, sex), getattr(count, grown))
    return None not in both and both[0] > both[1] and is_withheld(both[0] - both[1])


def _on_the_way(movements: Sequence[Movement]) -> dict[int, list[BusCount]]:
    """By movement the last count of each bus that goes through, in the order of the buses; one query."""
    rows = Checkpoint.objects.filter(
        movement__in=movements, vehicle__isnull=False, vehicle__turned_back_at__isnull=True, recounted_by__isnull=True
    )
    last: dict[int, dict[int, BusCount]] = defaultdict(dict)
    for row in rows.select_related("vehicle").order_by("movement", "vehicle__rank", "vehicle"):
        bus, place = row.vehicle, ORDER.index(CheckpointKind(row.kind))
        known = last[row.movement_id].get(bus.pk) if bus else None
        if bus is not None and (known is None or known.place < place):
            last[row.movement_id][bus.pk] = BusCount(bus.pk, bus.label, place, row.heads, row.counted_at)
    return defaultdict(list, {movement: list(buses.values()) for movement, buses in last.items()})


def _received(movements: Sequence[Movement]) -> dict[int, tuple[int, datetime]]:
    """By movement how many heads were handed over, and when; one query."""
    rows = Checkpoint.objects.filter(movement__in=movements, kind=CheckpointKind.HANDED_OVER, recounted_by__isnull=True)
    return {row.movement_id: (row.heads, row.counted_at) for row in rows.filter(vehicle__isnull=True)}


@reaching_for(FIGURES)
def _waited(movements: Sequence[Movement]) -> dict[int, HeadCount]:
    """By movement the last head count of its group before its last bus had left; two queries."""
    before = Coalesce(OuterRef("exited_at"), F("counted_at"))
    counts = HeadCount.objects.filter(group=OuterRef("group"), counted_at__lte=before).order_by("-counted_at", "-pk")
    rows = Movement.objects.filter(pk__in=[movement.pk for movement in movements])
    keys = dict(rows.annotate(count=Subquery(counts.values("pk")[:1])).values_list("pk", "count").order_by())
    found = HeadCount.objects.in_bulk([key for key in keys.values() if key is not None])
    return {movement: found[key] for movement, key in keys.items() if key is not None}
