"""A group's matrix with its bill over the API: the same calls as on the page."""

from uuid import uuid4

import pytest

from partners.enums import Role
from returns import cases
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


@pytest.mark.parametrize("role", Role.values)
def test_it_is_read_by_whoever_sees_people(role, ask, world):
    allowed = role in (Role.FIELD, Role.COORDINATOR, Role.PROTECTION)
    answer = ask(role).get(f"/api/v1/groups/{world['groups']}/readiness/")
    assert answer.status_code == (200 if allowed else 404)


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


def verdicts(client, group):
    """What is said of each person's test."""
    said = client.get(f"/api/v1/groups/{group.public_id}/readiness/").json()
    (column,) = [each for each in said["columns"] if each["number"] == 1]
    cells = [cell for person in said["people"] for cell in person["cells"]]
    return [cell["verdict"] for cell in cells if cell["key"] == column["key"]]
