"""Acts over the API do what the same acts on the pages do, with the same audit, scope and refusals."""

from base64 import b64encode
from datetime import timedelta
from uuid import uuid4

import pytest

from common.models import AccessEntry, AuditEntry
from corridors.models import Approval, TransitCorridor
from migrants.models import ChildArrangement, Migrant
from notifications.models import Acknowledgement, Alert, Notice
from partners.enums import Role
from partners.models import Membership
from returns.models import CaseReadiness, Need, Pledge, ReturnCase
from tests.api.bodies import a_jpeg
from tests.api.conftest import CONTENT
from tests.cast import NOW

pytestmark = pytest.mark.django_db
A_LETTER = b64encode(a_jpeg()).decode()


def a_change(**other):
    way = {"crossing": "KZ-UZ-01", "from_country": "KAZ", "to_country": "UZB", "subject": "health_test"}
    source = {"certainty": "reported", "source_tier": "oral_post", "source_text": "the shift", "authority": "uz-border"}
    return {**way, **source, "content": CONTENT, "applies_from": "2020-10-01T09:00:00+05:00", **other}


def test_a_change_is_drafted_judged_and_published(ask, group, organisations):
    client = ask(Role.COORDINATOR)
    drafted = client.post("/api/v1/requirement-changes/", a_change())
    assert drafted.status_code == 201
    assert not Alert.objects.exists()
    change = f"/api/v1/requirement-changes/{drafted.json()['public_id']}"
    assert ask(Role.FIELD).get(f"{change}/").status_code == 404
    impact = client.get(f"{change}/impact/").json()
    assert {reached["organisation"] for reached in impact["told"]} == {"iom-kz", "kz-border", "tj-emb-uz"}
    published = client.post(f"{change}/publish/", {"fingerprint": impact["fingerprint"]})
    assert published.status_code == 200
    assert published.json()["published_number"] == 1
    assert Notice.objects.count() == 3
    assert ask(Role.FIELD).get(f"{change}/").status_code == 200
    again = client.post(f"{change}/publish/", {"fingerprint": impact["fingerprint"]})
    assert again.status_code == 409
    assert Notice.objects.count() == 3


def test_an_impact_that_has_moved_tells_nobody(ask, group, organisations):
    client = ask(Role.COORDINATOR)
    change = (
        f"/api/v1/requirement-changes/{client.post('/api/v1/requirement-changes/', a_change()).json()['public_id']}"
    )
    answer = client.post(f"{change}/publish/", {"fingerprint": "of another day"})
    assert answer.status_code == 409
    assert answer.json()["impact"]["fingerprint"] == client.get(f"{change}/impact/").json()["fingerprint"]
    assert not Alert.objects.exists()


def test_a_draft_that_was_overtaken_is_a_conflict_and_may_be_written_again(ask, group, organisations):
    client = ask(Role.COORDINATOR)
    first, second = (
        f"/api/v1/requirement-changes/{client.post('/api/v1/requirement-changes/', a_change()).json()['public_id']}"
        for _draft in range(2)
    )
    for change, expected in ((first, 200), (second, 409)):
        fingerprint = client.get(f"{change}/impact/").json()["fingerprint"]
        assert client.post(f"{change}/publish/", {"fingerprint": fingerprint}).status_code == expected
    anew = client.post(f"{second}/redraft/")
    assert (anew.status_code, anew.json()["replaces_number"]) == (201, 1)
    overlaps = client.get(f"/api/v1/requirement-changes/{anew.json()['public_id']}/impact/").json()["overlaps"]
    assert overlaps == ["Version 1, which begins at the same hour, is replaced."]


@pytest.mark.parametrize(
    ("other", "pointer"),
    [
        ({"crossing": "XX-1"}, "#/crossing"),
        ({"authority": "nobody"}, "#/authority"),
        ({"content": {"rule": {"magic": 1}}}, "#/content"),
        ({"content": 7}, "#/content"),
        ({"to_country": "TJK"}, "#/direction"),
        ({"applies_from": "1999-01-01T00:00:00Z"}, "#/applies_from"),
        ({"applies_until": "2020-10-01T08:00:00+05:00"}, "#/applies_until"),
        ({"source_text": " "}, "#/source_text"),
        ({"certainty": "sure"}, "#/certainty"),
    ],
)
def test_a_change_that_cannot_be_is_refused_at_its_place(ask, crossing, organisations, other, pointer):
    answer = ask(Role.COORDINATOR).post("/api/v1/requirement-changes/", a_change(**other))
    assert answer.status_code == 422, answer.json()
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


