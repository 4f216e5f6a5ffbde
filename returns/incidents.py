"""What happened on the way: a kind, a sentence and the hour; about a person it is sealed, and told nobody outside."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from migrants.models import Migrant
from partners.access import Permission, Viewer
from returns.boarding import CLOCK_TOLERANCE
from returns.enums import IncidentKind, MovementState
from returns.models import Incident, Movement, Vehicle
from returns.movements import MovementError, locked


class IncidentError(MovementError):
    """A note of the way that cannot be written down. `field` names what to mend."""


@transaction.atomic
def note_incident(
    *,
    public_id: uuid.UUID | None = None,
    movement: Movement,
    kind: str,
    note: str,
    happened_at: datetime,
    vehicle: Vehicle | None = None,
    person: Migrant | None = None,
    is_confidential: bool = False,
    by: Actor,
    at: datetime,
) -> tuple[Incident, bool]:
    """Write down what happened; give the row and whether it is new. The same again under its `public_id` gives the stored row.

    With a `person` of this movement the sentence is sealed. Raises IncidentError, also for other words under an id that is
    taken: nobody is given what somebody else wrote.
    """
    movement = locked(movement)
    sentence = " ".join(note.split())
    row = Incident(
        public_id=public_id or uuid.uuid4(),
        movement=movement,
        mission_id=movement.mission_id,
        vehicle=vehicle,
        person=person,
        kind=kind,
        note="" if person else sentence,
        sealed_note=sentence if person else None,
        is_confidential=is_confidential,
        happened_at=happened_at,
        recorded_at=at,
        by=by,
    )
    stored = Incident.objects.filter(public_id=public_id).first() if public_id else None
    if stored is not None:
        return _the_same(stored, row), False
    _refuse(movement, kind, note, vehicle, person, happened_at=happened_at, at=at)
    row.save(force_insert=True)
    audit.record("incident noted", row, by=by, at=at)
    return row, True


def _the_same(stored: Incident, sent: Incident) -> Incident:
    said = ("movement_id", "vehicle_id", "person_id", "kind", "note", "sealed_note", "is_confidential")
    if any(getattr(stored, name) != getattr(sent, name) for name in said):
        raise IncidentError(
            "client_id",
            _("Something else was written down under this number already. Open the form anew; what is stored stays."),
        )
    return stored


def _refuse(
    movement: Movement,
    kind: str,
    note: str,
    vehicle: Vehicle | None,
    person: Migrant | None,
    *,
    happened_at: datetime,
    at: datetime,
) -> None:
    if movement.ended_at is not None or movement.state == MovementState.CALLED_OFF:
        raise IncidentError("movement", _("This movement is closed; nothing more is written down of its way."))
    if kind not in IncidentKind.values:
        raise IncidentError("kind", _("Choose what happened."))
    if not note.strip():
        raise IncidentError("note", _("Say in a sentence what happened."))
    if happened_at > at + CLOCK_TOLERANCE:
        raise IncidentError("happened_at", _("That hour lies in the future. Check it."))
    if vehicle is not None and vehicle.movement_id != movement.pk:
        raise IncidentError("vehicle", _("That bus belongs to another movement. Choose one of this movement."))
    if person is not None and not movement.seats.filter(person=person, vehicle__isnull=False).exists():
        raise IncidentError("person", _("Nobody of that number has a seat in this movement."))


def readable_by(viewer: Viewer, movement: Movement) -> QuerySet[Incident]:
    """Give what happened on the way as far as `viewer` may read it: confidential notes are for whoever sends or protects."""
    rows = Incident.objects.filter(movement=movement).select_related("vehicle", "person")
    if viewer.may(Permission.SEND_MOVEMENTS) or viewer.may(Permission.SEE_PROTECTION):
        return rows
    return rows.filter(Q(is_confidential=False) | Q(by__ref=viewer.actor.ref))


def told_openly() -> QuerySet[Incident]:
    """Give what may leave over the API: nothing confidential, and nothing about a person."""
    return Incident.objects.filter(is_confidential=False, person__isnull=True)
