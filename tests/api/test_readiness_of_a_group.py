"""A group's matrix with its bill over the API: the same calls as on the page."""

from base64 import b64decode
from uuid import uuid4

import pytest

from corridors.models import Requirement, RequirementVersion
from partners.enums import Role
from returns import cases
from returns.models import GroupTold, Need
from tests.api.conftest import person_in
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(ask):
    return ask(Role.COORDINATOR)


def test_the_matrix_of_a_group_comes_with_evidence_bill_and_sampling(coordinator, world):
    said = coordinator.get(f"/api/v1/groups/{world['groups']}/readiness/").json()
    (column,) = [each for each in said["columns"] if each["number"] == 1]
    (person,) = [each for each in said["people"] if each["person"] == str(world["migrants"])]
    cell = next(each for each in person["cells"] if each["key"] == column["key"])
    assert cell["verdict"] == "met"
    assert "negative test" in cell["whole"]
    assert {"ready", "total", "bill", "cost", "sampling", "judged_for"} <= set(said)


def test_it_is_read_by_whoever_sees_people(ask, world):
    told = {role: ask(role).get(f"/api/v1/groups/{world['groups']}/readiness/").status_code for role in Role.values}
    assert {role for role, status in told.items() if status == 200} == {Role.FIELD, Role.COORDINATOR, Role.PROTECTION}
    assert set(told.values()) == {200, 404}


def test_one_paper_excuses_several_cases_and_is_taken_back(coordinator, ask, world, group):
    more = cases.open_cases(people=[person_in(group, 2)], by=COMMAND, at=NOW)[0]
    paper = {
        "requirement": str(world["requirements"]), "authority": "uz-border", "reference": "note 9",
        "valid_until": "2020-10-30T09:00:00+05:00",
    }  # fmt: skip
    both = [str(world["cases"]), str(more.public_id)]
    assert coordinator.post("/api/v1/waivers/", {**paper, "cases": [*both, str(uuid4())]}).status_code == 422
    answer = coordinator.post("/api/v1/waivers/", {**paper, "cases": both})
    assert answer.status_code == 201
    assert {row["case"] for row in answer.json()["waivers"]} == set(both)
    assert verdicts(coordinator, group) == ["waived", "waived"]
    ended = coordinator.post(
        f"/api/v1/waivers/{answer.json()['waivers'][0]['public_id']}/withdraw/", {"why": "taken back"}
    )
    assert ended.status_code == 200
    assert sorted(verdicts(coordinator, group)) == ["met", "waived"]
    found = coordinator.get("/api/v1/waivers/", {"requirement": world["requirements"]}).json()["results"]
    assert {row["reference"] for row in found} == {"note 9"}
    assert ask(Role.FIELD).post("/api/v1/waivers/", {**paper, "cases": both}).status_code == 404


def test_a_group_is_planned_told_and_what_it_lacks_is_bought_over_the_api(coordinator, world, group, organisations):
    here = f"/api/v1/groups/{group.public_id}"
    pace = {"laboratory": "Laboratory", "an_hour": 40, "result_minutes": 240, "opens": "08:00", "closes": "20:00"}
    early = coordinator.post(f"{here}/pace/", pace)
    assert (early.status_code, early.json()["errors"][0]["pointer"]) == (422, "#/laboratory")
    agreed = coordinator.post(
        f"{here}/plan/", {"local_time": "2020-10-02T06:00", "zone": "Asia/Tashkent", "queue_minutes": 70}
    )
    assert agreed.status_code == 201
    assert (agreed.json()["cross_at"], agreed.json()["queue_minutes"]) == ("2020-10-02T01:00:00Z", 90)
    assert coordinator.get(f"{here}/readiness/").json()["judged_for"] == "2020-10-02T01:00:00Z"
    there = coordinator.post(f"{here}/plan/", {"local_time": "2020-10-02T06:00", "zone": "Europe/Berlin"})
    assert there.status_code == 422
    assert coordinator.post(f"{here}/pace/", pace).json()["tests_an_hour"] == 40
    version = a_price(world, organisations)
    asked = [coordinator.post(f"{here}/ask/", {"version": str(version.public_id)}) for _twice in range(2)]
    assert [answer.status_code for answer in asked] == [201, 201]
    assert (
        asked[0].json()["public_id"] == asked[1].json()["public_id"] == str(Need.objects.get(unit_price=30).public_id)
    )
    file = coordinator.post(f"{here}/shopping/", {"kind": "csv"}).json()
    assert b"30" in b64decode(file["content"])
    heard = coordinator.post(f"{here}/told/", {"languages": ["ru", "tg"], "people_told": 90})
    assert heard.status_code == 201
    assert GroupTold.objects.get().languages == ["tg", "ru"]
    assert coordinator.post(f"{here}/told/", {"languages": [], "people_told": 90}).status_code == 422


def test_an_authority_excuses_a_whole_group_over_the_api_and_takes_it_back(coordinator, world, group):
    here = f"/api/v1/groups/{group.public_id}"
    paper = {
        "requirement": str(world["requirements"]), "authority": "uz-border", "reference": "note 9",
        "valid_until": "2020-10-30T09:00:00+05:00",
    }  # fmt: skip
    cases.open_cases(people=[person_in(group, 2)], by=COMMAND, at=NOW)
    waived = coordinator.post(f"{here}/waive/", paper)
    assert waived.status_code == 201
    assert verdicts(coordinator, group) == ["waived", "waived"]
    end = {"waiver": waived.json()["public_id"], "why": "taken back"}
    assert coordinator.post(f"{here}/end-waiver/", end).status_code == 201
    assert verdicts(coordinator, group) == ["met", "met"]
    assert coordinator.post(f"{here}/end-waiver/", end).status_code == 422


def a_price(world, organisations):
    """A second line at the same crossing, which nobody meets and which costs something."""
    first = Requirement.objects.get(public_id=world["requirements"])
    line = Requirement.objects.create(
        crossing=first.crossing, from_country="KAZ", to_country="UZB", subject="guarantee_letter"
    )
    standing = first.versions.get()
    return RequirementVersion.objects.create(
        requirement=line, number=1, certainty="confirmed", source_tier="written", source_text="letter", zone="Asia/Tashkent",
        content={
            "rule": {"guarantee_letter": {}}, "price": {"amount": "30", "currency": "USD", "per": "person"},
        },
        authority=organisations["uz-border"], applies=standing.applies, known=standing.known, entered_at=standing.entered_at,
        entered_by=COMMAND,
    )  # fmt: skip


def verdicts(client, group):
    """What is said of each person's test."""
    said = client.get(f"/api/v1/groups/{group.public_id}/readiness/").json()
    (column,) = [each for each in said["columns"] if each["number"] == 1]
    cells = [cell for person in said["people"] for cell in person["cells"]]
    return [cell["verdict"] for cell in cells if cell["key"] == column["key"]]
