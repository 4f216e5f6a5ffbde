"""A halt as an organisation sees it that serves it: heads, families and open needs as counts. No name, no reason.

Heads are those that somebody counted, never the people registered. Whoever is under a protection hold counts nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from common.audience import FIGURES, reaching_for
from corridors.models import BorderCrossing
from migrants import screening
from migrants.enums import Service
from migrants.groups import latest_counts
from migrants.models import HeadCount, TravelGroup
from partners.access import Viewer
from partners.models import Interest
from returns import assistance
from returns.models import Need
from returns.on_the_road import without_departed
from returns.outward import open_people
from returns.ways import way_of, zones_of

SUBJECT = "crossing:"


@dataclass(frozen=True, slots=True)
class HaltNeed:
    """One kind of thing that is needed: how much was asked for, given, and is still open."""

    kind: str
    unit: str
    asked: int
    given: int

    @property
    def open(self) -> int:
        return max(self.asked - self.given, 0)


@dataclass(frozen=True, slots=True)
class Halt:
    """One group that waits: the latest head count, how many families are in it, and what it needs."""

    code: str
    way: str
    zones: list[str]
    waiting_since: datetime
    count: HeadCount | None
    families: int
    needs: tuple[HaltNeed, ...]


@dataclass(frozen=True, slots=True)
class Served:
    """Everything that an organisation may know of the halts it serves."""

    halts: tuple[Halt, ...]
    referrals: tuple[tuple[str, int], ...]


@reaching_for(FIGURES)
def served_by(viewer: Viewer, *, at: datetime) -> Served:
    """Give the halts that the viewer's organisations serve; the same number of queries whoever waits there."""
    codes = _crossings(viewer)
    places = BorderCrossing.objects.filter(code__in=codes)
    waiting = without_departed(TravelGroup.objects.waiting(), openly=True)
    rows = waiting.filter(crossing__in=places).select_related("crossing")
    groups = list(rows.prefetch_related("crossing__sides").order_by("waiting_since", "pk"))
    keys = [group.pk for group in groups]
    counts, families, needs = latest_counts(keys), _families(keys), _needs(keys)
    halts = [
        Halt(
            code=group.code,
            way=way_of(group),
            zones=zones_of(group),
            waiting_since=group.waiting_since,
            count=counts.get(group.pk),
            families=families[group.pk],
            needs=tuple(needs.get(group.pk, ())),
        )
        for group in groups
    ]
    return Served(tuple(halts), _referrals(viewer, at=at))


def _crossings(viewer: Viewer) -> set[str]:
    interests = Interest.objects.filter(
        organisation__in=viewer.organisations, serves_halt=True, subject__startswith=SUBJECT
    )
    codes = {subject.removeprefix(SUBJECT) for subject in interests.values_list("subject", flat=True)}
    return codes if viewer.crossings is None else codes & viewer.crossings


def _families(groups: Collection[int]) -> Counter[int]:
    """Count families of at least two people of whom nobody is under a hold, by group."""
    people = open_people().filter(group__in=groups, family__isnull=False)
    members = people.values("group", "family").annotate(members=Count("pk")).order_by()
    return Counter(row["group"] for row in members if row["members"] > 1)


def _needs(groups: Collection[int]) -> dict[int, list[HaltNeed]]:
    """Give what is open in kind, by group. Tests and money are no business of the halt."""
    rows = list(
        Need.objects.filter(
            group__in=groups, closed_at__isnull=True, requirement_version__isnull=True, unit_price=0
        ).order_by("kind", "pk")
    )
    given = assistance.given_of(rows)
    found: dict[int, list[HaltNeed]] = {}
    for need in rows:
        line = HaltNeed(need.get_kind_display(), need.get_unit_display(), need.quantity, given[need.pk].given)
        found.setdefault(need.group_id, []).append(line)
    return found


def _referrals(viewer: Viewer, *, at: datetime) -> tuple[tuple[str, int], ...]:
    rows = screening.open_referrals(viewer.organisations, at=at).values_list("service").annotate(n=Count("pk"))
    return tuple((str(Service(service).label), n) for service, n in rows.order_by("service"))
