"""Where people come from and how they came to the halt: legs in order, of a group, or of a family or person apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from common import audit, countries
from common.actors import Actor
from common.refusals import RefusalError
from migrants.enums import TravelMode
from migrants.models import Family, Migrant, TravelGroup, TravelledLeg

MOST_LEGS = 30
"""Of one group, family or person: more is a mistake of a script."""


class LegError(RefusalError):
    """A leg that cannot be stored; `field` names the place."""


@dataclass(frozen=True, slots=True)
class Leg:
    """From where (ISO 3166 alpha-3 country; the place may be unknown), how they went on, and the days where known."""

    country: str
    place: str = ""
    mode: str = TravelMode.UNKNOWN
    left_on: date | None = None
    arrived_on: date | None = None


@transaction.atomic
def add_leg(
    *,
    group: TravelGroup,
    leg: Leg,
    of: Family | Migrant | None = None,
    before: TravelledLeg | None = None,
    by: Actor,
    at: datetime,
) -> TravelledLeg:
    """Write a leg down, of the group or of one family or person of it (`of`); at the end, or before another one.

    Raises LegError with the field.
    """
    whose = _whose(group, of)
    _check(leg, on=at.date())
    legs = TravelledLeg.objects.select_for_update(of=("self",)).filter(group=group, **whose)
    known = {row.pk: row for row in legs}
    if len(known) >= MOST_LEGS:
        raise LegError("", _("There are %(n)d legs already. Take away what was no stop.") % {"n": MOST_LEGS})
    if before is not None and before.pk not in known:
        raise LegError("before", _("That leg is of somebody else. Choose one of the same way."))
    last = legs.aggregate(last=Max("rank"))["last"] or 0
    rank = last + 1 if before is None else before.rank
    for row in known.values() if before is not None else ():
        if row.rank >= rank:
            row.rank += 1
    TravelledLeg.objects.bulk_update(known.values(), ["rank"])
    values = asdict(leg) | {"place": " ".join(leg.place.split())}
    row = TravelledLeg.objects.create(
        group=group, mission_id=group.mission_id, rank=rank, recorded_at=at, by=by, **whose, **values
    )
    audit.record("leg travelled recorded", row, by=by, at=at)
    return row


@transaction.atomic
def remove_leg(*, leg: TravelledLeg, by: Actor, at: datetime) -> None:
    """Take a leg away that was written down by mistake; history keeps what stood there. Twice changes nothing."""
    row = TravelledLeg.objects.select_for_update(of=("self",)).filter(pk=leg.pk).first()
    if row is not None:
        audit.record("leg travelled taken away", row, by=by, at=at)
        row.delete()


@transaction.atomic
def copy_legs(*, from_group: TravelGroup, to_group: TravelGroup, by: Actor, at: datetime) -> int:
    """Give a group that was split off the way that its people have come; returns how many legs."""
    rows = TravelledLeg.objects.filter(group=from_group, family__isnull=True, person__isnull=True)
    names = ("rank", "place", "country", "mode", "left_on", "arrived_on")
    made = TravelledLeg.objects.bulk_create(
        TravelledLeg(
            group=to_group,
            mission_id=to_group.mission_id,
            recorded_at=at,
            by=by,
            **{name: getattr(row, name) for name in names},
        )
        for row in rows
    )
    audit.record_many((("leg travelled recorded", row) for row in made), by=by, at=at)
    return len(made)


def origins_of(groups: Iterable[int]) -> dict[int, TravelledLeg]:
    """Give the first leg of each group (by key) that has one: where they come from; one query."""
    rows = TravelledLeg.objects.filter(group__in=list(groups), family__isnull=True, person__isnull=True)
    return {row.group_id: row for row in rows.order_by("group", "rank", "pk").distinct("group")}


def _whose(group: TravelGroup, of: Family | Migrant | None) -> dict[str, Family | Migrant | None]:
    if of is not None and of.group_id != group.pk:
        raise LegError("of", _("They are in another group. Write it down there."))
    return {
        "family": of if isinstance(of, Family) else None,
        "person": of if isinstance(of, Migrant) else None,
    }


def _check(leg: Leg, *, on: date) -> None:
    if leg.country not in countries.alpha3_to_alpha2():
        raise LegError("country", _("Choose the country from the list."))
    if len(leg.place) > 120:
        raise LegError("place", _("The place is longer than 120 letters. Shorten it."))
    if leg.mode not in TravelMode.values:
        raise LegError("mode", _("Choose from the list how they went on."))
    for field, day in (("left_on", leg.left_on), ("arrived_on", leg.arrived_on)):
        if day is not None and not on.year - 5 <= day.year <= on.year + 1:
            raise LegError(field, _("That day is years away. Check it."))
        if day is not None and (day - on).days > 1:
            raise LegError(field, _("That day is still to come. Write down what they have travelled."))
    if leg.left_on and leg.arrived_on and leg.arrived_on < leg.left_on:
        raise LegError("arrived_on", _("Nobody arrives before they left. Check the days."))
