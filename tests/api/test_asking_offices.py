"""Questions between offices over the API: an office is named and never a person, until that office lends the case."""

from __future__ import annotations

import pytest

from migrants.entries import DocumentEntry, PersonEntry
from migrants.models import Enquiry
from migrants.registration import register
from partners.enums import Role
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
ENQUIRIES = "/api/v1/enquiries/"
LOOKED_FOR = {"document": "АС 005966803"}


@pytest.fixture
def person(group):
    entry = PersonEntry(
        full_name="Қодиров Умед", birth_year=1986, documents=(DocumentEntry("passport", number="AC 005966803"),)
    )
    return register(group=group, mission=group.mission, entry=entry, by=COMMAND, at=NOW)


@pytest.fixture
def officer(ask, accounts):
    accounts[Role.FIELD].memberships.update(crossings=["KG-TJ-01"])
    return ask(Role.FIELD)


def test_an_office_is_asked_answers_and_lends_the_case(person, officer, ask):
    [hint] = officer.post(f"{ENQUIRIES}look/", LOOKED_FOR).json()
    assert (hint["office"], hint["how"]) == (str(person.mission.public_id), "certain")
    asked = officer.post(ENQUIRIES, {**LOOKED_FOR, "office": hint["office"], "why": "His brother waits here."})
    assert asked.status_code == 201, asked.json()
    question = asked.json()
    assert (question["person"], question["state"], question["asked"]["document"]) == (None, "open", "АС 005966803")

    coordinator, address = ask(Role.COORDINATOR), f"{ENQUIRIES}{question['public_id']}/"
    assert coordinator.get(address).json()["person"] == str(person.public_id)
    answered = coordinator.post(f"{address}answer/", {"state": "lent", "words": "Call me."})
    assert answered.status_code == 200, answered.json()
    assert (
        officer.get(address).json() | {"person": str(person.public_id), "answer": "Call me."}
        == officer.get(address).json()
    )
    assert officer.get(f"/api/v1/migrants/{person.public_id}/").status_code == 200


def test_the_asker_cannot_answer(person, officer):
    office = str(person.mission.public_id)
    question = officer.post(ENQUIRIES, {**LOOKED_FOR, "office": office, "why": "His brother waits here."}).json()

    assert officer.post(f"{ENQUIRIES}{question['public_id']}/answer/", {"state": "lent"}).status_code == 404
    assert Enquiry.objects.get().state == "open"


@pytest.mark.parametrize("said", [{}, {"full_name": "Қодиров"}, {"phone": "29 60"}])
def test_too_little_is_refused_in_words(said, officer):
    assert officer.post(f"{ENQUIRIES}look/", said).status_code == 422


def test_looks_are_counted(person, officer, settings):
    settings.LIMITS = settings.LIMITS | {"elsewhere": (1, 60)}

    assert [officer.post(f"{ENQUIRIES}look/", LOOKED_FOR).status_code for _each in range(2)] == [200, 429]
