"""People over the API: everything that the form takes, and refusals that name the place in the body."""

from __future__ import annotations

import pytest

from migrants.models import Migrant, TravelDocument
from partners.enums import Role

pytestmark = pytest.mark.django_db
MIGRANTS, DOCUMENTS = "/api/v1/migrants/", "/api/v1/documents/"


def a_person(group, **other):
    return {
        "group": str(group.public_id), "full_name": "Раҳмонзода Умед", "surname": "Раҳмонзода", "given_names": "Умед",
        "other_names": [{"full_name": "Раҳмонов Умед", "kind": "former", "valid_until": "2016-04-29"}],
        "birth_year": 2002, "nationalities": ["TJK", "RUS"],
        "nationality_statuses": [{"code": "TJK", "status": "documented"}],
        "documents": [{"kind": "passport", "state": "applied"}], "language": "tg", "other_languages": ["ru"],
        "needs_interpreter": True, "phone": "+992 95 000 29 60", "other_phones": ["+77010001001"],
        "kin": [{"name": "Ойгул", "relation": "spouse", "phone": "+992950002961", "may_be_told": False}],
    } | other  # fmt: skip


def test_a_person_is_registered_with_everything_that_the_form_takes(ask, group):
    client = ask(Role.FIELD)
    answer = client.post(MIGRANTS, a_person(group))
    assert answer.status_code == 201, answer.json()
    person = Migrant.objects.get()
    detail = client.get(f"{MIGRANTS}{person.public_id}/").json()
    assert (detail["script"], detail["surname"], detail["other_languages"]) == ("Cyrl", "Раҳмонзода", ["ru"])
    assert detail["needs_interpreter"] is True
    assert len(detail["age_range"]) == 2
    assert {"full_name": "Раҳмонов Умед", "kind": "former", "valid_from": None, "valid_until": "2016-04-29"} in detail[
        "names"
    ]
    assert dict(person.nationalities.values_list("code", "status")) == {"TJK": "documented", "RUS": "claimed"}
    assert (person.phone, person.phones.get().number, person.kin.get().name) == (
        "+992950002960",
        "+77010001001",
        "Ойгул",
    )
    assert "+992" not in str(detail)


@pytest.mark.parametrize(
    ("other", "pointer"),
    [
        ({"full_name": "FNU"}, "full_name"),
        ({"father_name": "б/о"}, "father_name"),
        ({"other_names": [{"full_name": "N/A", "kind": "former"}]}, "other_names"),
        ({"other_names": [{"full_name": "А", "kind": "former", "valid_from": "2020-01-01", "valid_until": "2020-01-01"}]},
         "other_names"),
        ({"kin": [{"name": "Ойгул", "relation": "aunt"}]}, "kin"),
        ({"nationalities": ["ZZZ"]}, "nationalities"),
        ({"phone": "29 60"}, "phone"),
        ({"other_phones": ["+77010001001", "701"]}, "other_phones"),
        ({"kin": [{"name": "Ойгул", "phone": "701"}]}, "kin"),
        ({"needs_interpreter": "perhaps"}, "needs_interpreter"),
    ],
)  # fmt: skip
def test_a_refusal_names_its_place_in_the_body(ask, group, other, pointer):
    answer = ask(Role.FIELD).post(MIGRANTS, a_person(group, **other))
    assert answer.status_code in {400, 422}
    assert answer.json()["errors"][0]["pointer"].startswith(f"#/{pointer}")
    assert not Migrant.objects.exists()


def test_a_document_goes_its_way_and_not_back(ask, group):
    client = ask(Role.FIELD)
    client.post(MIGRANTS, a_person(group))
    document = TravelDocument.objects.get()
    address = f"{DOCUMENTS}{document.public_id}/state/"
    assert client.post(address, {"state": "confirmed"}).json()["state"] == "confirmed"
    answer = client.post(address, {"state": "applied"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/state")


@pytest.mark.parametrize(
    "role", [Role.CONSULAR, Role.LIAISON, Role.PROGRAMME, Role.ADMINISTRATOR, Role.DATA_PROTECTION]
)
def test_nobody_outside_of_casework_moves_a_document(ask, group, role):
    ask(Role.FIELD).post(MIGRANTS, a_person(group))
    address = f"{DOCUMENTS}{TravelDocument.objects.get().public_id}/state/"
    assert ask(role).post(address, {"state": "confirmed"}).status_code in {403, 404}
    assert TravelDocument.objects.get().state == "applied"
