"""Register one person with a case, and have cases judged anew when a fact about people has changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from common.actors import Actor
from migrants.entries import PersonEntry
from migrants.identity import offer_pairs
from migrants.models import Migrant, TravelGroup
from migrants.models.people import MigrantQuerySet
from migrants.registration import Match, match, register
from partners.models import Office
from returns import cases, readiness


def whom_it_may_be(entry: PersonEntry, *, within: MigrantQuerySet) -> Match:
    """Give the known people who may be the one entered, with reasons; nothing is stored."""
    return match([entry], within=within)[0]


@transaction.atomic
def register_with_case(
    *, group: TravelGroup, mission: Office, entry: PersonEntry, within: MigrantQuerySet, by: Actor, at: datetime
) -> Migrant:
    """Register a person, open the case, and put every likely pair into the queue. Raises RegistrationError."""
    person = register(group=group, mission=mission, entry=entry, by=by, at=at)
    offer_pairs(people=[person], within=within, by=by, at=at)
    cases.open_cases(people=[person], by=by, at=at)
    return person


def facts_changed(people: Iterable[Migrant], *, at: datetime) -> None:
    """Judge the open cases of people about whom something was written down."""
    keys = [person.pk for person in people]
    if keys:
        readiness.check(people=keys, at=at)