def test_a_partner_acknowledges_its_own_notice_and_no_other(ask, world, organisations):
    client, said = ask(Role.LIAISON), {"name": "Serik", "function": "shift leader", "action_confirmed": True}
    first = client.post("/api/v1/acknowledgements/", {"notice": str(world["notices"]), **said})
    assert first.status_code == 201
    assert first.json()["action_confirmed_at"]
    again = client.post("/api/v1/acknowledgements/", {"notice": str(world["notices"]), **said, "name": "Other"})
    assert (again.status_code, again.json()["name"]) == (200, "Serik")
    foreign = Notice.objects.get(organisation=organisations["iom-kz"])
    assert client.post("/api/v1/acknowledgements/", {"notice": str(foreign.public_id), **said}).status_code == 422


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"said_at": "2020-10-01T08:00:00Z"}, "said_at"),
        ({"reference": "call"}, "reference"),
        ({"answered_by": "phone"}, "answered_by"),
        ({"letter": A_LETTER}, "letter"),
    ],
)
def test_a_partner_cannot_give_its_own_answer_another_hour_or_way(ask, world, more, pointer):
    said = {"notice": str(world["notices"]), "name": "Serik", "function": "shift leader", **more}
    answer = ask(Role.LIAISON).post("/api/v1/acknowledgements/", said)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"#/{pointer}"
    assert not Acknowledgement.objects.filter(notice__public_id=world["notices"]).exists()


def test_an_answer_by_letter_comes_with_its_picture_which_only_colleagues_see(ask, world):
    client = ask(Role.COORDINATOR)
    said = {
        "notice": str(world["notices"]),
        "name": "Serik",
        "function": "lead",
        "answered_by": "letter",
        "reference": "7",
    }
    refused = client.post("/api/v1/acknowledgements/", {**said, "letter": b64encode(b"text").decode()})
    assert refused.json()["errors"][0]["pointer"] == "#/letter"
    assert not Acknowledgement.objects.filter(notice__public_id=world["notices"]).exists()
    answer = client.post("/api/v1/acknowledgements/", {**said, "letter": A_LETTER})
    assert (answer.status_code, answer.json()["has_letter"]) == (201, True)
    place = f"/api/v1/acknowledgements/{answer.json()['public_id']}/letter/"
    picture = client.get(place)
    assert (picture["Content-Type"], picture.content[:2]) == ("image/jpeg", b"\xff\xd8")
    assert ask(Role.LIAISON).get(place).status_code == 404


def test_the_letters_of_a_request_are_read_before_anybody_is_asked(ask, world):
    corridor = TransitCorridor.objects.get(public_id=world["corridors"])
    place, asked = f"/api/v1/corridors/{corridor.public_id}/letters/", Approval.objects.count()
    assert ask(Role.COORDINATOR).get(place).json() == [], "nobody can agree to a way without its hour"
    opens, closes = NOW + timedelta(hours=9), NOW + timedelta(hours=21)
    on_the_clock = {"opens_local": opens + timedelta(hours=5), "closes_local": closes + timedelta(hours=5)}
    corridor.versions.update(opens_at=opens, closes_at=closes, zone="Asia/Tashkent", **on_the_clock)
    found = ask(Role.COORDINATOR).get(place, {"answer_by": "2020-10-01T11:00:00Z"}).json()
    assert [item["language"] for item in found] == ["en", "ru", "tg", "uz"]
    assert all("16:00" in item["text"] for item in found)
    assert Approval.objects.count() == asked


def test_a_coordinator_writes_an_answer_down_on_behalf(ask, world):
    client, said = ask(Role.COORDINATOR), {"notice": str(world["notices"]), "name": "Serik", "function": "shift leader"}
    assert client.post("/api/v1/acknowledgements/", said).json()["errors"][0]["pointer"] == "#/answered_by"
    assert ask(Role.FIELD).post("/api/v1/acknowledgements/", {**said, "answered_by": "phone"}).status_code == 422
    answer = client.post("/api/v1/acknowledgements/", {**said, "answered_by": "phone"})
    assert answer.status_code == 201
    by = Acknowledgement.objects.get(public_id=answer.json()["public_id"]).by
    assert (by.on_behalf_of, by.recorded_by) == ("Serik, shift leader", "coordinator of iom-uz")


def test_a_notice_alone_carries_its_message(ask, world):
    assert "Zhibek Zholy" in ask(Role.LIAISON).get(f"/api/v1/notices/{world['notices']}/").json()["message"]["text"]


