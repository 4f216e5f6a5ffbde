"""Word from the barrier over the API, as a phone sends it when there is network again, and rules of a whole border."""

import base64
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from corridors.models import BarrierReport, RequirementDraft
from partners.enums import Role
from partners.models import Membership
from tests.api.conftest import CONTENT
from tests.cast import NOW
from tests.support.letters import letter

pytestmark = pytest.mark.django_db
REPORTS = "/api/v1/barrier-reports/"
CHANGES = "/api/v1/requirement-changes/"


def said(**changes):
    way = {"crossing": "KZ-UZ-01", "from_country": "KAZ", "to_country": "UZB"}
    return {"public_id": str(uuid4()), **way, "subject": "opening", "sentence": "They close at noon."} | changes


def photograph():
    made = BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "PNG")
    return base64.b64encode(made.getvalue()).decode()


def test_what_a_phone_sends_twice_is_stored_once_and_other_words_under_its_id_are_a_conflict(ask, group):
    client, sent = ask(Role.FIELD), said(photograph=photograph(), latitude="41.47590", longitude="69.16940")
    statuses = [client.post(REPORTS, sent).status_code for _ in range(2)]

    assert statuses == [201, 200]
    assert client.post(REPORTS, sent | {"sentence": "Open again."}).status_code == 409
    row = BarrierReport.objects.get()
    assert (row.width, row.height, str(row.latitude)) == (40, 30, "41.47590")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sentence": ""}, "sentence"),
        ({"photograph": "no picture"}, "photograph"),
        ({"photograph": base64.b64encode(b"no picture").decode()}, "photograph"),
        ({"to_country": "TJK"}, "crossing"),
        ({"crossing": "XX-01"}, "crossing"),
        ({"latitude": "41.4"}, "longitude"),
        ({"seen_at": "2030-01-01T00:00:00Z"}, "seen_at"),
    ],
    ids=["nothing", "no base64", "no picture", "another border", "no crossing", "half a position", "ahead"],
)
def test_what_cannot_be_taken_names_its_field(ask, group, changes, field):
    answer = ask(Role.FIELD).post(REPORTS, said(**changes))

    assert answer.status_code == 422
    assert field in str(answer.json()["errors"])
    assert not BarrierReport.objects.exists()


def test_others_hear_the_same_and_a_coordinator_sets_it_aside_with_a_reason(ask, group):
    field, coordinator = ask(Role.FIELD), ask(Role.COORDINATOR)
    report = f"{REPORTS}{field.post(REPORTS, said()).json()['public_id']}/"

    assert field.post(f"{report}corroborate/").status_code == 422, "one's own"
    assert coordinator.post(f"{report}corroborate/").json()["others"] == 1
    assert coordinator.post(f"{report}set-aside/", {"reason": "denied"}).json()["state"] == "set_aside"
    assert coordinator.post(f"{report}set-aside/", {"reason": "again"}).status_code == 422
    assert field.post(f"{report}set-aside/", {"reason": "denied"}).status_code == 404


def test_whoever_is_narrowed_to_another_crossing_reads_and_writes_none_of_it(ask, group):
    ask(Role.COORDINATOR).post(REPORTS, said())
    Membership.objects.filter(role=Role.FIELD).update(crossings=["KZ-UZ-99"])
    field = ask(Role.FIELD)

    assert field.get(REPORTS).json()["results"] == []
    assert field.post(REPORTS, said()).status_code == 422


def test_a_change_takes_a_report_up_and_may_hold_at_every_crossing(ask, group, organisations):
    coordinator = ask(Role.COORDINATOR)
    report = coordinator.post(REPORTS, said()).json()["public_id"]
    change = {
        "from_country": "KAZ", "to_country": "UZB", "mode": "bus", "subject": "health_test", "content": CONTENT,
        "certainty": "reported", "source_tier": "oral_post", "source_text": "the shift", "authority": "uz-border",
        "applies_from": NOW.isoformat(), "report": report,
    }  # fmt: skip
    answer = coordinator.post(CHANGES, change)

    assert answer.status_code == 201
    assert (answer.json()["crossing"], answer.json()["mode"]) == (None, "bus")
    assert BarrierReport.objects.get().draft == RequirementDraft.objects.get()
    assert coordinator.get(f"{CHANGES}{answer.json()['public_id']}/impact/").status_code == 200
    assert coordinator.post(CHANGES, change).status_code == 422, "it was taken up already"


def test_a_letter_is_attached_page_by_page_and_read_by_whoever_reads_the_ledger(ask, world):
    line = f"/api/v1/requirements/{world['requirements']}/"
    sent = {"version": 1, "kind": "letter", "content": base64.b64encode(letter(2)).decode(), "caption": "Order 12"}
    coordinator, field = ask(Role.COORDINATOR), ask(Role.FIELD)

    assert field.post(f"{line}attach/", sent).status_code == 404
    assert coordinator.post(f"{line}attach/", sent | {"version": 99}).status_code == 422
    assert coordinator.post(f"{line}attach/", sent | {"content": "no paper"}).status_code == 422
    assert coordinator.post(f"{line}attach/", sent).status_code == 201
    assert [paper["caption"] for paper in field.get(f"{line}papers/").json()] == ["Order 12 1/2", "Order 12 2/2"]
