"""How cases ended, and what was done after the return, in figures that may be passed on: they stay after an erasure.

Small figures are withheld, and so is another one where the sum would give a small one away (docs/adr/0030).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from common.audience import FIGURES, reaching_for
from common.small_cells import parts_outside
from migrants.screening import countable
from returns.enums import CaseOutcome
from returns.models import ReturnCase


@dataclass(frozen=True, slots=True)
class Ended:
    """So many cases ended in that way; `cases` None: too few to be told, or they would tell of too few."""

    outcome: CaseOutcome
    cases: int | None


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Every outcome with its figure, in their order; `total` None where it is small itself."""

    total: int | None
    ended: tuple[Ended, ...]


@reaching_for(FIGURES)
def outcomes_of(*, since: datetime, until: datetime, at: datetime) -> Outcomes:
    """Count the cases that were closed from `since` until before `until`, those of erased people too; one query.

    Nobody under a hold is counted, so that a figure gives nobody away; a case that a merge left behind is none of its own.
    """
    rows = ReturnCase.objects.filter(closed_at__gte=since, closed_at__lt=until).exclude(outcome="")
    rows = rows.living().filter(countable(at=at))
    counted = dict(rows.values_list("outcome").annotate(Count("pk")).order_by())
    figures = [counted.get(outcome.value, 0) for outcome in CaseOutcome]
    told = parts_outside([sum(figures), 0])[0]
    parts = parts_outside(figures)
    return Outcomes(
        total=sum(figures) if told else None,
        ended=tuple(
            Ended(outcome, figure if said and told else None)
            for outcome, figure, said in zip(CaseOutcome, figures, parts, strict=True)
        ),
    )
