"""What has to stand ready where a group arrives, in counts: written by a coordinator, shown to whoever serves the arrival.

Never read from screening or from people, and shown to nobody who does not receive: "one stretcher" tells of somebody (rule 4).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from partners.models import Organisation
from returns.enums import ArrivalNeed, MovementState
from returns.models import Movement
from returns.models.movements import ENDED
from returns.movements import locked
from returns.reception import standing
from returns.serving import receives

MOST = 1000
Needs = tuple[tuple[str, int], ...]
"""In words, how many."""


class ArrivalNeedError(RefusalError):
    """Needs that cannot be written. `field` names which, `sentence` says what to do."""


@transaction.atomic
def write(*, movement: Movement, needs: Mapping[str, int], by: Actor, at: datetime) -> Movement:
    """Write down what has to stand ready, by `ArrivalNeed`; it takes the place of what was written before, 0 takes away.

    Raises ArrivalNeedError for what is no such need, a figure that cannot be, and once the group was received.
    """
    movement = locked(movement)
    if movement.state in (*ENDED, MovementState.HANDED_OVER):
        raise ArrivalNeedError("", _("This group is not on its way any more. Nothing was changed."))
    for need, how_many in needs.items():
        if need not in ArrivalNeed.values:
            raise ArrivalNeedError("needs", _("This is no need that can be written down. Choose one of the list."))
        if not 0 <= how_many <= MOST:
            raise ArrivalNeedError(need, _("Give a number from 0 to 1,000."))
    movement.arrival_needs = {need.value: needs[need] for need in ArrivalNeed if needs.get(need)}
    movement.save(update_fields=["arrival_needs"])
    audit.record("needs at the arrival written down", movement, by=by, at=at)
    return movement


def in_words(movement: Movement) -> Needs:
    """Give what has to stand ready, in the language at hand and the order of the list."""
    return tuple(
        (str(need.label), movement.arrival_needs[need]) for need in ArrivalNeed if movement.arrival_needs.get(need)
    )


def may_be_told(movement: Movement, organisations: Collection[Organisation]) -> bool:
    """True for whoever serves the halt of arrival in that country, or has said that it is ready to receive this group."""
    own = {organisation.pk for organisation in organisations}
    return receives(movement, organisations) or any(row.organisation_id in own for row in standing(movement))
