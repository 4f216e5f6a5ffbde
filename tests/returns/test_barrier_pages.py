"""The phone page of the barrier, what coordinators see of it, and the pictures of papers on the ledger page."""

import base64
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from common import clock
from corridors.models import Attachment, BarrierReport, Requirement, RequirementDraft
from partners.enums import Role
from tests.cast import NOW
from tests.returns.conftest import TEST_RULE
from tests.returns.test_change_pages import what_was_said
from tests.support.letters import letter

pytestmark = pytest.mark.django_db
SAID = "From noon they want a negative test."


@pytest.fixture(autouse=True)
def at_nine(db):
    clock.set_to(NOW)


def photograph():
    made = BytesIO()
    Image.new("RGB", (60, 40), "white").save(made, "JPEG")
    return SimpleUploadedFile("notice.jpg", made.getvalue(), "image/jpeg")


def say(client, **changes):
    given = {"client_id": uuid4(), "way": "KZ-UZ-01:KAZ:UZB", "subject": "health_test", "sentence": SAID}
    return client.post(reverse("returns:barrier_report_new"), given | changes)


@pytest.fixture
def reported(sign_in, group):
    say(sign_in(Role.FIELD), photograph=photograph())
    return BarrierReport.objects.get()


def test_three_taps_and_a_sentence_stand_on_the_board_at_once(sign_in, group):
    coordinator = sign_in(Role.COORDINATOR)
    before = coordinator.get(reverse("returns:board_panel"))["ETag"]
    assert say(sign_in(Role.FIELD)).status_code == 302

    panel = coordinator.get(reverse("returns:board_panel"), headers={"If-None-Match": before})
    assert panel.status_code == 200
    assert SAID in panel.content.decode()
    assert SAID in coordinator.get(reverse("returns:barrier_reports")).content.decode()


def test_the_photograph_is_drawn_anew_and_shown_to_staff_alone(sign_in, client, reported):
    address = reverse("returns:barrier_photograph", args=[reported.public_id])
    answer = sign_in(Role.COORDINATOR).get(address)

    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/jpeg", "private, no-store")
    assert Image.open(BytesIO(answer.content)).size == (60, 40)
    assert sign_in(Role.LIAISON).get(address).status_code == 404


def test_nothing_said_is_refused_with_its_remedy(sign_in, group):
    answer = say(sign_in(Role.FIELD), sentence="")

    assert answer.status_code == 422
    assert "Write one sentence, or take a photograph of the notice." in answer.content.decode()


def test_what_a_device_kept_without_network_is_stored_once_with_the_hour_at_which_it_was_said(sign_in, group):
    client, earlier = sign_in(Role.FIELD), NOW - timedelta(hours=5)
    said = {
        "client_id": str(uuid4()), "counted_at": earlier.isoformat(), "way": "KZ-UZ-01:KAZ:UZB", "subject": "",
        "sentence": "", "photograph": base64.b64encode(photograph().read()).decode(),
    }  # fmt: skip
    answers = [client.post(reverse("returns:barrier_report_new"), said, "application/json") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 200]
    row = BarrierReport.objects.get()
    assert (row.seen_at, row.width) == (earlier, 60)
    assert row.recorded_at >= NOW
    assert answers[0].json()["client_id"] == str(row.public_id)


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"sentence": ""}, 422, "sentence"),
        ({"photograph": "no picture"}, 422, "photograph"),
        ({"way": "XX:KAZ:UZB"}, 422, "way"),
        ({"counted_at": "yesterday"}, 422, "seen_at"),
        ([], 400, "__all__"),
    ],
)
def test_what_a_device_sends_and_cannot_be_taken_comes_back_with_its_sentence(sign_in, group, changes, status, field):
    said = {"client_id": str(uuid4()), "way": "KZ-UZ-01:KAZ:UZB", "subject": "", "sentence": SAID}
    sent = said | changes if isinstance(changes, dict) else changes
    answer = sign_in(Role.FIELD).post(reverse("returns:barrier_report_new"), sent, "application/json")

    assert answer.status_code == status
    assert field in answer.json()["errors"]
    assert not BarrierReport.objects.exists()


def test_one_tap_says_that_another_heard_the_same(sign_in, reported):
    address = reverse("returns:barrier_report_same", args=[reported.public_id])
    sign_in(Role.PROTECTION).post(address)
    sign_in(Role.FIELD).post(address)

    assert reported.voices.count() == 1, "whoever reported it does not count again"


