"""The phone page: JSON from the device, a form without a script, each count stored once."""

import json
from uuid import uuid4

import pytest
from django.urls import reverse

from common import clock
from migrants.models import HeadCount, TravelGroup
from partners.enums import Role
from tests.cast import NOW

BODY = {
    "counted_at": NOW.isoformat(), "group": "", "crossing": "KZ-UZ-01", "from_country": "KAZ", "to_country": "UZB",
    "males": 86, "females": 16, "men": None, "women": None, "children_5_17": 6, "children_under_5": 2,
    "children_alone": 2, "exact": True, "needs": ["blankets", "water", "food"], "mood": "tense", "note": "",
}  # fmt: skip
FORM = {
    "crossing": "KZ-UZ-01:KAZ:UZB",
    "males": "86",
    "females": "16",
    "exact": "true",
    "way": "sex",
    "needs": ["water"],
}


@pytest.fixture(autouse=True)
def at_the_moment(db):
    clock.set_to(NOW)


@pytest.fixture
def send(sign_in, crossing):
    client = sign_in(Role.FIELD)

    def post(body):
        content = body if isinstance(body, str) else json.dumps(body)
        return client.post(reverse("returns:count"), content, content_type="application/json")

    return post


def test_a_count_from_the_device_opens_its_group(send):
    client_id = str(uuid4())
    answer = send(BODY | {"client_id": client_id})
    assert answer.status_code == 201
    assert answer.json()["client_id"] == client_id
    assert TravelGroup.objects.get().code == answer.json()["code"] == "ZZ-1001"
    assert HeadCount.objects.get().total == 102


def test_a_repeated_count_gets_the_same_answer_and_stores_nothing(send):
    body = BODY | {"client_id": str(uuid4())}
    first, again = send(body), send(body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() | {"now": ""} == again.json() | {"now": ""}
    assert (TravelGroup.objects.count(), HeadCount.objects.count()) == (1, 1)


def test_the_same_id_with_other_content_is_a_conflict_in_words(send):
    body = BODY | {"client_id": str(uuid4())}
    send(body)
    answer = send(body | {"males": 90})
    assert answer.status_code == 409
    assert "already" in answer.json()["errors"]["client_id"][0]


def test_a_count_of_a_known_group_joins_it(send, group):
    answer = send(BODY | {"client_id": str(uuid4()), "group": str(group.public_id)})
    assert (answer.status_code, answer.json()["code"]) == (201, group.code)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"males": -1}, "males"),
        ({"males": "many"}, "males"),
        ({"children_5_17": 500}, "children_5_17"),
        ({"crossing": "nowhere"}, "crossing"),
        ({"client_id": "7"}, "client_id"),
        ({"needs": ["gold"]}, "needs"),
        ({"group": str(uuid4())}, "group"),
        ({"counted_at": "yesterday"}, "counted_at"),
    ],
)
def test_what_cannot_be_stored_names_its_field(send, changed, field):
    answer = send(BODY | {"client_id": str(uuid4())} | changed)
    assert answer.status_code == 422
    assert field in answer.json()["errors"]
    assert not TravelGroup.objects.exists()


@pytest.mark.parametrize("body", ["{", "[1]", "null"])
def test_what_is_no_object_is_refused_in_words(send, body):
    answer = send(body)
    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_the_form_works_without_a_script(sign_in, crossing):
    client = sign_in(Role.FIELD)
    values = FORM | {"client_id": str(uuid4())}
    answers = [client.post(reverse("returns:count"), values) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert HeadCount.objects.get().total == 102


@pytest.mark.parametrize(
    "role", [Role.CONSULAR, Role.LIAISON, Role.PROGRAMME, Role.ADMINISTRATOR, Role.DATA_PROTECTION]
)
def test_strangers_find_no_such_page(sign_in, role):
    assert sign_in(role).get(reverse("returns:count")).status_code == 404
