"""What reading promises: stable pages, a constant number of queries, an access row for each person, nothing sealed."""

import json
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.serializers import Serializer

from common.models import AccessEntry
from config.api import router
from corridors.models import Requirement, RequirementDraft, RequirementVersion, TransitCorridor
from corridors.requirements import redraft
from migrants.models import Migrant, ProtectionHold, TravelGroup
from notifications.acknowledgements import acknowledge
from notifications.models import Alert
from partners.api import Resource
from partners.enums import Role
from partners.models import Membership, Organisation
from returns.cases import open_cases
from returns.funding import ask as ask_for_money
from returns.funding import pledge
from tests.access.arriving import arriving, received
from tests.api.conftest import NUMBER, count_of, notice_of, person_in
from tests.api.test_matrix import reader_of
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
SECRETS = (
    "no_hold", "child_arranged", "why she is held", "a note that stays sealed", "name_keys", "the whole letter",
    "what the donor wrote",
)  # fmt: skip
CLOSED = {"holds", "screenings", "referrals", "arrangements", "late-results"}
NARROWED = (
    "groups", "head-counts", "migrants", "documents", "health-tests", "consents", "cases", "notices", "deliveries",
    "acknowledgements", "needs", "pledges",
)  # fmt: skip


def pages(client, address):
    """The references of every page, following `next`."""
    found = []
    while address:
        answer = client.get(address).json()
        found.append([row["public_id"] for row in answer["results"]])
        address = answer["next"]
    return found


def test_pages_hold_each_row_once_and_end(ask, group):
    counts = [str(count_of(group, total=n).public_id) for n in range(1, 8)]
    read = pages(ask(Role.FIELD), "/api/v1/head-counts/?limit=3")
    assert [len(page) for page in read] == [3, 3, 1]
    assert [reference for page in read for reference in page] == counts[::-1]


def test_a_row_that_arrives_meanwhile_moves_no_page(ask, group):
    for n in range(1, 5):
        count_of(group, total=n)
    client = ask(Role.FIELD)
    first = client.get("/api/v1/head-counts/?limit=2").json()
    count_of(group, total=99)
    second = client.get(first["next"]).json()
    assert [row["total"] for row in first["results"] + second["results"]] == [4, 3, 2, 1]


def test_a_page_keeps_its_filter(ask, group):
    for n in range(1, 4):
        count_of(group, total=n)
    answer = ask(Role.FIELD).get(f"/api/v1/head-counts/?limit=1&group={group.public_id}").json()
    assert f"group={group.public_id}" in answer["next"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=²", "limit"),
        ("after=nobody", "after"),
        ("after=6d6b3c52-7d0b-4b62-9a5c-0d3f7a3f0001", "after"),
        ("group=7", "group"),
        ("colour=red", "colour"),
    ],
)
def test_a_question_that_cannot_be_read_is_a_problem_that_names_it(ask, group, query, parameter):
    answer = ask(Role.FIELD).get(f"/api/v1/head-counts/?{query}")
    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