def test_one_click_gives_a_draft_that_is_filled_in_and_takes_the_report_up(sign_in, reported, organisations):
    coordinator, address = sign_in(Role.COORDINATOR), reverse("returns:change_new")
    page = coordinator.get(address, {"report": reported.public_id}).content.decode()
    assert SAID in page
    assert 'value="KZ-UZ-01:KAZ:UZB" selected' in page

    coordinator.post(f"{address}?report={reported.public_id}", what_was_said(organisations))
    reported.refresh_from_db()
    assert reported.draft == RequirementDraft.objects.get()


def test_it_is_set_aside_with_a_reason(sign_in, reported):
    coordinator, address = sign_in(Role.COORDINATOR), reverse("returns:barrier_report_aside", args=[reported.public_id])
    assert coordinator.post(address).status_code == 422
    coordinator.post(address, {"reason": "The post denies it."})

    page = sign_in(Role.FIELD).get(reverse("returns:barrier_report", args=[reported.public_id])).content.decode()
    assert "The post denies it." in page


def test_a_picture_of_the_paper_stands_on_the_ledger_and_in_public_only_where_it_is_marked(sign_in, client, make_rule):
    version = make_rule(TEST_RULE)
    coordinator = sign_in(Role.COORDINATOR)
    for caption, more in (("Order 12", {}), ("On the wall", {"is_public": "on"})):
        given = {"kind": "notice", "picture": photograph(), "caption": caption, **more}
        assert coordinator.post(reverse("returns:attachment_new", args=[version.public_id]), given).status_code == 302
    hidden, shown = Attachment.objects.all()

    ledger = coordinator.get(reverse("corridors:requirement", args=[version.requirement.public_id])).content.decode()
    public = client.get(reverse("corridors:way_rules", args=["KZ-UZ-01", "KAZ", "UZB"])).content.decode()
    assert ("Order 12" in ledger, "On the wall" in ledger) == (True, True)
    assert ("Order 12" in public, "On the wall" in public) == (False, True)
    assert client.get(reverse("corridors:public_attachment", args=[hidden.public_id])).status_code == 404
    assert client.get(reverse("corridors:public_attachment", args=[shown.public_id])).status_code == 200
    assert coordinator.get(reverse("corridors:attachment", args=[hidden.public_id])).status_code == 200


def test_a_letter_of_two_pages_is_attached_as_two_pictures_under_its_caption(sign_in, make_rule):
    version = make_rule(TEST_RULE)
    given = {"kind": "letter", "picture": SimpleUploadedFile("letter.pdf", letter(2)), "caption": "Order 12"}
    address = reverse("returns:attachment_new", args=[version.public_id])

    assert sign_in(Role.COORDINATOR).post(address, given).status_code == 302
    assert [row.caption for row in Attachment.objects.all()] == ["Order 12 1/2", "Order 12 2/2"]
    assert all(row.content.startswith(b"\xff\xd8") for row in Attachment.objects.all()), "pictures, nothing of the file"


def test_a_rule_is_made_surer_on_a_page_of_its_own_and_never_by_who_reported_it(sign_in, organisations, plan):
    coordinator = sign_in(Role.COORDINATOR)
    coordinator.post(reverse("returns:change_new"), what_was_said(organisations))
    draft = RequirementDraft.objects.get()
    page = coordinator.get(reverse("returns:change", args=[draft.public_id])).content.decode()
    fingerprint = page.split('name="fingerprint" value="')[1].split('"')[0]
    coordinator.post(reverse("returns:change_publish", args=[draft.public_id]), {"fingerprint": fingerprint})
    clock.set_to(NOW.replace(hour=NOW.hour + 1))

    address = reverse("returns:change_restate", args=[Requirement.objects.get().public_id])
    given = {"certainty": "confirmed", "source_text": "Order 12", "authority": "uz-border"}
    refused = coordinator.post(address, given | {"source_tier": "oral_authority"})
    assert refused.status_code == 422
    assert "A second person makes it surer, or a paper" in refused.content.decode()
    assert coordinator.post(address, given | {"source_tier": "written"}).status_code == 302
    assert RequirementDraft.objects.latest("pk").certainty == "confirmed"
