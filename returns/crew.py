"""The crew of a movement: who drives which bus, escorts, treats and leads; whose paper was seen, and until when it is valid."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import audit
from common.actors import Actor
from corridors.enums import CorridorCondition
from corridors.terms import Terms
from returns.enums import CrewRole
from returns.incoming import arrives_at
from returns.models import CrewMember, Movement, Vehicle
from returns.movements import MovementError, locked, refuse_after_departure
from returns.ways import zones_of

DRIVERS = (CrewRole.DRIVER, CrewRole.RELIEF_DRIVER)
_NAME_THEM = gettext_lazy(
    "Write them down under “Crew”, or have a version of the corridor agreed without that condition."
)


class CrewError(MovementError):
    """Somebody of the crew who cannot be written down, checked or taken off. `field` names what to mend."""


@transaction.atomic
def add_to_crew(
    *,
    movement: Movement,
    role: str,
    name: str,
    vehicle: Vehicle | None = None,
    by: Actor,
    at: datetime,
    **paper: Any,
) -> CrewMember:
    """Write down one of the crew; a driver needs a bus. Raises CrewError once the buses have left.

    `paper` may name `phone`, `organisation`, `document_kind`, `document_number` and `document_until`.
    """
    movement = locked(movement)
    refuse_after_departure(movement)
    if not name.strip():
        raise CrewError("name", _("Write the name."))
    if role in DRIVERS and vehicle is None:
        raise CrewError("vehicle", _("Choose the bus of the driver."))
    if vehicle is not None and vehicle.movement_id != movement.pk:
        raise CrewError("vehicle", _("That bus belongs to another movement. Choose one of this movement."))
    if role == CrewRole.LEADER and movement.crew.filter(role=role).exists():
        raise CrewError("role", _("This movement has a leader already; take that one off first."))
    row = CrewMember.objects.create(
        movement=movement,
        mission_id=movement.mission_id,
        vehicle=vehicle,
        role=role,
        name=" ".join(name.split()),
        recorded_at=at,
        by=by,
        **paper,
    )
    audit.record("crew added", row, by=by, at=at)
    return row


@transaction.atomic
def check_paper(*, member: CrewMember, by: Actor, at: datetime) -> CrewMember:
    """Write down that somebody has seen the paper itself, and that it is the one that stands here. Raises CrewError."""
    movement = locked(member.movement)
    member = CrewMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if not member.document_kind or not member.document_number:
        raise CrewError("document_number", _("Write down kind and number of the paper first, then check it."))
    if member.document_until is not None and member.document_until < _arrival_day(movement):
        raise CrewError("document_until", _("This paper ends before the arrival. Have another driver, or a new paper."))
    if member.checked_at is not None:
        return member
    member.checked_at, member.checked_by = at, by
    member.save(update_fields=["checked_at", "checked_by"])
    audit.record("paper of the crew checked", member, by=by, at=at)
    return member


@transaction.atomic
def take_off_crew(*, member: CrewMember, by: Actor, at: datetime) -> None:
    """Take somebody off the crew before the buses leave. Raises CrewError."""
    refuse_after_departure(locked(member.movement))
    audit.record("crew taken off", member, by=by, at=at)
    member.delete()


def _arrival_day(movement: Movement) -> date:
    return arrives_at(movement).astimezone(ZoneInfo(zones_of(movement.group)[0])).date()


def unfit(movement: Movement) -> list[tuple[str, str]]:
    """Give what stops the manifest about the crew: sentence and remedy. Papers of drivers, checked and valid on arrival."""
    stops = []
    arrival = _arrival_day(movement)
    for member in movement.crew.filter(role__in=DRIVERS).select_related("vehicle"):
        named = {"name": member.name, "bus": member.vehicle}
        if member.document_until is not None and member.document_until < arrival:
            sentence = _("The paper of %(name)s, who drives %(bus)s, ends before the arrival.")
            stops.append((sentence % named, _("Have another driver for this bus, or a new paper.")))
        elif member.checked_at is None:
            sentence = _("Nobody has checked the paper of %(name)s, who drives %(bus)s.")
            stops.append((sentence % named, _("Look at the paper itself, and mark it as checked under “Crew”.")))
    return stops


def asked_for(movement: Movement, terms: Terms) -> list[tuple[str, str]]:
    """Give whom the conditions of the corridor ask for and the crew has not: sentence and remedy; two queries."""
    there = set(movement.crew.values_list("role", "vehicle"))
    roles = {role for role, _vehicle in there}
    stops = []
    if CorridorCondition.ESCORT in terms.listed and CrewRole.ESCORT not in roles:
        stops.append((_("The corridor asks for an escort, and nobody is named who escorts."), _NAME_THEM))
    if CorridorCondition.MEDIC in terms.listed and CrewRole.MEDIC not in roles:
        stops.append((_("The corridor asks for a medic, and nobody is named."), _NAME_THEM))
    if CorridorCondition.TWO_DRIVERS in terms.listed:
        sentence = _("The corridor asks for two drivers for each bus; %(bus)s has not two.")
        stops += [
            (sentence % {"bus": bus.label}, _NAME_THEM)
            for bus in movement.vehicles.all()
            if not {(role, bus.pk) for role in DRIVERS} <= there
        ]
    return [(str(sentence), str(remedy)) for sentence, remedy in stops]


def not_named(movement: Movement) -> list[str]:
    """Give what the crew still lacks, in words: a driver for each bus, and somebody who leads; nothing of it stops anybody."""
    there = list(movement.crew.values_list("role", "vehicle"))
    driven = {vehicle for role, vehicle in there if role == CrewRole.DRIVER}
    lacks = [
        _("driver of %(bus)s") % {"bus": vehicle.label}
        for vehicle in movement.vehicles.all()
        if vehicle.pk not in driven
    ]
    if not any(role == CrewRole.LEADER for role, _vehicle in there):
        lacks.append(_("who leads the movement"))
    return lacks
