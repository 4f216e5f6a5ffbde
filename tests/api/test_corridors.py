"""A corridor over the API: named, worded, asked about, decided by its party, suspended."""

import base64

import pytest

from corridors.models import Approval, CorridorVersion, DecisionScan, Requirement
from partners.enums import Role
from tests.cast import COMMAND, PANJ, make_crossing
from tests.corridors.conftest import oybek
from tests.notifications.test_written_down import letter

__all__ = ["oybek"]
pytestmark = pytest.mark.django_db
WAY = {
    "code": "ZZ-OYBEK", "name": "To Oybek", "entry": "KZ-UZ-01", "exit": "UZ-TJ-01", "from_country": "KAZ",
    "transit_country": "UZB", "to_country": "TJK",
}  # fmt: skip
WINDOW = {"opens_local": "2020-10-02T06:00", "closes_local": "2020-10-02T10:00", "zone": "Asia/Tashkent"}
WORDING = {
    "longest_transit_minutes": 240, "conditions": ["no stop"], "head_count_cap": 102, "requested_by": "tj-emb-uz",
    "document_reference": "Note 7", "window": WINDOW,
}  # fmt: skip
ASKED = {"parties": ["kz-border", "uz-border"], "answer_by": "2020-10-01T16:00:00+05:00"}


@pytest.fixture
def coordinator(ask, crossing, oybek):
    return ask(Role.COORDINATOR)


@pytest.fixture
def corridor(coordinator):
    """The address of a corridor that lies before two parties."""
    address = f"/api/v1/corridors/{coordinator.post('/api/v1/corridors/', WAY).json()['public_id']}/"
    assert coordinator.post(f"{address}versions/", WORDING, format="json").status_code == 201
    assert coordinator.post(f"{address}ask/", ASKED, format="json").status_code == 200
    return address


def standing(client, corridor):
    return client.get(corridor).json()["versions"][-1]["standing"]


def decide(client, code, **said):
    approval = Approval.objects.get(organisation__code=code)
    body = {"answer": "approved", "name": "A", "function": "officer", **said}
    return client.post(f"/api/v1/approvals/{approval.public_id}/decide/", body, format="json")


def test_a_corridor_is_open_when_its_parties_have_approved(ask, coordinator, corridor):
    assert [held["organisation"] for held in standing(coordinator, corridor)["held_up_by"]] == [
        "kz-border",
        "uz-border",
    ]
    assert decide(ask(Role.LIAISON), "kz-border").status_code == 200
    assert decide(coordinator, "uz-border").status_code == 422
    phone = {"decided_how": "phone", "reference": "call of 10:05"}
    assert "never one person" in decide(coordinator, "uz-border", **phone).json()["detail"]
    CorridorVersion.objects.update(made_by=COMMAND)
    Approval.objects.filter(state="asked").update(asked_by=COMMAND)
    own = {"head_count_cap": 60, "opens_at": "2020-10-02T07:00:00+05:00"}
    by_phone = decide(coordinator, "uz-border", answer="conditional", **phone, **own)
    assert by_phone.json()["by"] == "A, officer"
    stands = standing(coordinator, corridor)
    assert (stands["state"], stands["approved"], stands["required"], stands["needed"]) == ("open", 2, 2, 2)
    assert (stands["terms"]["head_count_cap"], stands["terms"]["opens_at"]) == (60, "2020-10-02T02:00:00Z")


def test_a_second_decision_is_refused(ask, corridor):
    liaison = ask(Role.LIAISON)
    assert decide(liaison, "kz-border").status_code == 200
    again = decide(liaison, "kz-border", answer="rejected", note="no")
    assert again.status_code == 422
    assert "first decision stands" in again.json()["detail"]


def test_the_request_of_another_party_is_not_there(ask, corridor):
    assert decide(ask(Role.LIAISON), "uz-border").status_code == 404


def test_a_corridor_is_suspended_and_resumed(coordinator, corridor):
    assert coordinator.post(f"{corridor}suspend/", {"reason": "no escort"}).status_code == 200
    assert standing(coordinator, corridor)["state"] == "suspended"
    assert coordinator.post(f"{corridor}suspend/", {"reason": "again"}).status_code == 422
    assert coordinator.post(f"{corridor}resume/", {"reason": "it is back"}).status_code == 200
    assert standing(coordinator, corridor)["state"] == "awaiting"