def a_person(group, **other):
    return {"group": str(group.public_id), "full_name": "Саидова Мадина", "birth_year": 1988, "sex": "F", **other}


def test_a_person_is_registered_with_a_case_that_is_judged(ask, group):
    document = {"kind": "passport", "number": "A 1234567", "issuer": "TJK", "expires_on": "2026-01-01"}
    answer = ask(Role.FIELD).post(
        "/api/v1/migrants/", a_person(group, nationalities=["TJK"], documents=[document], family_code="F1")
    )
    assert answer.status_code == 201, answer.json()
    assert "1234567" not in answer.content.decode()
    person = Migrant.objects.get()
    assert str(person.public_id) == answer.json()["public_id"]
    assert CaseReadiness.objects.filter(case__person=person).exists()
    assert AuditEntry.objects.filter(verb="person registered").count() == 1
    assert AccessEntry.objects.get().person == person.public_id


def test_a_likely_double_comes_back_as_a_conflict_until_somebody_says_otherwise(ask, group):
    client = ask(Role.FIELD)
    known = client.post("/api/v1/migrants/", a_person(group)).json()["public_id"]
    double = client.post("/api/v1/migrants/", a_person(group))
    assert double.status_code == 409
    assert double.json()["candidates"] == [known]
    assert Migrant.objects.count() == 1
    assert client.post("/api/v1/migrants/", a_person(group, although_similar=True)).status_code == 201


def test_a_repeated_registration_is_done_once_and_seen_twice(ask, group):
    client = ask(Role.FIELD)
    first, again = (
        client.post("/api/v1/migrants/", a_person(group), headers={"Idempotency-Key": "r"}) for _time in range(2)
    )
    assert first.json() == again.json()
    assert Migrant.objects.count() == ReturnCase.objects.count() == 1
    assert AccessEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("other", "pointer"),
    [
        ({"full_name": "  "}, "#/full_name"),
        ({"birth_month": 13}, "#/birth_month"),
        ({"birth_year": 2199}, "#/birth_year"),
        ({"nationalities": ["ZZZ"]}, "#/nationalities"),
        ({"documents": [{"kind": "library card"}]}, "#/documents/0/kind"),
        ({"documents": [{"kind": "passport", "expires_on": "31.02.1990"}]}, "#/documents/0/expires_on"),
        ({"group": str(uuid4())}, "#/group"),
        ({"protection": "yes"}, "#/protection"),
    ],
)
def test_a_person_who_cannot_be_stored_is_refused_at_the_place(ask, group, other, pointer):
    answer = ask(Role.FIELD).post("/api/v1/migrants/", a_person(group) | other)
    assert answer.status_code == 422, answer.json()
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert not Migrant.objects.exists()


def test_documents_tests_and_consents_are_recorded_and_the_case_is_judged_anew(ask, world):
    client, person = ask(Role.FIELD), str(world["migrants"])
    readiness = CaseReadiness.objects.filter(case__person__public_id=person)
    judged = readiness.get().findings["consent_form"]
    document = {"person": person, "kind": "emergency", "number": "E 77", "replaces": str(world["documents"])}
    test = {"person": person, "kind": "rapid", "result": "negative", "sampled_at": "2020-10-01T07:00:00+06:00"}
    consent = {"person": person, "purpose": "return", "answer": "yes", "how": "written", "language": "tg"}
    recorded = client.post("/api/v1/documents/", document)
    assert recorded.status_code == 201
    assert "number" not in recorded.json()
    assert client.post("/api/v1/health-tests/", test).status_code == 201
    assert (
        client.post("/api/v1/consents/", {**consent, "form_signed": True, "form_reference": "folder 3"}).status_code
        == 201
    )
    assert readiness.get().findings["consent_form"] != judged
    late = client.post("/api/v1/health-tests/", {**test, "sampled_at": "2020-11-01T07:00:00+06:00"})
    assert late.json()["errors"][0]["pointer"] == "#/sampled_at"
    nobody = client.post("/api/v1/consents/", {**consent, "purpose": "consulate"})
    assert nobody.json()["errors"][0]["pointer"] == "#/recipient"


