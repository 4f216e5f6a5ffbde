"""Clients of the API with real tokens, and a small world in which every resource has a row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from rest_framework.test import APIClient

from accounts import tokens
from common import clock
from corridors.models import CorridorVersion, Requirement, RequirementChange, RequirementVersion, TransitCorridor
from migrants.models import Consent, HeadCount, HealthTest, Migrant, Nationality, TravelDocument, TravelGroup
from tests.cast import COMMAND, NOW

CONTENT = {
    "applies": None,
    "rule": {"test": {"kinds": ["pcr", "rapid"], "result": "negative", "max_age_hours": 72}},
    "exempt": None,
    "price": None,
    "side_effect": "",
}
NUMBER = "TJ-4711-SEALED"


@pytest.fixture(autouse=True)
def fixed_hour(db):
    """The demonstration clock stands at NOW, as far as a clock stands."""
    clock.set_to(NOW)


@pytest.fixture
def token_of(accounts):
    """`token_of(role)` issues a real token for that role's account."""

    def issued(role: str, *, days: int = 1) -> str:
        return tokens.issue(user=accounts[role], days=days, by=COMMAND, at=NOW).token

    return issued


@pytest.fixture
def ask(token_of):
    """`ask(role)` is a client with that role's token; `ask(None)` one that says nothing of itself."""

    def client(role: str | None) -> APIClient:
        asking = APIClient()
        if role is not None:
            asking.credentials(HTTP_AUTHORIZATION=f"Bearer {token_of(role)}")
        return asking

    return client


def person_in(group: TravelGroup, number: int) -> Migrant:
    """Somebody registered in `group`, with nationality, document, test and consent. Invented."""
    common: dict[str, Any] = {"mission": group.mission, "recorded_at": NOW, "by": COMMAND}
    person = Migrant.objects.create(
        number=f"{100_000 + number}",
        group=group,
        full_name=f"Раҳимов Баҳром {number}",
        birth_year=1990,
        registered_at=NOW,
        note="a note that stays sealed",
        **common,
    )
    Nationality.objects.create(person=person, code="TJK", **common)
    TravelDocument.objects.create(person=person, kind="passport", number=f"{NUMBER}{number}", issuer="TJK", **common)
    HealthTest.objects.create(person=person, kind="pcr", result="negative", sampled_at=NOW, **common)
    Consent.objects.create(
        person=person, purpose="return", answer="yes", how="written", language="tg", answered_at=NOW, **common
    )
    return person


def count_of(group: TravelGroup, total: int = 102) -> HeadCount:
    """One head count of `group`."""
    return HeadCount.objects.create(
        group=group, mission=group.mission, counted_at=NOW, recorded_at=NOW, total=total, by=COMMAND
    )


@pytest.fixture
def world(group, organisations) -> dict[str, Any]:
    """A row of each resource, by the name of the resource."""
    person = person_in(group, 1)
    line = Requirement.objects.create(
        crossing=group.crossing, from_country="KAZ", to_country="UZB", subject="health_test"
    )
    since = NOW - timedelta(days=1)
    version = RequirementVersion.objects.create(
        requirement=line, number=1, content=CONTENT, certainty="confirmed", source_tier="written",
        source_text="letter", authority=organisations["uz-border"], zone="Asia/Tashkent",
        applies=DateTimeTZRange(since, None), known=DateTimeTZRange(since, None), entered_at=since, entered_by=COMMAND,
    )  # fmt: skip
    RequirementChange.objects.create(version=version, kind="new", at=since, by=COMMAND)
    corridor = TransitCorridor.objects.create(
        code="KZ-TJ", name="Zhibek Zholy to Oybek", entry=group.crossing, exit=group.crossing,
        from_country="KAZ", transit_country="UZB", to_country="TJK",
    )  # fmt: skip
    CorridorVersion.objects.create(
        corridor=corridor, number=1, longest_transit=timedelta(hours=4), head_count_cap=120,
        requested_by=organisations["iom-kz"], document_reference="note 7", made_at=since, made_by=COMMAND,
    )  # fmt: skip
    return {
        "organisations": organisations["kz-border"].code,
        "contacts": organisations["kz-border"].offices.get().contacts.first().public_id,
        "crossings": group.crossing.code,
        "requirements": line.public_id,
        "corridors": corridor.public_id,
        "groups": group.public_id,
        "head-counts": count_of(group).public_id,
        "migrants": person.public_id,
        "documents": person.documents.get().public_id,
        "health-tests": person.tests.get().public_id,
        "consents": person.consents.get().public_id,
    }
