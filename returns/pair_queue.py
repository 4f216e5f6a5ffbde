"""The queue of pairs to be decided, narrowed to what somebody works through, and how far they have come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from migrants.enums import PairState
from migrants.models import DuplicatePair, Merge, Migrant
from migrants.models.people import MigrantQuerySet
from partners.access import Viewer
from returns.models import ManifestRow, ManifestUpload

MOST_LISTS = 30


@dataclass(frozen=True, slots=True)
class Wanted:
    """What narrows the queue; empty narrows nothing. `crossing` and `group` are codes, `sure` is sure or unsure, `since` the
    first day on which a pair was found, `upload` a list of which one of the two is.
    """

    crossing: str = ""
    group: str = ""
    sure: str = ""
    since: date | None = None
    upload: UUID | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How many pairs wait, and how many were decided."""

    waiting: int
    decided: int

    @property
    def total(self) -> int:
        return self.waiting + self.decided


def open_pairs(viewer: Viewer) -> QuerySet[DuplicatePair]:
    """Pairs to be decided of which the viewer may see both sides."""
    visible = Migrant.objects.visible_to(viewer).values("pk")
    return DuplicatePair.objects.filter(state=PairState.OPEN, first__in=visible, second__in=visible)


def narrowed(pairs: QuerySet[DuplicatePair], wanted: Wanted) -> QuerySet[DuplicatePair]:
    """Give those of `pairs` that are wanted: of a crossing, group or list where either of the two is."""
    if wanted.crossing:
        pairs = pairs.filter(_either("group__crossing__code", wanted.crossing))
    if wanted.group:
        pairs = pairs.filter(_either("group__code__iexact", wanted.group))
    if wanted.sure:
        sure = Q(score__gte=settings.DUPLICATE_SURE_FROM)
        pairs = pairs.filter(sure if wanted.sure == "sure" else ~sure)
    if wanted.since:
        pairs = pairs.filter(found_at__date__gte=wanted.since)
    if wanted.upload:
        people = ManifestRow.objects.filter(upload__public_id=wanted.upload, person__isnull=False).values("person")
        pairs = pairs.filter(_either("in", people))
    return pairs


def pairs_within(visible: MigrantQuerySet) -> QuerySet[DuplicatePair]:
    """Pairs in any state of which both sides, or the one that took in the other, are `visible`."""
    return DuplicatePair.objects.filter(_reaches(visible, "first"), _reaches(visible, "second"))


def merges_within(visible: MigrantQuerySet) -> QuerySet[Merge]:
    """Merges whose kept record, or the one that took it in since, is `visible`."""
    return Merge.objects.filter(_reaches(visible, "kept"))


def _reaches(visible: MigrantQuerySet, side: str) -> Q:
    return Q(**{f"{side}__in": visible.values("pk")}) | Q(**{f"{side}__merged_into__in": visible.values("pk")})


def progress_of(pairs: QuerySet[DuplicatePair]) -> Progress:
    """Count `pairs` in any state: what waits and what somebody decided."""
    counted = pairs.aggregate(
        waiting=Count("pk", filter=Q(state=PairState.OPEN)),
        decided=Count("pk", filter=Q(state__in=[PairState.SAME, PairState.DIFFERENT])),
    )
    return Progress(**counted)


def lists_of(viewer: Viewer) -> QuerySet[ManifestUpload]:
    """The latest lists by which the queue may be narrowed; the sheets themselves stay where they are."""
    return ManifestUpload.objects.visible_to(viewer).select_related("group").defer("sheet").order_by("-pk")[:MOST_LISTS]


def _either(path: str, value: object) -> Q:
    return Q(**{f"first__{path}": value}) | Q(**{f"second__{path}": value})
