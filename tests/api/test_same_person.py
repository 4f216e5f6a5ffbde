"""Records that may be one person, passports that are read, and who is shown to whom, over the API."""

from __future__ import annotations

import pytest

from common.models import AccessEntry
from migrants import consents, protection
from migrants.identity import offer_pairs
from migrants.models import Disclosure, DuplicatePair, Merge, Migrant
from migrants.registration import register_many
from partners.enums import Role
from tests.api.bodies import LINES
from tests.cast import COMMAND, NOW
from tests.migrants.test_merging import CYRILLIC, LATIN

pytestmark = pytest.mark.django_db
MEN = (CYRILLIC, LATIN)


@pytest.fixture
def men(group) -> list[Migrant]:
    people = register_many(group=group, mission=group.mission, entries=MEN, by=COMMAND, at=NOW)
    offer_pairs(people=people, within=Migrant.objects.living_records(), by=COMMAND, at=NOW)
    return people


def test_a_pair_is_read_with_its_reasons_decided_and_undone(men, ask):
    client = ask(Role.FIELD)
    [pair] = client.get("/api/v1/pairs/?state=open").json()["results"]
    assert {pair["first"], pair["second"]} == {str(person.public_id) for person in men}
    assert all(reason["sentence"] for reason in pair["reasons"])
    assert set(AccessEntry.objects.values_list("person", flat=True)) == {person.public_id for person in men}

    keep = str(men[1].public_id)
    decided = client.post(f"/api/v1/pairs/{pair['public_id']}/decide/", {"decision": "same", "keep": keep}).json()
    merge = Merge.objects.get()
    assert (decided["state"], decided["merge"], merge.kept) == ("same", str(merge.public_id), men[1])
    undone = client.post(f"/api/v1/merges/{merge.public_id}/undo/", {"why": "two brothers"})
    assert undone.json()["undone_at"]
    assert DuplicatePair.objects.get().state == "open"


def test_what_was_decided_otherwise_meanwhile_is_a_conflict(men, ask):
    pair, client = DuplicatePair.objects.get(), ask(Role.FIELD)
    client.post(f"/api/v1/pairs/{pair.public_id}/decide/", {"decision": "same"})
    answer = client.post(f"/api/v1/pairs/{pair.public_id}/decide/", {"decision": "different"})

    assert answer.status_code == 409
    assert "Undo the merge first" in answer.json()["detail"]


def test_only_one_of_the_two_can_be_kept(men, ask, group):
    other = register_many(group=group, mission=group.mission, entries=MEN[:1], by=COMMAND, at=NOW)[0]
    address = f"/api/v1/pairs/{DuplicatePair.objects.get().public_id}/decide/"
    answer = ask(Role.FIELD).post(address, {"decision": "same", "keep": str(other.public_id)})

    assert [error["pointer"] for error in answer.json()["errors"]] == ["#/keep"]


def test_a_family_is_linked_led_and_left_by_reference_and_never_by_surname(men, ask, group):
    client, both = ask(Role.FIELD), [str(person.public_id) for person in men]
    family = client.post("/api/v1/families/", {"group": str(group.public_id), "code": "F1", "people": both}).json()
    address = f"/api/v1/families/{family['public_id']}"
    led = client.post(f"{address}/lead/", {"person": both[0]}).json()
    assert (led["people"], led["head"]) == (both, both[0])
    left = client.post(f"{address}/leave/", {"people": both[:1]}).json()

    assert (left["people"], left["head"]) == (both[1:], None)
    assert client.post(f"{address}/leave/", {"people": both[:1]}).status_code == 422


def test_a_passport_is_read_into_a_body_that_registers(ask, group):
    client = ask(Role.FIELD)
    read = client.post("/api/v1/migrants/passport/", {"lines": LINES}).json()
    assert (read["kind"], read["problems"]) == ("TD3", [])
    assert not Migrant.objects.exists()
    made = client.post("/api/v1/migrants/", {**read["person"], "group": str(group.public_id)})

    assert made.status_code == 201, made.json()
    person = Migrant.objects.get()
    assert (person.full_name, person.birth_year) == ("ERIKSSON ANNA MARIA", 1974)
    assert person.documents.get().number == "L898902C3"


def test_a_check_digit_that_does_not_fit_is_named_and_no_person_is_given(ask):
    read = ask(Role.FIELD).post("/api/v1/migrants/passport/", {"lines": LINES.replace("7408122", "7408132")}).json()

    assert read["person"] is None
    assert {problem["field"] for problem in read["problems"]} == {"birth_date", "composite"}


def test_whoever_agreed_is_shown_and_whoever_is_held_is_left_out_without_a_word(men, ask, group, organisations):
    embassy = organisations["tj-emb-uz"]
    agreed = {"purpose": "consulate", "recipient": embassy, "answer": "yes", "how": "written", "language": "tg"}
    consents.record_consent(people=men, by=COMMAND, at=NOW, **agreed)
    protection.set_hold(person=men[1], reason="fear", by=COMMAND, at=NOW)
    answer = ask(Role.FIELD).post("/api/v1/disclosures/", {"group": str(group.public_id), "recipient": embassy.code})

    assert answer.status_code == 200
    assert [row["person"] for row in answer.json()] == [str(men[0].public_id)]
    assert Disclosure.objects.get().recipient == embassy
    answer = ask(Role.FIELD).get(f"/api/v1/consents/{men[0].consents.get().public_id}/effect/")
    assert answer.json() == {"recipients": [embassy.code], "seats": [], "closes_case": False, "has_left": False}
