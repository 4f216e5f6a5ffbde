"""Corridors by page: named, worded, laid before the parties, decided for one's own organisation or on behalf."""

from datetime import timedelta

import pytest

from common import clock
from corridors.approvals import standing_of
from corridors.models import Approval, CorridorVersion, TransitCorridor
from notifications.models import Notice
from partners.enums import OrganisationKind, Role
from partners.models import Organisation
from tests.cast import NOW
from tests.corridors.test_approvals import approve, asked, version

__all__ = ["asked", "version"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def that_morning(db):
    clock.set_to(NOW + timedelta(minutes=5))


@pytest.fixture
def coordinator(sign_in):
    return sign_in(Role.COORDINATOR)


def wording(organisations, **changes):
    return {
        "opens_local": "2020-10-02T06:00", "closes_local": "2020-10-02T10:00", "zone": "Asia/Tashkent",
        "head_count_cap": 102, "transit_hours": "4", "conditions": "sealed buses\nno stop",
        "requested_by": organisations["tj-emb-uz"].code, "document_reference": "Note 143", **changes,
    }  # fmt: skip


def test_a_corridor_is_named_and_worded_by_page(coordinator, crossing, oybek, organisations):
    named = coordinator.post(
        "/corridors/new/",
        {"code": "zz-oybek", "name": "To Oybek", "entry": "KZ-UZ-01:KAZ:UZB", "exit": "UZ-TJ-01:UZB:TJK"},
    )
    assert named["Location"] == "/corridors/ZZ-OYBEK/versions/new/"
    assert "Nothing is written down yet" in coordinator.get("/corridors/ZZ-OYBEK/").content.decode()
    assert coordinator.post(named["Location"], wording(organisations)).status_code == 302
    made = CorridorVersion.objects.get()
    assert (made.number, made.conditions) == (1, ["sealed buses", "no stop"])
    page = coordinator.get("/corridors/ZZ-OYBEK/").content.decode()
    assert "06:00–10:00 Tashkent, Dushanbe (UTC+5) = 07:00–11:00 Almaty (UTC+6)" in page
    assert "Draft: nobody has been asked yet" in page


@pytest.mark.parametrize(
    ("leave", "code", "sentence"),
    [("KZ-UZ-01:KAZ:UZB", "A", "must leave the country"), ("UZ-TJ-01:UZB:TJK", "ы", "capital letters")],
)
@pytest.mark.usefixtures("crossing", "oybek")
def test_a_way_that_leads_nowhere_is_refused(coordinator, leave, code, sentence):
    said = {"code": code, "name": "x", "entry": "KZ-UZ-01:KAZ:UZB", "exit": leave}
    refused = coordinator.post("/corridors/new/", said)
    assert refused.status_code == 422
    assert sentence in refused.content.decode()
    assert not TransitCorridor.objects.exists()


def test_the_form_begins_with_the_last_version(coordinator, version):
    page = coordinator.get("/corridors/KZ-TJ-A/versions/new/").content.decode()
    for said in ('value="2020-10-02T06:00"', 'value="102"', 'value="4"', "sealed buses", 'value="Note 142"'):
        assert said in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"closes_local": "2020-10-02T05:00"}, "cannot end before it opens"),
        ({"opens_local": "tomorrow"}, "Give day and hour"),
        ({"zone": "Europe/Vienna"}, "Select a valid choice"),
        ({"head_count_cap": "0"}, "greater than or equal to 1"),
        ({"document_reference": ""}, "required"),
    ],
)
def test_a_wording_that_cannot_be_is_refused_beside_its_field(coordinator, corridor, organisations, changes, sentence):
    refused = coordinator.post("/corridors/KZ-TJ-A/versions/new/", wording(organisations, **changes))
    assert refused.status_code == 422
    assert sentence in refused.content.decode()
    assert CorridorVersion.objects.count() == 1


def test_a_draft_is_rewritten_until_it_is_asked_about(coordinator, corridor, organisations):
    address = "/corridors/KZ-TJ-A/versions/1/"
    assert coordinator.post(address, wording(organisations)).status_code == 302
    corridor.refresh_from_db()
    assert corridor.document_reference == "Note 143"
    coordinator.post(address + "ask/", {"parties": [organisations["kz-border"].code], "answer_by": "2020-10-01T16:00"})
    assert coordinator.post(address, wording(organisations, head_count_cap=1)).status_code == 422
    assert coordinator.get(address).status_code == 302


def test_usual_parties_are_chosen_already_and_each_is_told(coordinator, version, organisations):
    for code, kind, country in (
        ("uz-mfa", "ministry", "UZB"),
        ("tj-mfa", "ministry", "TJK"),
        ("uz-san", "health", "UZB"),
    ):
        name = "Ministry of Foreign Affairs" if kind == "ministry" else "Sanitary service"
        Organisation.objects.create(code=code, kind=OrganisationKind(kind), country=country, name_en=name)
    page = coordinator.get("/corridors/KZ-TJ-A/versions/2/ask/")
    chosen = page.context["form"].initial["parties"]
    assert set(chosen) == {"uz-mfa", "uz-san", "uz-border", "kz-border", "tj-mfa"}
    assert [item.language for item in page.context["letters"]] == ["en", "ru", "tg", "uz"]
    said = {"parties": chosen, "answer_by": "2020-10-01T16:00"}
    looked = coordinator.post("/corridors/KZ-TJ-A/versions/2/ask/", {**said, "look": "yes"})
    assert all("16:00" in item.letter.text for item in looked.context["letters"])
    assert not Approval.objects.exists(), "whoever looks asks nobody"
    asked_for = coordinator.post("/corridors/KZ-TJ-A/versions/2/ask/", said)
    assert asked_for.status_code == 302
    assert Approval.objects.count() == Notice.objects.count() == 5
    assert {approval.answer_by.hour for approval in Approval.objects.all()} == {11}


