"""What is decided about buses that something stops on the way: wait, or go on because somebody who may has said so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from partners.models import Organisation
from returns.enums import MovementState, RoadAnswer
from returns.models import Movement, RoadDecision
from returns.movement_alerts import parties_of
from returns.movements import MovementError, locked

GONE = (MovementState.HANDED_OVER, MovementState.CALLED_OFF)


class RoadDecisionError(MovementError):
    """A decision that cannot be written down. `field` names what to mend, `sentence` how."""


@transaction.atomic
def decide_on_the_road(
    *,
    movement: Movement,
    answer: str,
    why: str,
    authority: Organisation | None = None,
    reference: str = "",
    by: Actor,
    at: datetime,
) -> RoadDecision:
    """Write down that the buses wait, or that they go on although the corridor does not stand; the newest one counts.

    Going on is never ours to say: it needs a party of the corridor and the reference of its call or letter (rule 8). It
    covers what stopped the buses until then; a stop that comes later asks anew, and about people on board it says nothing.
    The clock of a transit runs on meanwhile. Raises RoadDecisionError.
    """
    movement = locked(movement)
    if movement.ended_at is not None or movement.state in GONE:
        raise RoadDecisionError("movement", _("This movement is over; there is nothing to decide any more."))
    if answer not in RoadAnswer.values:
        raise RoadDecisionError("answer", _("Choose whether the buses wait or go on."))
    if not why.strip():
        raise RoadDecisionError("why", _("Say why, so that whoever takes over at night knows."))
    if answer == RoadAnswer.GO_ON:
        if authority is None or authority not in parties_of(movement.corridor_version):
            raise RoadDecisionError("authority", _("Choose the party of the corridor that said the buses may go on."))
        if not reference.strip():
            raise RoadDecisionError("reference", _("Give the number that was called and the hour, or of the letter."))
    row = RoadDecision.objects.create(
        movement=movement,
        mission_id=movement.mission_id,
        answer=answer,
        why=" ".join(why.split())[:300],
        authority=authority,
        reference=" ".join(reference.split())[:120],
        decided_at=at,
        by=by,
    )
    audit.record("decided on the road", row, by=by, at=at, why=answer)
    return row


def allowed_since(movement: Movement) -> datetime | None:
    """Give the hour at which somebody said that the buses may go on, where that is the newest word; None otherwise."""
    newest = movement.decisions.order_by("-decided_at", "-pk").first()
    return newest.decided_at if newest is not None and newest.answer == RoadAnswer.GO_ON else None
