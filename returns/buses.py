"""In how many buses groups are planned to travel."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Count

from corridors.rules import PricePer
from returns.enums import MovementState
from returns.ledgers import StandingRule
from returns.models import Vehicle


def buses_charged(rules: Iterable[StandingRule], groups: Collection[int]) -> dict[int, int]:
    """Give the buses of each group (by key) whose journey is planned, where one of `rules` has a price of a vehicle.

    One query, or none. A group without any stands not there.
    """
    if not any(rule.content.price and rule.content.price.per == PricePer.VEHICLE for rule in rules):
        return {}
    rows = Vehicle.objects.filter(movement__group__in=groups, movement__state=MovementState.PLANNED)
    return dict(rows.values_list("movement__group").annotate(n=Count("pk")).order_by())
