"""When a name, a birth date, a nationality or a document changes, the pairs of that person are compared anew (rule 19)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from common import audit
from common.actors import Actor
from common.audience import reaching_for
from migrants.enums import PairState
from migrants.identity import likely, offer_pairs, reasons_of, sought_person
from migrants.models import DuplicatePair, Migrant
from migrants.models.people import MigrantQuerySet


@transaction.atomic
def compare_again(
    *, people: Collection[Migrant], within: MigrantQuerySet, by: Actor, at: datetime
) -> list[DuplicatePair]:
    """Compare `people` anew, of whom something was recorded; give the pairs that are offered now.

    New likely pairs with somebody of `within` (whom the actor may see) join the queue. Open pairs that no longer hold are
    closed, wherever the other person is, for a queue elsewhere must not ask what cannot be; what was decided stays.
    """
    _close_unlikely({person.pk for person in people}, by=by, at=at)
    return offer_pairs(people=people, within=within, by=by, at=at)


@reaching_for("pairs are compared again")
def _close_unlikely(people: Collection[int], *, by: Actor, at: datetime) -> None:
    waiting = DuplicatePair.objects.filter(Q(first__in=people) | Q(second__in=people), state=PairState.OPEN)
    pairs = list(waiting.select_for_update().order_by("pk"))
    both = {key for pair in pairs for key in (pair.first_id, pair.second_id)}
    rows = (
        Migrant.objects.filter(pk__in=both)
        .defer("note", "phone")
        .prefetch_related("names", "documents", "nationalities")
    )
    known = {row.pk: sought_person(row) for row in rows}
    closed = []
    for pair in pairs:
        score = likely(known[pair.first_id], known[pair.second_id])
        if score is None:
            pair.state, pair.decided_at, pair.decided_by = PairState.UNLIKELY, at, by
            closed.append(pair)
        else:
            pair.score, pair.reasons = score.value, reasons_of(score)
    DuplicatePair.objects.bulk_update(pairs, ["score", "reasons", "state", "decided_at", "decided_by"])
    audit.record_many((("pair no longer likely", pair) for pair in closed), by=by, at=at)
