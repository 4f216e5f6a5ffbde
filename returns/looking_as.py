"""What an embassy would see of a group if it were shown now: looked at by the coordinator beforehand, and nothing written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from migrants.consents import to_be_shown
from migrants.enums import Purpose
from migrants.models import Disclosure, TravelGroup
from partners.models import Organisation
from returns import incoming
from returns.incoming import Arrival, Expected
from returns.outward import open_people


def would_see(organisation: Organisation, group: TravelGroup, *, at: datetime) -> list[Expected]:
    """Give whom `organisation` would find on its page of this group: who is shown already, and who would be if asked now."""
    shown = list(incoming.shown_to([organisation], at=at).filter(person__group=group))
    openly = set(open_people().filter(group=group).values_list("pk", flat=True))
    people = group.people.living_records()
    fresh = to_be_shown(people=list(people), recipient=organisation, purpose=Purpose.SHOW_TO_CONSULATE, at=at)
    rows = shown + [
        Disclosure(
            person=person, recipient=organisation, purpose=Purpose.SHOW_TO_CONSULATE, categories=consent.categories
        )
        for person, consent in fresh
        if person.pk in openly
    ]
    return incoming.completed(sorted(rows, key=lambda row: (row.person.sort_key, row.person_id)), at=at)


def would_arrive(
    organisation: Organisation, group: TravelGroup, people: list[Expected], *, at: datetime
) -> list[Arrival]:
    """Give the arrivals of the group as that page would have them, `people` being whom it would name."""
    return [
        replace(arrival, shown=sum(row.movement == arrival.movement.public_id for row in people))
        for arrival in incoming.arrivals([organisation], at=at)
        if arrival.movement.group_id == group.pk
    ]