def test_the_tracker_names_who_holds_it_up_and_for_how_long(coordinator, asked, version):
    approve(asked["kz-border"], reference="KZ 77")
    clock.set_to(NOW + timedelta(hours=4))
    page = coordinator.get("/corridors/KZ-TJ-A/").content.decode()
    for said in ("1 of 3 approved", "held up by", "Border Troops of Uzbekistan", "4 h", "KZ 77", "Note 142"):
        assert said in page
    listed = coordinator.get("/corridors/").content.decode()
    assert "1 of 3 approved" in listed
    assert "waiting for its parties" in listed


def test_a_liaison_decides_on_the_own_page_and_sees_nobody_elses(sign_in, asked):
    liaison = sign_in(Role.LIAISON)
    assert "Zhibek Zholy to Oybek" in liaison.get("/requests/").content.decode()
    assert liaison.get(f"/requests/{asked['uz-border'].public_id}/").status_code == 404
    own = f"/requests/{asked['kz-border'].public_id}/"
    said = {"answer": "conditional", "note": "an escort", "name": "B", "function": "liaison", "reference": "KZ 77"}
    assert liaison.post(own, {**said, "note": ""}).status_code == 422
    assert liaison.post(own, said).status_code == 302
    kept = Approval.objects.get(organisation__code="kz-border")
    assert (kept.state, kept.decided_how, kept.reference) == ("conditional", "page", "KZ 77")
    assert "Nothing waits for your decision" in liaison.get("/requests/").content.decode()
    assert "an escort" in liaison.get(own).content.decode()


def test_a_decision_by_phone_is_written_down_on_behalf(coordinator, asked):
    address = f"/corridors/KZ-TJ-A/decisions/{asked['uz-border'].public_id}/"
    said = {"answer": "approved", "name": "C", "function": "head", "decided_how": "phone", "reference": ""}
    assert coordinator.post(address, said).status_code == 422
    assert coordinator.post(address, {**said, "reference": "+44 20 7946 0100, 10:05"}).status_code == 302
    kept = Approval.objects.get(organisation__code="uz-border")
    assert (kept.state, kept.decided_how, kept.by.on_behalf_of) == ("approved", "phone", "C, head")
    assert kept.by.recorded_by in coordinator.get("/corridors/KZ-TJ-A/").content.decode()


def test_a_corridor_is_suspended_and_resumed_by_page(coordinator, asked, version):
    coordinator.post("/corridors/KZ-TJ-A/versions/2/suspend/", {"reason": "the escort was called away"})
    assert standing_of(version, at=NOW + timedelta(hours=1)).state == "suspended"
    assert "the escort was called away" in coordinator.get("/corridors/KZ-TJ-A/").content.decode()
    coordinator.post("/corridors/KZ-TJ-A/versions/2/resume/", {"reason": ""})
    assert standing_of(version, at=NOW + timedelta(hours=1)).state == "suspended"
    coordinator.post("/corridors/KZ-TJ-A/versions/2/resume/", {"reason": "it is back"})
    assert standing_of(version, at=NOW + timedelta(hours=1)).state == "awaiting"


def test_a_notice_of_a_request_leads_to_the_decision(sign_in, asked):
    notice = Notice.objects.get(organisation__code="kz-border")
    page = sign_in(Role.LIAISON).get(f"/notices/mine/{notice.public_id}/").content.decode()
    assert f"/requests/{asked['kz-border'].public_id}/" in page


def test_whose_decision_holds_is_said_before_the_next_version_is_asked_about_and_after(
    coordinator, asked, organisations
):
    for row in asked.values():
        own = {"answer": "rejected", "note": "not that morning"} if row.organisation.code == "kz-border" else {}
        approve(row, at=NOW + timedelta(minutes=1), **own)
    coordinator.post(
        "/corridors/KZ-TJ-A/versions/new/", wording(organisations, head_count_cap=90, conditions="sealed buses")
    )
    before = coordinator.get("/corridors/KZ-TJ-A/versions/3/ask/").content.decode()
    assert before.count("holds for this one too") == 2
    assert "the party rejected the version before" in before
    said = {"parties": list(asked), "answer_by": "2020-10-01T15:00"}
    after = coordinator.post("/corridors/KZ-TJ-A/versions/3/ask/", said, follow=True).content.decode()
    assert "1 party is asked. 2 decisions hold as they are." in after
    assert after.count("on version 2, and holds") == 2
    assert "asked anew: the party rejected the version before" in after
    assert "version 3: decisions hold:" in after
