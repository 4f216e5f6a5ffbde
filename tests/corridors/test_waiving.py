"""Requirements that an authority waives for whoever travels by a version: said in it, asked about, and shown."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from common import clock
from corridors import transit
from corridors.approvals import ApprovalError, ask_parties, standing_of
from corridors.models import BorderCrossing, Requirement, VersionWaiver
from corridors.request_words import alert_context, context
from corridors.waiving import WaiverWording, waivers_in_force
from partners.enums import Role
from tests.cast import NOW
from tests.corridors.test_carrying import ASKER, DEADLINE, answer, laid, reasons, worded

__all__ = ["laid", "worded"]
pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def line(crossing):
    return Requirement.objects.create(
        crossing=crossing, from_country="KAZ", to_country="UZB", subject="health_test"
    )  # fmt: skip


@pytest.fixture
def waived(line, organisations):
    """`waived(until=…, by=…)` as a version says it."""

    def said(*, until=None, by="uz-border", reference="order 12", requirement=line):
        return WaiverWording(requirement, organisations[by], reference, until)

    return said


def test_it_holds_until_the_window_closes_where_nothing_else_is_said(worded, waived):
    version = worded(waivers=[waived()])
    assert version.waivers.get().valid_until == version.closes_at


@pytest.mark.parametrize(
    ("broken", "field", "sentence"),
    [
        ({"reference": " "}, "waived_1_reference", "give its reference"),
        ({"until": NOW}, "waived_1_until", "run out already"),
        ({"twice": True}, "waived_2", "above already"),
        ({"elsewhere": True}, "waived_1", "not asked on this way"),
    ],
)
def test_a_waiver_that_cannot_be_is_refused_beside_its_field(worded, waived, broken, field, sentence):
    changes = {name: value for name, value in broken.items() if name in {"reference", "until"}}
    if "elsewhere" in broken:
        changes["requirement"] = Requirement.objects.create(
            crossing=BorderCrossing.objects.get(code="UZ-TJ-01"), from_country="TJK", to_country="UZB", subject="escort"
        )
    said = [waived(**changes)] * (2 if "twice" in broken else 1)
    with pytest.raises(transit.CorridorError, match=sentence) as refused, transaction.atomic():
        worded(waivers=said)
    assert refused.value.field == field
    assert not VersionWaiver.objects.exists()


def test_the_database_has_one_paper_for_a_requirement(worded, waived):
    row = worded(waivers=[waived()]).waivers.get()
    row.pk = None
    row.public_id = "00000000-0000-4000-8000-000000000001"
    with pytest.raises(IntegrityError, match="waived_once_in_a_version"), transaction.atomic():
        row.save()


def test_whoever_waives_is_asked_and_it_counts_only_once_it_has_approved(worded, waived, laid, organisations):
    version = worded(waivers=[waived()])
    with pytest.raises(ApprovalError, match="has to be among the parties"):
        ask_parties(version=version, parties=[organisations["kz-border"]], answer_by=DEADLINE, by=ASKER, at=NOW)
    rows = laid(version)
    for code in ("kz-border", "tj-emb-uz"):
        answer(rows[code])
    assert waivers_in_force(version, standing_of(version, at=LATER), at=LATER) == []
    answer(rows["uz-border"])
    assert waivers_in_force(version, standing_of(version, at=LATER), at=LATER) == [version.waivers.get()]
    over = version.closes_at
    assert waivers_in_force(version, standing_of(version, at=over), at=over) == []


def anew(laid, worded, before, after):
    """Who has to decide on a version with other waivers, with the reasons."""
    for row in laid(worded(waivers=before)).values():
        answer(row)
    rows = laid(worded(waivers=after), at=LATER)
    return {code: reasons(row) for code, row in rows.items() if row.state == "asked"}


def test_a_new_waiver_is_asked_about_where_it_is_given(worded, waived, laid):
    assert anew(laid, worded, [], [waived()]) == {"uz-border": ["waiver"]}


def test_a_longer_waiver_is_asked_about_where_it_is_given(worded, waived, laid):
    assert anew(laid, worded, [waived()], [waived(until=NOW + timedelta(days=9))]) == {"uz-border": ["waiver"]}


def test_a_waiver_that_is_dropped_is_asked_about_nowhere(worded, waived, laid):
    assert anew(laid, worded, [waived()], []) == {}


def test_letter_and_page_say_what_is_waived_by_whom_until_when(worded, waived, laid, sign_in):
    laid(worded())
    version = worded(waivers=[waived()])
    said = context(alert_context(version, answer_by=DEADLINE, at=NOW), "en")
    (words,) = said["waivers"]
    assert "Border Troops of Uzbekistan" in words
    assert "health test, KZ-UZ-01, until" in words
    assert f"newly waived: {words}" in said["differences"]
    clock.set_to(NOW)
    page = sign_in(Role.COORDINATOR).get("/corridors/KZ-TJ-A/").content.decode()
    assert "Waived for whoever travels by it" in page
    assert "health test, KZ-UZ-01, until" in page


def test_a_waiver_by_page(sign_in, corridor, line, organisations):
    clock.set_to(NOW)
    browser = sign_in(Role.COORDINATOR)
    said = {
        "opens_local": "2020-10-02T06:00", "closes_local": "2020-10-02T10:00", "zone": "Asia/Tashkent",
        "head_count_cap": 102, "transit_hours": "4", "requested_by": organisations["tj-emb-uz"].code,
        "document_reference": "Note 143", "waived_1": str(line.public_id), "waived_1_reference": "order 12",
    }  # fmt: skip
    refused = browser.post("/corridors/KZ-TJ-A/versions/new/", said)
    assert refused.status_code == 422
    assert "Say which authority waives it" in refused.content.decode()
    said["waived_1_by"] = "uz-border"
    assert browser.post("/corridors/KZ-TJ-A/versions/new/", said).status_code == 302
    assert VersionWaiver.objects.get().reference == "order 12"
    assert 'value="order 12"' in browser.get("/corridors/KZ-TJ-A/versions/new/").content.decode()