def test_an_answer_says_what_may_be_shown_and_is_taken_back_with_what_follows(ask, world):
    client, person = ask(Role.FIELD), str(world["migrants"])
    told = {"person": person, "answer": "yes", "how": "oral", "language": "tg"}
    consulate = told | {"purpose": "consulate", "recipient": "tj-emb-uz"}
    for changed, pointer in (
        ({"categories": ["journey"]}, "#/categories"),
        ({"how": "proxy"}, "#/given_by"),
        ({"how": "implicit"}, "#/how"),
        ({"expires_at": "2020-09-01T00:00:00Z"}, "#/expires_at"),
    ):
        refused = client.post("/api/v1/consents/", consulate | changed)
        assert refused.json()["errors"][0]["pointer"] == pointer
    shown = client.post("/api/v1/consents/", consulate | {"categories": ["identity", "journey"]})
    assert (shown.status_code, shown.json()["categories"]) == (201, ["identity", "journey"])

    own = client.post("/api/v1/consents/", told | {"purpose": "return"}).json()["public_id"]
    taken = client.post(f"/api/v1/consents/{own}/withdraw/")
    assert taken.status_code == 200, taken.json()
    assert taken.json()["withdrawn_at"]
    assert ReturnCase.objects.filter(person__public_id=person, outcome="changed_mind").exists()


def test_a_correction_keeps_what_stood_and_refuses_what_somebody_else_has_moved(ask, world):
    client, address = ask(Role.FIELD), f"/api/v1/migrants/{world['migrants']}/"
    stood = client.get(address).json()
    right = {
        "fingerprint": stood["fingerprint"],
        "full_name": "Саидзода Мадина",
        "name_was": "former",
        "birth_year": 1991,
    }
    answer = client.post(f"{address}correct/", right)
    assert answer.status_code == 200, answer.json()
    assert (answer.json()["full_name"], answer.json()["latin_name"]) == ("Саидзода Мадина", "Saidzoda Madina")
    former = {"full_name": stood["full_name"], "kind": "former", "valid_from": None, "valid_until": None}
    assert former in answer.json()["names"]
    assert [claim["birth_year"] for claim in answer.json()["earlier_claims"]] == [stood["birth_year"]]
    assert client.post(f"{address}correct/", right).status_code == 409
    wrong = right | {"fingerprint": answer.json()["fingerprint"], "birth_month": 2, "birth_day": 31}
    assert client.post(f"{address}correct/", wrong).json()["errors"][0]["pointer"] == "#/birth_day"


def test_a_child_is_said_to_be_separated_and_its_case_is_judged_anew(ask, world):
    ChildArrangement.objects.all().delete()
    Migrant.objects.update(birth_year=2005)
    answer = ask(Role.FIELD).post(f"/api/v1/migrants/{world['migrants']}/company/", {"alone": "separated"})
    assert (answer.status_code, answer.json()["alone"]) == (200, "separated")
    readiness = CaseReadiness.objects.get(case__person__public_id=world["migrants"])
    assert readiness.findings["child_arranged"] == "missing"


def test_nothing_is_entered_for_somebody_out_of_reach(ask, world, accounts):
    Membership.objects.filter(user=accounts[Role.FIELD]).update(crossings=["KZ-KG-01"])
    client, person = ask(Role.FIELD), str(world["migrants"])
    test = {"person": person, "kind": "rapid", "result": "negative", "sampled_at": "2020-10-01T07:00:00+06:00"}
    answer = client.post("/api/v1/health-tests/", test)
    assert answer.json()["errors"][0]["pointer"] == "#/person"


def test_money_is_asked_for_and_promised(ask, group, organisations):
    client = ask(Role.PROGRAMME)
    need = {"group": str(group.public_id), "kind": "tests", "quantity": 94, "unit_price": "20.00", "currency": "USD"}
    asked = client.post("/api/v1/needs/", need)
    assert (asked.status_code, asked.json()["gap"]["open"]) == (201, "1880.00")
    promise = {
        "need": asked.json()["public_id"], "donor": "iom-uz", "amount": "1000", "currency": "EUR", "rate": "1.17",
        "pledged_on": "2020-09-30", "correspondence": "what the donor wrote",
    }  # fmt: skip
    pledged = client.post("/api/v1/pledges/", promise)
    assert pledged.status_code == 201, pledged.json()
    assert "donor wrote" not in pledged.content.decode()
    assert client.get(f"/api/v1/needs/{promise['need']}/").json()["gap"]["open"] == "710.00"
    for other, pointer in (
        ({"rate": "0"}, "#/rate"),
        ({"donor": "nobody"}, "#/donor"),
        ({"amount": "1e3"}, "#/amount"),
    ):
        answer = client.post("/api/v1/pledges/", promise | other)
        assert answer.json()["errors"][0]["pointer"] == pointer
    assert (Need.objects.count(), Pledge.objects.count()) == (1, 1)
