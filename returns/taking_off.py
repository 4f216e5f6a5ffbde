"""Taking people off a movement that has not left, with their families: the others travel (rule 7, domain: children)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common.actors import Actor
from migrants.models import Migrant
from returns.family_seats import children_apart
from returns.models import Movement, Seat
from returns.movements import MovementError, buses_out, locked, refuse_after_departure
from returns.seating import leave_out


def concerned(movement: Movement, people: Collection[Migrant]) -> list[Migrant]:
    """Give these people and their families, as far as they have a seat in a bus that has not left; by name."""
    families = {person.family_id for person in people if person.family_id}
    near = Q(person__in=[person.pk for person in people]) | Q(person__family__in=families)
    seats = Seat.objects.filter(near, movement=movement, vehicle__isnull=False)
    seats = seats.exclude(vehicle__in=buses_out(movement)).select_related("person")
    return [seat.person for seat in seats.order_by("person__sort_key", "pk")]


@transaction.atomic
def take_off(
    *, movement: Movement, people: Collection[Migrant], with_families: bool = True, why: str, by: Actor, at: datetime
) -> int:
    """Take people off the buses with their families, whether they are ticked or not; returns how many.

    The manifest is frozen anew afterwards, and only the buses that changed are counted again; the cases stay open. Raises
    MovementError: without a reason, of a bus that has left, or where a child would travel on without its own.
    """
    movement = locked(movement)
    refuse_after_departure(movement)
    if not why.strip():
        raise MovementError("why", _("Say why they stay behind; partners learn only that they do not travel."))
    off = concerned(movement, people)
    if not with_families:
        wanted = {person.pk for person in people}
        off = [person for person in off if person.pk in wanted]
    if not off:
        raise MovementError("people", _("Nobody of them has a seat in a bus that is still here. Open the page again."))
    apart = {child.pk for child in children_apart(movement, at=at)}
    taken = leave_out(movement=movement, people=off, why=why.strip(), by=by, at=at)
    alone = [child for child in children_apart(movement, at=at) if child.pk not in apart]
    if alone:
        raise MovementError(
            "people",
            _("%(name)s is a child and would travel on without anybody of the family. Take the child off too.")
            % {"name": alone[0].full_name},
        )
    return taken
