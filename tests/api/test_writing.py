"""What writing promises: done once, refused in words that name the place, nothing half-written."""

from uuid import uuid4

import pytest

from common.models import AuditEntry, IdempotencyKey
from migrants.models import HeadCount, TravelGroup
from partners.enums import Role
from partners.models import Membership

pytestmark = pytest.mark.django_db
COUNTS, GROUPS = "/api/v1/head-counts/", "/api/v1/groups/"


def a_count(group, **other):
    return {"public_id": str(uuid4()), "group": str(group.public_id), "total": 102, "males": 86, "females": 16, **other}


def a_group(**other):
    way = {"crossing": "KZ-UZ-01", "from_country": "KAZ", "to_country": "UZB"}
    return {**way, "waiting_since": "2020-09-30T09:00:00+06:00", "source": "post", "confidence": "seen", **other}


def test_a_count_is_stored_once_for_its_public_id(ask, group):
    client, count = ask(Role.FIELD), a_count(group)
    first, again = client.post(COUNTS, count), client.post(COUNTS, count)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert HeadCount.objects.get().by.printed_name == "field of iom-kz"
    assert AuditEntry.objects.filter(verb="group counted").count() == 1
    other = client.post(COUNTS, {**count, "note": "another"})
    assert other.status_code == 409
    assert "stored one stays" in other.json()["detail"]


def test_a_count_where_no_group_is_open_opens_one(ask, crossing, organisations):
    count = {"public_id": str(uuid4()), "crossing": "KZ-UZ-01", "from_country": "KAZ", "to_country": "UZB", "total": 9}
    answer = ask(Role.FIELD).post(COUNTS, count)
    assert answer.status_code == 201
    assert str(TravelGroup.objects.get().public_id) == answer.json()["group"]


def test_a_repeated_key_gives_the_stored_answer_and_does_nothing(ask, crossing):
    client = ask(Role.FIELD)
    first, again = (client.post(GROUPS, a_group(), headers={"Idempotency-Key": "k-1"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert "Idempotent-Replayed" not in first.headers
    assert again["Idempotent-Replayed"] == "true"
    assert TravelGroup.objects.count() == 1


def test_a_key_with_another_body_is_a_conflict(ask, crossing):
    client = ask(Role.FIELD)
    client.post(GROUPS, a_group(), headers={"Idempotency-Key": "k-1"})
    answer = client.post(GROUPS, a_group(source="somebody else"), headers={"Idempotency-Key": "k-1"})
    assert answer.status_code == 409
    assert TravelGroup.objects.count() == 1


def test_the_key_of_one_account_says_nothing_to_another(ask, crossing):
    for role in (Role.FIELD, Role.COORDINATOR):
        assert ask(role).post(GROUPS, a_group(), headers={"Idempotency-Key": "k-1"}).status_code == 201
    assert TravelGroup.objects.count() == 2


def test_what_was_refused_may_be_sent_again_under_its_key(ask, crossing):
    client = ask(Role.FIELD)
    assert client.post(GROUPS, a_group(crossing="XX"), headers={"Idempotency-Key": "k"}).status_code == 422
    assert client.post(GROUPS, a_group(), headers={"Idempotency-Key": "k"}).status_code == 201


def test_a_stored_answer_is_sealed(ask, crossing):
    ask(Role.FIELD).post(GROUPS, a_group(source="a person told us"), headers={"Idempotency-Key": "k"})
    held = IdempotencyKey.objects.get().__dict__["answer"]
    assert b"a person told us" not in bytes(held)


@pytest.mark.parametrize("key", ["", "two words", "ключ", "x" * 201])
def test_a_key_that_is_none_is_refused(ask, crossing, key):
    answer = ask(Role.FIELD).post(GROUPS, a_group(), HTTP_IDEMPOTENCY_KEY=key)
    assert answer.status_code == 400
    assert not TravelGroup.objects.exists()


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"total": "102"}, "#/total"),
        ({"total": True}, "#/total"),
        ({"total": 10**9}, "#/total"),
        ({"males": -1}, "#/males"),
        ({"males": 1}, "#/males"),
        ({"needs": ["gold"]}, "#/needs/0"),
        ({"needs": "water"}, "#/needs"),
        ({"mood": 7}, "#/mood"),
        ({"exact": "yes"}, "#/exact"),
        ({"colour": "red"}, "#/colour"),
        ({"counted_at": "2020-10-01T08:00:00"}, "#/counted_at"),
        ({"counted_at": "2021-10-01T08:00:00Z"}, "#/counted_at"),
        ({"counted_at": "0001-01-01T00:00:00+14:00"}, "#/counted_at"),
        ({"group": "6d6b3c52-7d0b-4b62-9a5c-0d3f7a3f0001"}, "#/group"),
        ({"group": 7}, "#/group"),
        ({"public_id": None}, "#/public_id"),
    ],
)
def test_what_cannot_be_stored_is_refused_at_its_place(ask, group, change, pointer):
    answer = ask(Role.FIELD).post(COUNTS, a_count(group) | change)
    assert answer.status_code == 422, answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert not HeadCount.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[" * 5000,
        '{"note": "\\u0000"}',
        '{"note": "\\ud800"}',
        '{"total": 1e400}',
        '{"total": NaN}',
        '{"total": 99999999999999999999}',
        "\xff",
    ],
)
def test_a_body_that_is_no_json_is_refused(ask, group, body):
    raw = body.encode("latin-1")
    answer = ask(Role.FIELD).generic("POST", COUNTS, raw, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert answer.json()["detail"]


def test_a_body_that_is_no_object_is_refused(ask, group):
    for body in ("[]", "7", '"x"', "null"):
        answer = ask(Role.FIELD).generic("POST", COUNTS, body, content_type="application/json")
        assert answer.status_code in {400, 422}, body


def test_another_kind_of_body_or_answer_is_refused(ask, group):
    client = ask(Role.FIELD)
    assert client.generic("POST", COUNTS, "a=b", content_type="application/x-www-form-urlencoded").status_code == 415
    assert client.get(COUNTS, HTTP_ACCEPT="text/html").status_code == 406


def test_a_public_id_of_somebody_elses_group_is_a_conflict_and_shows_nothing(ask, group, accounts, crossing):
    Membership.objects.filter(user=accounts[Role.FIELD]).update(crossings=["KZ-KG-01"])
    answer = ask(Role.FIELD).post(GROUPS, a_group(public_id=str(group.public_id)))
    assert answer.status_code == 422
    other = ask(Role.COORDINATOR).post(GROUPS, a_group(public_id=str(group.public_id), to_country="TJK"))
    assert other.status_code == 409
    same = ask(Role.COORDINATOR).post(GROUPS, a_group(public_id=str(group.public_id)))
    assert (same.status_code, same.json()["code"]) == (200, group.code)


def test_who_may_only_read_cannot_write(ask, group):
    for role in set(Role.values) - {Role.FIELD, Role.COORDINATOR, Role.PROTECTION}:
        assert ask(role).post(COUNTS, a_count(group)).status_code == 404
        assert ask(role).post(GROUPS, a_group()).status_code == 404
    assert ask(None).post(GROUPS, a_group()).status_code == 401


def test_an_address_that_does_not_exist_is_a_problem_too(ask):
    for address in ("/api/v1/nothing/", "/api/v1/groups/7/", "/api/v1/groups/a%0Ab/", "/api/v2/", "/api/"):
        for answer in (ask(Role.FIELD).get(address), ask(None).post(address, {})):
            assert answer.status_code == 404
            assert answer["Content-Type"] == "application/problem+json"
