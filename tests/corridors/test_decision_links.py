"""The signed page of a request, as a party without an account sees it."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from common import clock
from corridors import transit
from corridors.approvals import ask_parties, standing_of
from corridors.models import Approval
from corridors.windows import Window
from notifications.links import revoke, token_for
from notifications.models import Acknowledgement, Delivery, Notice, SignedLink
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
MORNING = Window(datetime(2020, 10, 2, 6), datetime(2020, 10, 2, 10), "Asia/Tashkent")


@pytest.fixture
def lay(corridor, organisations):
    """`lay()` writes the next version and asks its parties."""

    def laid(*, codes=("kz-border", "uz-border"), **changes):
        version = transit.make_version(
            corridor=corridor.corridor, longest_transit=timedelta(hours=4), conditions=["no stop"],
            requested_by=organisations["tj-emb-uz"], document_reference="Note 142", window=MORNING, by=COMMAND, at=NOW,
            **({"head_count_cap": 102} | changes),
        )  # fmt: skip
        parties = [organisations[code] for code in codes]
        ask_parties(version=version, parties=parties, answer_by=NOW + timedelta(hours=8), by=COMMAND, at=NOW)
        return version

    return laid


@pytest.fixture
def version(lay):
    clock.set_to(NOW + timedelta(minutes=5))
    return lay()


def link(code, version):
    rows = Delivery.objects.select_related("notice__alert").filter(
        notice__alert__context__version=version.number, notice__organisation__code=code
    )
    return f"/d/{token_for(rows.earliest('pk'))}/"


@pytest.fixture
def stranger():
    return Client(enforce_csrf_checks=True)


def decide(client, address, **said):
    return client.post(address, {"answer": "approved", "name": "A. Officer", "function": "duty officer", **said})


def test_opening_the_page_changes_nothing_and_shows_the_window_on_each_side(stranger, version):
    before = list(Approval.objects.values())
    page = stranger.get(link("kz-border", version) + "?lang=en")
    assert page.status_code == 200
    assert "06:00–10:00 Tashkent, Dushanbe (UTC+5) = 07:00–11:00 Almaty (UTC+6)" in page.content.decode()
    assert "102 people" in page.content.decode()
    assert list(Approval.objects.values()) == before


@pytest.mark.parametrize(
    ("answer", "note"), [("approved", ""), ("conditional", "an escort"), ("rejected", "no escort")]
)
def test_a_button_decides_for_the_organisation(stranger, version, answer, note):
    address = link("kz-border", version)
    assert decide(stranger, address, answer=answer, note=note).status_code == 302
    kept = Approval.objects.get(organisation__code="kz-border")
    assert (kept.state, kept.note, kept.name, kept.decided_how) == (answer, note, "A. Officer", "link")
    assert kept.by.organisation_ref == "kz-border"
    assert Acknowledgement.objects.get().notice.organisation.code == "kz-border"
    assert "A. Officer" in stranger.get(address).content.decode()


def test_a_second_decision_is_refused_on_the_page(stranger, version):
    address = link("kz-border", version)
    decide(stranger, address)
    refused = decide(stranger, address + "?lang=en", answer="rejected", note="changed our mind")
    assert refused.status_code == 422
    assert "The first decision stands" in refused.content.decode()
    assert Approval.objects.get(organisation__code="kz-border").state == "approved"


def test_half_a_decision_says_what_is_missing(stranger, version):
    refused = decide(stranger, link("kz-border", version) + "?lang=en", answer="rejected")
    assert refused.status_code == 422
    assert "Write why you reject" in refused.content.decode()
    refused = stranger.post(link("kz-border", version) + "?lang=en", {})
    assert refused.content.decode().count("field-error") == 3


def test_a_link_to_the_old_version_shows_the_newer_and_takes_no_decision(stranger, version, lay):
    old = link("kz-border", version)
    newer = lay(head_count_cap=90)
    page = stranger.get(old + "?lang=en").content.decode()
    assert "Version 3 has replaced version 2" in page
    assert "90 people instead of 102 people" in page
    assert decide(stranger, old).status_code == 422
    assert decide(stranger, link("kz-border", newer)).status_code == 302
    assert standing_of(newer, at=NOW + timedelta(hours=1)).approved == 1


def test_who_asked_owes_no_answer_about_a_decision_once_the_next_version_is_decided(stranger, version, lay):
    assert decide(stranger, link("kz-border", version)).status_code == 302
    newer = lay(head_count_cap=120)
    assert decide(stranger, link("kz-border", newer)).status_code == 302
    owed = Notice.objects.filter(alert__kind="corridor_decision", organisation__code="tj-emb-uz").order_by("pk")
    assert list(owed.values_list("alert__context__version", "state")) == [
        (version.number, "superseded"),
        (newer.number, "owed"),
    ]


def test_an_altered_foreign_ended_or_withdrawn_link_says_so(stranger, version):
    good = link("kz-border", version)
    assert stranger.get(good[:-2] + ("A" if good[-2] != "A" else "B") + "/").status_code == 404
    mixed = good[:25] + link("uz-border", version)[25:]
    assert stranger.get(mixed).status_code == 404
    assert stranger.get(good.replace("/d/", "/a/")).status_code == 404
    revoke(SignedLink.objects.get(delivery__notice__organisation__code="uz-border"), at=NOW)
    assert stranger.get(link("uz-border", version)).status_code == 410
    clock.set_to(NOW + timedelta(hours=9))
    assert "the request has lapsed" in decide(stranger, good + "?lang=en").content.decode()
    clock.set_to(version.closes_at)
    ended = decide(stranger, good + "?lang=en")
    assert ended.status_code == 410
    assert "This link has ended" in ended.content.decode()
    assert not Approval.objects.exclude(state="asked").exists()


def test_the_page_needs_no_script_and_leaves_no_trace(stranger, version):
    page = stranger.get(link("kz-border", version))
    assert "<script" not in page.content.decode()
    assert not re.search(r"\son[a-z]+=", page.content.decode())
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert not page.cookies
