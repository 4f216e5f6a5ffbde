"""The closed room, pictures and declarations over the API: its own officers, its own scope, and every look written down."""

from __future__ import annotations

from base64 import b64decode, b64encode

import pytest
from rest_framework.test import APIClient

from accounts import tokens
from common.models import AccessEntry
from migrants.models import Export, Migrant, ProtectionHold
from partners.enums import Role
from tests.api.bodies import a_jpeg
from tests.api.conftest import person_in
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
HOUR = NOW.isoformat()
ROOM = ("holds", "screenings", "referrals", "arrangements", "late-results")


@pytest.fixture
def person(group):
    return person_in(group, 1)


@pytest.fixture
def officer(ask):
    return ask(Role.PROTECTION)


def looks(person, address):
    return AccessEntry.objects.filter(person=person.public_id, page=address).count()


def test_somebody_is_screened_referred_and_answered_and_lists_say_no_more_than_that(officer, person, organisations):
    said = {"person": str(person.public_id), "stage": "before", "needs": ["trafficking"], "note": "sold by a cousin"}
    screened = officer.post("/api/v1/screenings/", said | {"screened_at": HOUR})
    assert screened.status_code == 201, screened.json()
    assert (screened.json()["needs"], screened.json()["note"]) == (["trafficking"], "sold by a cousin")
    refer = {"screening": screened.json()["public_id"], "organisation": "kz-border", "service": "medical"}
    referred = officer.post("/api/v1/referrals/", refer | {"reason": "hurt", "referred_at": HOUR}).json()
    address = f"/api/v1/referrals/{referred['public_id']}/"
    assert officer.post(f"{address}answer/", {"answer": "declined"}).json()["errors"][0]["pointer"] == "#/note"
    assert officer.post(f"{address}answer/", {"answer": "accepted"}).json()["answer"] == "accepted"
    assert officer.post(f"{address}close/", {"outcome": "treated"}).json()["outcome"] == "treated"
    for resource in ("screenings", "referrals"):
        text = officer.get(f"/api/v1/{resource}/").content.decode()
        assert not [word for word in ("trafficking", "cousin", "hurt", "treated") if word in text]
    one = f"/api/v1/screenings/{screened.json()['public_id']}/"
    before = looks(person, one)
    officer.get(one)
    assert looks(person, one) == before + 1


def test_a_hold_is_set_spread_and_cleared_by_a_second_person(officer, person, group, ask, accounts):
    other = person_in(group, 2)
    set_by = officer.post("/api/v1/holds/", {"person": str(person.public_id), "reason": "fear"}).json()
    address = f"/api/v1/holds/{set_by['public_id']}/"
    assert (set_by["against"], set_by["question"]["answered_at"]) == (["TJK"], None)
    spread = officer.post(f"{address}spread/", {"also": [str(other.public_id)], "note": "her brother"})
    assert spread.status_code == 200, spread.json()
    assert ProtectionHold.objects.get(person=other).against == ["TJK"]
    assert officer.post(f"{address}spread/", {"note": "again"}).status_code == 409
    assert officer.post(f"{address}clear/", {"reason": "asked"}).status_code == 422
    ProtectionHold.objects.update(set_by=COMMAND)
    assert officer.post(f"{address}clear/", {"reason": "asked"}).json()["cleared_at"]


@pytest.mark.parametrize("resource", ROOM)
def test_a_token_for_people_does_not_open_the_closed_room(resource, accounts):
    user = accounts[Role.PROTECTION]
    for scope, status in (("people:read", 403), ("protection:read", 200)):
        client = APIClient()
        token = tokens.issue(user=user, days=1, scopes=[scope], by=COMMAND, at=NOW).token
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        assert client.get(f"/api/v1/{resource}/").status_code == status


def test_a_picture_is_kept_and_opened_by_the_address_of_whoever_asked(ask, person):
    field = ask(Role.FIELD)
    body = {"person": str(person.public_id), "kind": "photograph", "picture": b64encode(a_jpeg()).decode()}
    kept = field.post("/api/v1/pictures/", body)
    assert kept.status_code == 201, kept.json()
    assert (kept.json()["width"], kept.json()["height"]) == (8, 6)
    shown = field.get(kept.json()["address"])
    assert (shown.status_code, shown["Content-Type"], shown.content[:2]) == (200, "image/jpeg", b"\xff\xd8")
    assert ask(Role.COORDINATOR).get(kept.json()["address"]).status_code == 404
    assert field.get(kept.json()["address"].partition("?")[0]).status_code == 400  # says that the key is missing
    assert looks(person, kept.json()["address"].partition("?")[0]) == 1
    wrong = field.post("/api/v1/pictures/", body | {"picture": b64encode(b"text").decode()})
    assert wrong.json()["errors"][0]["pointer"] == "#/picture"


def test_a_declaration_is_read_out_printed_and_signed_with_a_photograph(ask, person):
    field, who = ask(Role.FIELD), {"person": str(person.public_id), "language": "ru"}
    refused = field.post("/api/v1/declarations/", who | {"reader": "Aigul", "understood": False})
    assert refused.json()["errors"][0]["pointer"] == "#/understood"
    read = field.post("/api/v1/declarations/", who | {"reader": "Aigul", "understood": True}).json()
    paper = field.post("/api/v1/declarations/paper/", who)
    assert paper.status_code == 201, paper.json()
    assert b64decode(paper.json()["content"]).startswith(b"%PDF")
    assert Export.objects.latest("pk").number == paper.json()["export"]
    signed = field.post(
        "/api/v1/consents/",
        who
        | {
            "purpose": "return", "answer": "yes", "how": "written", "form_signed": True, "form_reference": read["number"],
            "signed_with": "thumb_print", "photograph": b64encode(a_jpeg()).decode(),
        },
    )  # fmt: skip
    assert signed.status_code == 201, signed.json()
    assert signed.json()["declaration"] == read["number"]
    assert person.pictures.get().kind == "thumb_print"


def test_what_lies_closed_of_a_person_is_opened_part_by_part(ask, person):
    field = ask(Role.FIELD)
    address = f"/api/v1/migrants/{person.public_id}/"
    kin = {"name": "Ойгул", "relation": "spouse", "phone": "+992950002961"}
    assert field.post(f"{address}contact/", {"number": "+992 95 000 29 60", "kin": kin}).status_code == 200
    assert field.post(f"{address}contact/", {}).status_code == 422
    opened = field.get(f"{address}contacts/").json()
    assert (opened["phone"], opened["kin"][0]["name"]) == ("+992950002960", "Ойгул")
    assert field.get(f"{address}note/").json() == {"note": "a note that stays sealed"}
    assert (looks(person, f"{address}contacts/"), looks(person, f"{address}note/")) == (1, 1)


def test_a_name_and_a_nationality_are_added_and_a_code_without_a_country_holds(ask, person):
    field, address = ask(Role.FIELD), f"/api/v1/migrants/{person.public_id}/"
    named = field.post(f"{address}name/", {"full_name": "Raximov Baxrom", "kind": "other_script"})
    assert "Raximov Baxrom" in [name["full_name"] for name in named.json()["names"]]
    refused = field.post(f"{address}name/", {"full_name": "FNU", "kind": "former"})
    assert refused.json()["errors"][0]["pointer"] == "#/full_name"
    assert field.post(f"{address}nationality/", {"code": "XXA", "status": "claimed"}).status_code == 200
    assert ProtectionHold.objects.filter(person=person).count() == 1
    assert Migrant.objects.get().nationalities.count() == 2