def test_a_list_asks_the_database_as_often_for_many_rows_as_for_one(ask, world, group, organisations):
    resources = [prefix for prefix, _view, _name in router.registry]
    clients = {role: ask(role) for role in {reader_of(resource) for resource in resources}}

    def queries(resource: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert clients[reader_of(resource)].get(f"/api/v1/{resource}/").status_code == 200
        return len(caught)

    def asked() -> dict[str, int]:
        """By the better of two looks: at the first, what the house keeps for some seconds may have run out."""
        return {resource: min(queries(resource), queries(resource)) for resource in resources}

    few = asked()
    more_rows(group, organisations)
    assert asked() == few


def more_rows(group: TravelGroup, organisations: dict[str, Organisation]) -> None:
    """More of everything that the lists hold."""
    for number in range(2, 12):
        person_in(group, number)
        count_of(group, total=number)
    open_cases(people=Migrant.objects.all(), by=COMMAND, at=NOW)
    for code in ("uz-border", "tj-emb-uz", "iom-uz"):
        notice = notice_of(Alert.objects.get(kind="requirement_change"), organisations[code])
        acknowledge(notice=notice, name="A", function="B", answered_by="page", by=COMMAND, at=NOW)
    for quantity in range(1, 5):
        need = ask_for_money(
            group=group, kind="water", quantity=quantity, unit_price=Decimal(1), currency="USD", by=COMMAND, at=NOW
        )
        donor = organisations["iom-uz"]
        pledge(need=need, donor=donor, amount=Decimal(1), currency="USD", pledged_on=NOW.date(), by=COMMAND, at=NOW)
    for code in ("ZZ-0913", "ZZ-0914"):
        embassy = organisations["tj-emb-uz"]
        received(arriving(group, TransitCorridor.objects.get(), embassy, code=code), embassy)
    line = Requirement.objects.get(subject="health_test")
    for subject in ("opening", "other"):
        other = Requirement.objects.create(
            crossing=line.crossing, from_country="KAZ", to_country="UZB", subject=subject
        )
        version = RequirementVersion.objects.get(requirement=line)
        version.pk, version.public_id, version.requirement = None, uuid4(), other
        version.save(force_insert=True)
        redraft(draft=RequirementDraft.objects.all()[0], by=COMMAND, at=NOW)


@pytest.mark.parametrize("resource", ["migrants", "documents", "health-tests", "consents", "cases"])
def test_each_person_shown_leaves_an_access_row(resource, ask, world):
    client = ask(Role.FIELD)
    client.get(f"/api/v1/{resource}/")
    client.get(f"/api/v1/{resource}/{world[resource]}/")
    seen = AccessEntry.objects.filter(page__startswith=f"/api/v1/{resource}/")
    assert [row.person for row in seen].count(world["migrants"]) == 2
    assert {row.by.printed_name for row in seen} == {"field of iom-kz"}


def test_a_document_number_is_in_no_list_but_with_its_document(ask, world):
    client = ask(Role.FIELD)
    for resource in ("documents", "migrants", "groups", "consents", "health-tests"):
        assert NUMBER not in client.get(f"/api/v1/{resource}/").content.decode()
    assert client.get(f"/api/v1/documents/{world['documents']}/").json()["number"] == f"{NUMBER}1"


def test_protection_and_notes_are_nowhere_but_with_one_row_of_the_closed_room(ask, world, group):
    person = Migrant.objects.get(public_id=world["migrants"])
    ProtectionHold.objects.create(
        person=person, mission=group.mission, against=["TJK"], reason="why she is held", set_at=NOW, set_by=COMMAND
    )
    client = ask(Role.PROTECTION)
    for resource, place in world.items():
        one = [] if resource in CLOSED else [client.get(f"/api/v1/{resource}/{place}/")]
        read = [client.get(f"/api/v1/{resource}/"), *one]
        told = json.dumps([answer.json() for answer in read])
        for word in SECRETS:
            assert word not in told, (resource, word)


def test_no_internal_key_leaves_the_house():
    for _prefix, view, _name in router.registry:
        assert issubclass(view, Resource)
        shapes = {shape for shape in (view.serializer_class, view.detail_class) if shape}
        for shape in shapes:
            row = shape()
            assert isinstance(row, Serializer)
            for name, field in row.fields.items():
                assert name not in {"id", "pk"}
                assert type(field).__name__ not in {"PrimaryKeyRelatedField", "ManyRelatedField"}, (shape, name)


def test_who_is_narrowed_to_a_crossing_reaches_no_other(ask, world, accounts):
    Membership.objects.filter(user=accounts[Role.FIELD]).update(crossings=["KZ-KG-01"])
    client = ask(Role.FIELD)
    for resource in NARROWED:
        assert client.get(f"/api/v1/{resource}/").json()["results"] == []
        assert client.get(f"/api/v1/{resource}/{world[resource]}/").status_code == 404


def test_what_a_crossing_asks_is_read_by_both_clocks(ask, world, organisations):
    client = ask(Role.PROGRAMME)
    way = "from_country=KAZ&to_country=UZB"
    asked = client.get(f"/api/v1/crossings/KZ-UZ-01/in-force/?{way}").json()
    assert [version["number"] for version in asked] == [1]
    assert "72" in asked[0]["sentence"]
    before = "2020-09-01T00:00:00Z"
    assert client.get(f"/api/v1/crossings/KZ-UZ-01/in-force/?{way}&known_at={before}").json() == []
    assert client.get(f"/api/v1/crossings/KZ-UZ-01/in-force/?{way}&at=2020-10-01").status_code == 400
    assert len(client.get("/api/v1/crossings/KZ-UZ-01/in-force/?from_country=kaz&to_country=uzb").json()) == 1
    story = client.get(f"/api/v1/requirements/{world['requirements']}/ledger/").json()
    assert [entry["number"] for entry in story] == [1]


@pytest.mark.parametrize("way", ["KAZ TJK", "UZB UZB", "kaz xyz"])
def test_a_direction_that_a_crossing_does_not_have_is_refused_and_never_asks_nothing(ask, world, way):
    from_country, to_country = way.split()
    query = {"from_country": from_country, "to_country": to_country}
    answer = ask(Role.PROGRAMME).get("/api/v1/crossings/KZ-UZ-01/in-force/", query)
    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json()["errors"]] == ["from_country", "to_country"]
    assert "Choose one of the two directions" in answer.json()["errors"][0]["detail"]


def test_an_hour_that_is_asked_for_twice_is_refused(ask, world):
    hours = "at=2020-09-28T10:00:00Z&at=2020-10-28T10:00:00Z"
    answer = ask(Role.PROGRAMME).get(f"/api/v1/requirements/{world['requirements']}/asked/?{hours}")
    assert answer.status_code == 400
    assert "more than once" in answer.json()["errors"][0]["detail"]


def test_what_a_line_asked_is_answered_by_both_clocks(ask, world):
    client, address = ask(Role.FIELD), f"/api/v1/requirements/{world['requirements']}/asked/"
    now, before = client.get(address).json(), client.get(f"{address}?known_at=2019-01-01T00:00:00Z").json()

    assert now["version"]["number"] == 1
    assert (before["version"], before["known_at"][:10]) == (None, "2019-01-01")
    as_in_the_example = client.get(address + "?known_at=2019-01-01T06:00:00+06:00").json()
    assert as_in_the_example["known_at"] == "2019-01-01T00:00:00Z"
