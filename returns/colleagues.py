"""Who else works on a group: the colleagues who may be given a task about it, or be named in a comment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from common.audience import reaching_for
from migrants.models import TravelGroup
from partners.models import Membership
from partners.reach import Reach
from returns.enums import OwnerRole
from returns.models import CaseTask


@dataclass(frozen=True, slots=True)
class Colleague:
    """An account of the house, by its public id, with its name and what it is."""

    account: UUID
    name: str
    function: str


def colleagues_of(group: TravelGroup, *, at: datetime) -> list[Colleague]:
    """Give whose casework reaches the group, by name: nobody is offered who could not open it. One query."""
    return colleagues_of_each([group], at=at)[group.pk]


@transaction.atomic
@reaching_for("colleagues are named")
def colleagues_of_each(groups: Iterable[TravelGroup], *, at: datetime) -> dict[int, list[Colleague]]:
    """The same for many groups, by their key; one query for all of them.

    Accounts are behind the wall; what is read of them here is the name, for colleagues who sign with it everywhere.
    """
    rows = Membership.objects.valid(at).filter(role__in=OwnerRole.values).select_related("user", "office__organisation")
    named = []
    for row in rows.order_by("pk"):
        if row.office.is_mission and row.user.stands(at):
            words = f"{row.get_role_display()}, {row.office.organisation.name}"
            named.append((Reach.of(row), Colleague(row.user.public_id, row.user.printed_name, words)))
    return {group.pk: _reaching(named, group) for group in groups}


@reaching_for("colleagues are named")
def owners_of(tasks: QuerySet[CaseTask]) -> list[tuple[UUID, str]]:
    """Give the accounts that own one of `tasks`, with their names; each account is looked at once, and not each task.

    Call it inside a transaction, as a request is.
    """
    own = tasks.filter(owner=OuterRef("public_id")).order_by()
    rows = User.objects.filter(Exists(own)).order_by("printed_name", "pk")
    return list(rows.values_list("public_id", "printed_name"))


def _reaching(named: Iterable[tuple[Reach, Colleague]], group: TravelGroup) -> list[Colleague]:
    found: dict[UUID, Colleague] = {}
    for reach, colleague in named:
        if _covers(reach, group):
            found.setdefault(colleague.account, colleague)
    return sorted(found.values(), key=lambda each: each.name)


def _covers(reach: Reach, group: TravelGroup) -> bool:
    in_mission = reach.mission is None or reach.mission == group.mission_id
    return in_mission and (reach.crossings is None or group.crossing.code in reach.crossings)
