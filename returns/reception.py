"""That somebody is ready to receive a group before it arrives: where, how many, from when."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from partners.models import Organisation
from returns.models import Movement, ReceptionReady
from returns.models.movements import ENDED

MOST_PLACES = 10_000


class ReceptionError(RefusalError):
    """A confirmation that cannot be. `field` names what to mend, `sentence` says why and what to do."""


@transaction.atomic
def confirm(
    *,
    movement: Movement,
    organisation: Organisation,
    places: int,
    place: str,
    transport: str,
    ready_from: datetime,
    name: str,
    function: str,
    by: Actor,
    at: datetime,
) -> ReceptionReady:
    """Write down that `organisation` is ready to receive the movement; a later word of it counts instead of the one before.

    Raises ReceptionError where words are missing, the number cannot be, or the group has been handed over or called off.
    """
    movement = Movement.objects.select_for_update(of=("self",)).get(pk=movement.pk)
    if movement.state in ENDED:
        raise ReceptionError("", _("This group is not on its way any more. Nothing was changed."))
    if not 0 < places <= MOST_PLACES:
        raise ReceptionError("places", _("Give a number of places from 1 to 10,000."))
    for field, value, sentence in (
        ("place", place, _("Write where the group is received.")),
        ("name", name, _("Write who says so.")),
        ("function", function, _("Write the function of whoever says so.")),
    ):
        if not value.strip():
            raise ReceptionError(field, sentence)
    row = ReceptionReady.objects.create(
        movement=movement,
        organisation=organisation,
        mission_id=movement.mission_id,
        places=places,
        place=place.strip(),
        transport=transport.strip(),
        ready_from=ready_from,
        name=name.strip(),
        function=function.strip(),
        said_at=at,
        by=by,
    )
    audit.record("reception confirmed", row, by=by, at=at)
    return row


def standing(movement: Movement) -> list[ReceptionReady]:
    """Give the newest word of each organisation that is ready to receive a movement; one query."""
    rows = ReceptionReady.objects.filter(movement=movement).select_related("organisation")
    newest: dict[int, ReceptionReady] = {}
    for row in rows.order_by("said_at", "pk"):
        newest[row.organisation_id] = row
    return list(newest.values())
