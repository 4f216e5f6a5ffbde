"""How oversight names people: by the number of a case or of the person, never by name."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from uuid import UUID

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from migrants.models import Migrant
from returns.models import ReturnCase


def numbers_of(people: Collection[int]) -> dict[int, str]:
    """Give for people (keys) the number of their latest case, of who has none their own; one query."""
    case = ReturnCase.objects.filter(person=OuterRef("pk")).order_by("-opened_at").values("number")[:1]
    rows = Migrant.objects.filter(pk__in=people).annotate(shown=Coalesce(Subquery(case), F("number")))
    return dict(rows.values_list("pk", "shown"))


def person_numbered(written: str) -> Migrant | None:
    """Give the person with this number, case number or reference (public id), exactly; None where there is none."""
    written = written.strip().replace("\0", "")
    match = Q(number=written) | Q(cases__number=written)
    with suppress(ValueError):  # a number, then
        match |= Q(public_id=UUID(written))
    return Migrant.objects.living_records().filter(match).distinct().first()
