"""A world small enough to read: people of a group, rules at the crossing, a plan, and their journey (`convoy`).

The wider cast is in tests/cast.py.
"""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from corridors.enums import Certainty, RequirementSubject, SourceTier
from corridors.models import Requirement, RequirementVersion
from migrants.models import Consent, HeadCount, HealthTest, Migrant, Nationality, TravelDocument
from returns import cases
from tests.cast import COMMAND, LONG_AGO, NOW
from tests.returns.convoy import boarded, corridor_version, exit_crossing, movement, travellers

__all__ = ["boarded", "corridor_version", "exit_crossing", "movement", "travellers"]

TEST_RULE = {
    "rule": {"test": {"kinds": ["pcr", "rapid"], "result": "negative", "max_age_hours": 72}},
    "exempt": {"age": {"under": 5}},
    "price": {"amount": "20", "currency": "USD", "per": "person"},
}
PASSPORT_RULE = {"rule": {"document": {"kinds": ["passport", "emergency"], "min_remaining_days": 0}}}
TOMORROW_AT_TEN = datetime(2020, 10, 2, 10, 0)
"""Wall time in Almaty; 04:00 UTC."""


@pytest.fixture
def make_person(group):
    """`make_person(…)` registers a person of the group who lacks nothing but a test, as a row alone."""
    made: list[Migrant] = []

    def make(*, passport=True, consent=True, born=1986, nationality="TJK", alone="no", in_group=None, **changed):
        place = in_group or group
        number = f"{100_000 + len(made)}"
        known = {
            "number": number, "mission": place.mission, "group": place, "full_name": f"Шахс {number}",
            "latin_name": f"Shakhs {number}", "sort_key": number, "birth_year": born, "birth_month": 3, "birth_day": 5,
            "sex": "M", "alone": alone, "registered_at": NOW, "recorded_at": LONG_AGO, "by": COMMAND,
        }  # fmt: skip
        person = Migrant.objects.create(**known | changed)
        common = {"person": person, "mission": place.mission, "recorded_at": LONG_AGO, "by": COMMAND}
        Nationality.objects.create(code=nationality, **common)
        if passport:
            expires = (NOW + timedelta(days=900)).date()
            TravelDocument.objects.create(kind="passport", state="held", expires_on=expires, **common)
        if consent:
            Consent.objects.create(
                purpose="return", answer="yes", how="written", language="tg", form_signed=True, answered_at=LONG_AGO,
                **common,
            )  # fmt: skip
        made.append(person)
        return person

    return make


@pytest.fixture
def make_rule(crossing):
    """`make_rule(content, subject)` puts version 1 of a line into force as a row, known and applying since long."""

    def make(content, subject=RequirementSubject.HEALTH_TEST, *, since=LONG_AGO, known=LONG_AGO):
        line, _made = Requirement.objects.get_or_create(
            crossing=crossing, from_country="KAZ", to_country="UZB", subject=subject
        )
        return RequirementVersion.objects.create(
            requirement=line, number=1, content=content, certainty=Certainty.CONFIRMED, source_tier=SourceTier.WRITTEN,
            source_text="order 12", zone="Asia/Tashkent", entered_at=known, entered_by=COMMAND,
            applies=(since, None), known=(known, None),
        )  # fmt: skip

    return make


@pytest.fixture
def plan(group, crossing):
    """The group stands at the barrier tomorrow at 10:00 Almaty, with a queue of two hours."""
    return cases.set_plan(
        group=group, crossing=crossing, corridor_version=None, local_time=TOMORROW_AT_TEN, zone="Asia/Almaty",
        queue_minutes=120, by=COMMAND, at=NOW,
    )  # fmt: skip


@pytest.fixture
def count_heads(group):
    """`count_heads(102)` counts the group now."""

    def count(total, at=NOW):
        return HeadCount.objects.create(
            group=group, mission=group.mission, counted_at=at, recorded_at=at, total=total, by=COMMAND
        )

    return count


@pytest.fixture
def take_test():
    """`take_test(person, sampled_at)` records a negative PCR test as a row."""

    def take(person, sampled_at=NOW, result="negative", kind="pcr"):
        return HealthTest.objects.create(
            person=person, mission=person.mission, kind=kind, result=result, sampled_at=sampled_at, recorded_at=NOW,
            by=COMMAND,
        )  # fmt: skip

    return take


def usd(amount):
    """An amount of money as it is stored."""
    return Decimal(amount)
