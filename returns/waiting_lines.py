"""The lines of the board: who waits at each crossing in each direction, added up in the database from stored numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, DateTimeField, DurationField, ExpressionWrapper, F, Min, Q, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from common.audience import FIGURES, reaching_for
from corridors.models import BorderCrossing, RequirementChange
from migrants.enums import Mood
from migrants.models import TravelGroup
from migrants.models.groups import TravelGroupQuerySet
from migrants.moods import Look, latest_moods
from notifications.models import Alert
from partners.access import Permission, Viewer
from returns import outward
from returns.enums import STANDS_IN_THE_WAY, Verdict
from returns.judging import WORST_FIRST
from returns.ledgers import Direction
from returns.models import BoardCount
from returns.on_the_road import without_departed
from returns.ways import way

WORSE = (Mood.CALM, Mood.TENSE, Mood.ANGRY)
"""Moods of a halt, the worst last."""
MOST_CHANGED = 50
"""Of how many of the newest changes the crossing stands on the board though nobody waits there."""


_WHERE = ("pk", "crossing", "from_country", "to_country")


@dataclass(slots=True)
class Line:
    """One crossing in one direction. `groups` wait there with `waiting` heads; `group` is the only one, where it is alone."""

    crossing: BorderCrossing
    from_country: str
    to_country: str
    groups: int = 0
    group: TravelGroup | None = None
    waiting: int = 0
    registered: int = 0
    waiting_since: datetime | None = None
    planned: datetime | None = None
    """The next agreed hour at the barrier; `lapsed` where one has passed and nobody has left."""
    lapsed: bool = False
    mood: Look | None = None
    counts: dict[str, int] = field(default_factory=dict)
    changes: int = 0
    changed_at: datetime | None = None
    alert: Alert | None = None
    owed: int = 0
    told: int = 0

    @property
    def way(self) -> str:
        return way(self.crossing, self.from_country, self.to_country)

    @property
    def local_way(self) -> str:
        sides = self.crossing.way(self.from_country, self.to_country)
        return " → ".join(side.name_local or side.name_latin for side in sides)

    @property
    def zones(self) -> list[str]:
        return [side.zone for side in self.crossing.way(self.from_country, self.to_country)]

    @property
    def unregistered(self) -> int:
        return self.waiting - self.registered

    @property
    def worst(self) -> tuple[str, int] | None:
        """The worst verdict that anybody has here, and how many have it; None where nobody is judged."""
        return next(((name.value, self.counts[name]) for name in WORST_FIRST if self.counts.get(name)), None)

    @property
    def stopped(self) -> int:
        return sum(self.counts.get(name, 0) for name in STANDS_IN_THE_WAY)

    @property
    def urgency(self) -> tuple[int, ...]:
        """Sort key: people whom something stops, then organisations that do not know, then how many wait."""
        blocked = self.counts.get(Verdict.MISSING.value, 0) + self.counts.get(Verdict.EXPIRING.value, 0)
        return (-blocked, -self.owed, -self.stopped, -self.waiting)

    def saw(self, look: Look) -> None:
        """Keep the worst of the looks at the groups here, the newest of those."""
        looks = [look] if self.mood is None else [self.mood, look]
        self.mood = max(looks, key=lambda each: (WORSE.index(Mood(each.mood)), each.seen_at))


def groups_that_wait(viewer: Viewer) -> TravelGroupQuerySet:
    """Select the groups that a viewer sees waiting; whoever has left with a movement waits no longer."""
    return without_departed(TravelGroup.objects.visible_to(viewer).waiting())


def lines_of(viewer: Viewer, waiting: TravelGroupQuerySet, *, at: datetime) -> dict[Direction, Line]:
    """Read the lines of a viewer with heads, moods and verdicts `at`; the number of queries is constant.

    What it costs follows the crossings for whoever sees people, and the groups for others, whose figures are made for them.
    """
    sums: dict[Direction, Any] = {
        (row["crossing"], row["from_country"], row["to_country"]): row for row in _sums(waiting, at=at)
    }
    keys = set(sums) | _lately_changed()
    crossings = BorderCrossing.objects.prefetch_related("sides").in_bulk({key[0] for key in keys})
    lines = {
        key: Line(crossings[key[0]], key[1], key[2])
        for key in keys
        if viewer.crossings is None or crossings[key[0]].code in viewer.crossings
    }
    alone = {row["first"]: key for key, row in sums.items() if row["groups"] == 1}
    groups = TravelGroup.objects.in_bulk(list(alone))
    for key, row in sums.items():
        line = lines[key]
        line.groups, line.group = row["groups"], groups.get(row["first"])
        line.waiting, line.registered = row["present"], row["registered"]
        line.waiting_since, line.planned, line.lapsed = row["since"], row["planned"], bool(row["lapsed"])
    if viewer.may(Permission.SEE_GROUPS):
        _add_moods(lines, waiting)
    (_add_counts if viewer.may(Permission.SEE_PEOPLE) else _add_outward_figures)(lines, waiting)
    return lines


def _sums(waiting: TravelGroupQuerySet, *, at: datetime) -> list[Any]:
    """Add up the groups of each direction; one query. A plan has lapsed where its queue is over and nobody has left."""
    queue = ExpressionWrapper(F("plan__queue_minutes") * Value(timedelta(minutes=1)), output_field=DurationField())
    over = ExpressionWrapper(F("plan__cross_at") + queue, output_field=DateTimeField())
    waiting = waiting.annotate(queue_over=over)
    return list(
        waiting.order_by()
        .values("crossing", "from_country", "to_country")
        .annotate(
            groups=Count("pk"),
            first=Min("pk"),
            since=Min("waiting_since"),
            planned=Min("plan__cross_at", filter=Q(queue_over__gt=at)),
            lapsed=Count("pk", filter=Q(queue_over__lte=at)),
            present=Coalesce(Sum(Greatest("waiting_heads__expected", "waiting_heads__registered")), 0),
            registered=Coalesce(Sum("waiting_heads__registered"), 0),
        )
    )


def _lately_changed() -> set[Direction]:
    path = "version__requirement__"
    rows = RequirementChange.objects.filter(**{f"{path}crossing__isnull": False}).order_by("-pk")
    return set(rows.values_list(f"{path}crossing", f"{path}from_country", f"{path}to_country")[:MOST_CHANGED])


def _add_moods(lines: Mapping[Direction, Line], waiting: TravelGroupQuerySet) -> None:
    seen = latest_moods(waiting.values_list("pk", flat=True))
    if not seen:
        return
    for key, crossing, start, end in waiting.filter(pk__in=seen).values_list(*_WHERE):
        lines[crossing, start, end].saw(seen[key])


def _add_counts(lines: Mapping[Direction, Line], _waiting: TravelGroupQuerySet) -> None:
    for row in BoardCount.objects.filter(crossing__in={key[0] for key in lines}, people__gt=0):
        line = lines.get((row.crossing_id, row.from_country, row.to_country))
        if line is not None:
            line.counts[row.verdict] = row.people


@reaching_for(FIGURES)
def _add_outward_figures(lines: Mapping[Direction, Line], waiting: TravelGroupQuerySet) -> None:
    """Heads and verdicts for whoever may not see people: those under protection are heads like others."""
    where: dict[int, Direction] = {
        key: (crossing, start, end) for key, crossing, start, end in waiting.values_list(*_WHERE)
    }
    heads = outward.open_heads(where)
    verdicts = outward.verdicts_of(heads)
    present: dict[Direction, int] = defaultdict(int)
    registered: dict[Direction, int] = defaultdict(int)
    for key, direction in where.items():
        present[direction] += heads[key].present
        registered[direction] += heads[key].registered
        line = lines[direction]
        for verdict, people in verdicts[key].items():
            line.counts[verdict] = line.counts.get(verdict, 0) + people
    for direction, line in lines.items():
        line.waiting, line.registered = present[direction], registered[direction]