def test_a_window_that_cannot_be_names_its_place(coordinator, corridor):
    window = {**WINDOW, "closes_local": "2020-10-02T05:00"}
    refused = coordinator.post(f"{corridor}versions/", {**WORDING, "window": window}, format="json")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "#/closes_local"


def test_conditions_from_the_list_are_taken_and_given(coordinator, corridor):
    listed = {"fuel_only": "Chinaz", "sealed": ""}
    said = {**WORDING, "listed": listed, "evidence": ["tests"]}
    newest = coordinator.post(f"{corridor}versions/", said, format="json").json()["versions"][-1]
    assert (newest["listed"], newest["evidence"]) == (listed, ["tests"])
    assert newest["standing"]["terms"]["listed"] == ["sealed", "fuel_only"]
    refused = coordinator.post(f"{corridor}versions/", {**said, "listed": {"fuel_only": ""}}, format="json")
    assert (refused.status_code, "where fuel" in str(refused.json())) == (422, True)


def test_the_letter_of_a_party_comes_in_base64(coordinator, corridor):
    CorridorVersion.objects.update(made_by=COMMAND)
    Approval.objects.update(asked_by=COMMAND)
    said = {"decided_how": "letter", "reference": "KZ 77/3"}
    refused = decide(coordinator, "uz-border", **said, scan="no letter")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "#/scan"
    content = base64.b64encode(letter().read()).decode()
    assert decide(coordinator, "uz-border", **said, scan=content).status_code == 200
    assert DecisionScan.objects.get(approval__state="approved")


def test_a_chain_of_legs_and_days_and_hours_are_said_and_read(coordinator, organisations):
    panj = make_crossing(*PANJ)
    way = WAY | {"code": "ZZ-AF", "exit": panj.code, "further_countries": ["TJK"], "to_country": "AFG"}
    address = f"/api/v1/corridors/{coordinator.post('/api/v1/corridors/', way, format='json').json()['public_id']}/"
    hours = [{"days": ["thu", "tue"], "opens": "06:00", "closes": "12:00"}]
    window = {**WINDOW, "closes_local": "2020-10-15T00:00", "hours": hours}
    said = {name: value for name, value in WORDING.items() if name != "longest_transit_minutes"} | {"window": window}
    assert coordinator.post(f"{address}versions/", said, format="json").status_code == 422
    legs = [
        {"country": "UZB", "entry": "KZ-UZ-01", "exit": "UZ-TJ-01", "longest_transit_minutes": 240},
        {"country": "TJK", "entry": "UZ-TJ-01", "exit": "TJ-AF-01", "longest_transit_minutes": 540},
    ]
    made = coordinator.post(f"{address}versions/", said | {"legs": legs}, format="json")
    assert made.status_code == 201, made.content
    version = made.json()["versions"][0]
    assert version["longest_transit_minutes"] == 780
    assert [leg["country"] for leg in version["legs"]] == ["UZB", "TJK"]
    assert version["hours"] == [{"days": ["tue", "thu"], "opens": "06:00", "closes": "12:00"}]
    assert made.json()["further_countries"] == ["TJK"]


def test_what_an_authority_waives_is_said_and_read(coordinator, crossing):
    line = Requirement.objects.create(crossing=crossing, from_country="KAZ", to_country="UZB", subject="health_test")
    address = f"/api/v1/corridors/{coordinator.post('/api/v1/corridors/', WAY).json()['public_id']}/versions/"
    waived = {"requirement": str(line.public_id), "authority": "uz-border", "reference": "order 12"}
    refused = coordinator.post(address, WORDING | {"waivers": [waived | {"authority": "nobody"}]}, format="json")
    assert refused.status_code == 422
    made = coordinator.post(address, WORDING | {"waivers": [waived]}, format="json")
    assert made.status_code == 201, made.content
    (shown,) = made.json()["versions"][0]["waivers"]
    assert (shown["authority"], shown["reference"]) == ("uz-border", "order 12")
    assert shown["valid_until"] == made.json()["versions"][0]["closes_at"]
