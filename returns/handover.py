"""The end of the way: the embassy acknowledges how many heads came, and for each person shown to it who was there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants.consents import limit_disclosures
from migrants.models import Disclosure
from partners.models import Organisation
from returns import checkpoints, incoming
from returns.enums import CheckpointKind, MovementState, ReceptionState
from returns.models import Handover, Movement, Reception
from returns.movements import MovementError, locked

SHOWN_FOR = timedelta(hours=48)
"""How long whoever was shown for an arrival stays shown after the handover: until everybody is at home."""
ARRIVED = (MovementState.LEFT, MovementState.HANDED_OVER)


class HandoverError(RefusalError):
    """A handover that cannot be. `field` names what to mend, `sentence` says why and what to do."""


@transaction.atomic
def receive(
    *,
    movement: Movement,
    receiver: Organisation,
    heads: int,
    answers: Mapping[UUID, str],
    name: str,
    function: str,
    received_at: datetime,
    by: Actor,
    at: datetime,
) -> Handover:
    """Acknowledge for `receiver` that the movement arrived: so many heads, and who of those shown was there.

    `answers` gives for each disclosure (public id) of `incoming.on_board` one of `ReceptionState`; heads may be more,
    because not everybody agreed to be shown. The disclosures end `SHOWN_FOR` later. Raises HandoverError: before the
    last bus has left the transit country, a second time, or where an answer is missing.
    """
    movement = locked(movement)
    _refuse_wrong_moment(movement, received_at, at=at)
    shown = list(incoming.on_board(movement, [receiver], at=at))
    _refuse_incomplete(shown, answers, heads=heads, name=name, function=function)
    _count_heads(movement, heads, received_at, by=by, at=at)
    handover = Handover.objects.create(
        movement=movement,
        mission_id=movement.mission_id,
        receiver=receiver,
        heads=heads,
        name=name.strip(),
        function=function.strip(),
        received_at=received_at,
        recorded_at=at,
        shown_until=at + SHOWN_FOR,
        by=by,
    )
    _keep_answers(handover, shown, answers)
    audit.record("group received", handover, by=by, at=at)
    limit_disclosures(disclosures=shown, until=handover.shown_until, by=by, at=at)
    return handover


def _count_heads(movement: Movement, heads: int, received_at: datetime, *, by: Actor, at: datetime) -> None:
    try:
        checkpoints.count(
            movement=movement,
            vehicle=None,
            kind=CheckpointKind.HANDED_OVER,
            heads=heads,
            counted_at=received_at,
            by=by,
            at=at,
        )
    except MovementError as error:
        raise HandoverError("heads" if error.field == "heads" else "movement", error.sentence) from error


def _keep_answers(handover: Handover, shown: Sequence[Disclosure], answers: Mapping[UUID, str]) -> None:
    Reception.objects.bulk_create(
        Reception(
            handover=handover,
            mission_id=handover.mission_id,
            person_id=row.person_id,
            disclosure=row,
            state=answers[row.public_id],
            by=handover.by,
        )
        for row in shown
    )


def _refuse_wrong_moment(movement: Movement, received_at: datetime, *, at: datetime) -> None:
    done = Handover.objects.filter(movement=movement).select_related("receiver").first()
    if done is not None:
        raise HandoverError(
            "movement",
            _("%(receiver)s has acknowledged this arrival already (%(name)s). Nothing was changed.")
            % {"receiver": done.receiver.name, "name": done.name},
        )
    if movement.state not in ARRIVED or movement.left_at is None:
        raise HandoverError(
            "movement", _("The last bus has not left the transit country yet. Acknowledge the group when it is here.")
        )
    if received_at > at:
        raise HandoverError("received_at", _("This hour lies ahead. Give the hour at which the group was received."))
    if received_at < movement.left_at:
        raise HandoverError("received_at", _("At that hour the buses were still on the way. Check it."))


def _refuse_incomplete(
    shown: list[Disclosure], answers: Mapping[UUID, str], *, heads: int, name: str, function: str
) -> None:
    for field, value, sentence in (
        ("name", name, _("Write who receives the group.")),
        ("function", function, _("Write the function of whoever receives the group.")),
    ):
        if not value.strip():
            raise HandoverError(field, sentence)
    expected = {row.public_id for row in shown}
    if set(answers) - expected:
        raise HandoverError("answers", _("Somebody on this list is not shown to you any more. Open the page again."))
    said = [answers.get(row.public_id) for row in shown]
    unanswered = sum(answer not in ReceptionState.values for answer in said)
    if unanswered:
        raise HandoverError(
            "answers",
            ngettext(
                "Say of %(n)d more person whether they are here.",
                "Say of %(n)d more people whether they are here.",
                unanswered,
            )
            % {"n": unanswered},
        )
    present = said.count(ReceptionState.PRESENT)
    if present > heads:
        raise HandoverError(
            "heads",
            _("%(present)d are marked as present, but only %(heads)d heads were received. Count again.")
            % {"present": present, "heads": heads},
        )
