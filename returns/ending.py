"""How a case ends that no handover ends: by hand, with its outcome, and what ends with it (rule 7)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants import consents
from migrants.models import Migrant
from returns import cases
from returns.enums import CaseOutcome
from returns.models import Movement, ReturnCase, Seat
from returns.movements import BEFORE_THE_ROAD, buses_out
from returns.seating import leave_out

STILL_SHOWN = (CaseOutcome.HOME, CaseOutcome.HOSPITAL)
"""After these whoever is shown somebody still needs to see them; after all others there is nothing more to prepare."""
LONGEST = 300


class EndingError(RefusalError):
    """A case that cannot be closed so. `field` names what to mend, `sentence` says why and what to do."""


@transaction.atomic
def end_case(*, person: Migrant, outcome: str, why: str, by: Actor, at: datetime) -> ReturnCase:
    """Close the open case of a person with its outcome; a seat that waits is freed, and showing ends with what it was for.

    Raises EndingError without an open case, an outcome or a word, or while the person is on the road: the movement is
    closed first, and whoever did not come through keeps an open case.
    """
    if outcome not in CaseOutcome.values:
        raise EndingError("outcome", _("Say how the case ended: choose one."))
    if not why.strip() or len(why.strip()) > LONGEST:
        raise EndingError("why", _("Write how you know, in at most 300 characters."))
    Migrant.objects.select_for_update(of=("self",)).get(pk=person.pk)
    case = ReturnCase.objects.select_for_update(of=("self",)).open().filter(person=person).first()
    if case is None:
        raise EndingError("", _("This person has no open case. Nothing was changed."))
    for movement in _running(person):
        leave_out(movement=movement, people=[person], by=by, at=at)
    cases.close_cases(cases=[case], why=why.strip(), outcome=outcome, by=by, at=at)
    if outcome not in STILL_SHOWN:
        consents.end_all(people=[person], by=by, at=at)
    case.refresh_from_db()
    audit.record("outcome written down", case, by=by, at=at)
    return case


def _running(person: Migrant) -> list[Movement]:
    """The movements that have not left and in which the person has a seat. Raises EndingError where one has left.

    Whose bus has come back to the crossing is not on the road.
    """
    seats = Seat.objects.filter(person=person, movement__in=Movement.objects.running(), vehicle__isnull=False)
    found = []
    for seat in seats.filter(vehicle__returned_at__isnull=True).select_related("movement__group"):
        if seat.movement.state not in BEFORE_THE_ROAD or seat.vehicle_id in buses_out(seat.movement):
            raise EndingError(
                "",
                _("The person is on the road with %(movement)s. Close that movement first; whoever did not come through"
                  " keeps an open case.") % {"movement": seat.movement},
            )  # fmt: skip
        found.append(seat.movement)
    return found
