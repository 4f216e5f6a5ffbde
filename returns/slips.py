"""Slips of paper by which people are called and ticked: a number and a code to scan, and no name (rule 12)."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common import audit
from common.actors import Actor
from common.refusals import RefusalError
from migrants.models import Migrant
from returns.models import Movement, Seat, Slip
from returns.paper_issues import ALPHABET

TOKEN_LENGTH = 20


class SlipError(RefusalError):
    """What was scanned is nobody of this movement. It says so in the same words whatever the reason is."""


@transaction.atomic
def make_slips(*, people: Collection[Migrant], movement: Movement | None, by: Actor, at: datetime) -> list[Slip]:
    """Give each person a slip with a code of its own, in the order of their numbers; the one that was valid ends."""
    ordered = sorted(people, key=lambda person: person.number)
    end_slips(people=ordered, by=by, at=at)
    slips = Slip.objects.bulk_create(
        Slip(
            person=person,
            mission_id=person.mission_id,
            movement=movement,
            token="".join(secrets.choice(ALPHABET) for _place in range(TOKEN_LENGTH)),
            printed_at=at,
            by=by,
        )
        for person in ordered
    )
    audit.record_many((("slip printed", slip) for slip in slips), by=by, at=at)
    return slips


@transaction.atomic
def end_slips(*, people: Collection[Migrant], by: Actor, at: datetime) -> int:
    """End the slips of people, because they were lost or printed anew; returns how many were valid."""
    valid = list(Slip.objects.select_for_update().filter(person__in=people, ended_at__isnull=True))
    Slip.objects.filter(pk__in=[slip.pk for slip in valid]).update(ended_at=at)
    audit.record_many((("slip ended", slip) for slip in valid), by=by, at=at)
    return len(valid)


def person_of(*, scanned: str, movement: Movement) -> Seat:
    """Give the seat of whoever's slip was scanned, or whose number was written by hand.

    Raises SlipError for a code that nobody has, a slip that has ended, and whoever has no seat in this movement: alike.
    """
    written = "".join(scanned.split()).upper()
    seats = Seat.objects.filter(movement=movement, vehicle__isnull=False).select_related("person", "vehicle")
    of_slip = Slip.objects.filter(token=written, ended_at__isnull=True).values("person")
    found = seats.filter(person__in=of_slip).first() or seats.filter(person__number=written).first()
    if found is None:
        raise SlipError("scanned", _("Nobody of this movement has this slip. Ask for the number and look at the list."))
    return found
