"""Families in buses: a child sits with an adult of its own, and a family is torn apart only for a reason (rule 14)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from migrants.ages import may_be_child
from migrants.enums import CARING, AloneStatus
from migrants.models import Migrant, Relation
from returns.models import Movement, Seat


def torn_families(movement: Movement, families: Collection[int]) -> list[str]:
    """Give the codes of those of these families that sit in more than one bus, in the order of their codes; one query."""
    buses: dict[str, set[int | None]] = defaultdict(set)
    rows = movement.seats.filter(vehicle__isnull=False, person__family__in=families)
    for code, vehicle in rows.values_list("person__family__code", "vehicle"):
        buses[str(code)].add(vehicle)
    return sorted(code for code, seats in buses.items() if len(seats) > 1)


def children_apart(movement: Movement, *, at: datetime) -> list[Migrant]:
    """Give the children who have a seat in a bus in which nobody sits who looks after them, by name; three queries.

    Who looks after a child: the adults of its family, and parents, guardians and caretakers by relation. A child that is
    known to travel without them is arranged for elsewhere (`HouseRule.CHILD_ARRANGED`), and so is one that has nobody.
    """
    seats = list(movement.seats.filter(vehicle__isnull=False).select_related("person"))
    children = [seat for seat in seats if _is_accompanied_child(seat.person, at=at)]
    if not children:
        return []
    companions = _companions([seat.person for seat in children], at=at)
    bus_of = {seat.person_id: seat.vehicle_id for seat in seats}
    apart = [seat.person for seat in children if _is_apart(seat, companions, bus_of)]
    return sorted(apart, key=lambda person: (person.sort_key, person.pk))


def _is_accompanied_child(person: Migrant, *, at: datetime) -> bool:
    return person.alone == AloneStatus.NO and person.birth_year is not None and _may_be_child(person, at=at)


def _may_be_child(person: Migrant, *, at: datetime) -> bool:
    return may_be_child((person.birth_year, person.birth_month, person.birth_day), on=at.date())


def _companions(children: Sequence[Migrant], *, at: datetime) -> Mapping[int, set[int]]:
    """Who looks after each child (by key), of the same group."""
    adults: dict[int, set[int]] = defaultdict(set)
    families = {child.family_id for child in children if child.family_id}
    for person in _of_families(families):
        if not _may_be_child(person, at=at):
            adults[person.family_id or 0].add(person.pk)
    found = {child.pk: set(adults.get(child.family_id or 0, ())) for child in children}
    groups = {child.group_id for child in children}
    near = Relation.objects.standing().filter(kind__in=CARING, other__in=found, person__group__in=groups)
    for carer, child in near.filter(person__merged_into__isnull=True).values_list("person", "other"):
        found[child].add(carer)
    return found


def _of_families(families: Iterable[int]) -> Iterable[Migrant]:
    return Migrant.objects.living_records().filter(family__in=list(families))


def _is_apart(seat: Seat, companions: Mapping[int, set[int]], bus_of: Mapping[int, int | None]) -> bool:
    own = companions[seat.person_id] - {seat.person_id}
    return bool(own) and not any(bus_of.get(person) == seat.vehicle_id for person in own)
