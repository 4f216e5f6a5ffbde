"""Looking people up over the API: as on the page, within the same reach, counted and written down."""

from __future__ import annotations

from dataclasses import replace

import pytest

from common.models import AccessEntry
from migrants.entries import DocumentEntry, PersonEntry
from migrants.models import Migrant
from migrants.registration import register_many
from partners.enums import Role
from tests.api.test_matrix import whoever_opens
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
SEARCH = "/api/v1/migrants/search/"
UMED = PersonEntry(
    full_name="Қодиров Умед Раҳимович", birth_year=1986, sex="M", phone="+992 935 55 01 42",
    documents=(DocumentEntry("passport", number="АС 005966803"),),
)  # fmt: skip
OTHER = PersonEntry(full_name="Кодирова Ойгул", birth_year=1991, sex="F")


@pytest.fixture
def people(group):
    return register_many(group=group, mission=group.mission, entries=[UMED, OTHER], by=COMMAND, at=NOW)


def names(answer):
    assert answer.status_code == 200, answer.json()
    return [(each["person"]["full_name"], each["why"]) for each in answer.json()]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("Umed Kadyrov", "spelling"),
        ("+992935550142", "phone"),
        ("ac-005966803", "document"),
        ("АС 005966803", "document"),
    ],
)
def test_somebody_is_found_by_name_phone_or_document(asked, why, people, ask):
    found = names(ask(Role.FIELD).get(SEARCH, {"q": asked}))

    assert found[0][0] == UMED.full_name
    assert why in found[0][1]


def test_a_group_narrows_it(people, group, ask):
    other = "00000000-0000-4000-8000-000000000000"

    assert names(ask(Role.FIELD).get(SEARCH, {"q": "Kodirov Umed", "group": str(group.public_id)}))
    assert names(ask(Role.FIELD).get(SEARCH, {"q": "Kodirov Umed", "group": other})) == []


def test_whoever_is_shown_is_written_into_the_access_log(people, ask):
    shown = ask(Role.FIELD).get(SEARCH, {"q": "Kodirov Umed"}).json()

    entries = AccessEntry.objects.filter(page=SEARCH)
    assert {str(entry.person) for entry in entries} == {each["person"]["public_id"] for each in shown}


@pytest.mark.parametrize("role", Role.values)
def test_whoever_opens_the_page_may_ask(role, ask):
    status = ask(role).get(SEARCH, {"q": "Umed"}).status_code

    assert status == (200 if role in whoever_opens("returns:people") else 404)


def test_an_empty_question_is_refused_with_its_name(ask):
    answer = ask(Role.FIELD).get(SEARCH)

    assert answer.status_code == 400
    assert "q" in str(answer.json()["errors"])


def test_nobody_asks_so_often_that_the_register_could_be_walked_through(ask, settings):
    settings.LIMITS = settings.LIMITS | {"search": (2, 60)}
    client = ask(Role.FIELD)
    answers = [client.get(SEARCH, {"q": "Umed"}).status_code for _each in range(3)]

    assert answers == [200, 200, 429]


def test_nobody_beyond_the_reach_is_found(people, ask, accounts):
    accounts[Role.FIELD].memberships.update(crossings=["KG-TJ-01"])

    assert names(ask(Role.FIELD).get(SEARCH, {"q": "Kodirov Umed"})) == []


def test_a_merged_record_is_not_shown(people, group, ask):
    twin = register_many(
        group=group, mission=group.mission, entries=[replace(UMED, documents=())], by=COMMAND, at=NOW
    )[0]  # fmt: skip
    Migrant.objects.filter(pk=twin.pk).update(merged_into=people[0])

    assert len(names(ask(Role.FIELD).get(SEARCH, {"q": "Kodirov Umed Rahimovich"}))) == 1
