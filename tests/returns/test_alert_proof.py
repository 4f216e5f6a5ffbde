"""Who knew when, as a file: every organisation with its hours in each zone, and a row of exports."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from corridors import requirements
from corridors.models import Requirement
from migrants.models import Export
from notifications.acknowledgements import WrittenDown, acknowledge
from notifications.alerts import Told
from notifications.models import Alert
from partners.enums import Role
from tests.cast import COMMAND, NOW, TOLD

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert(crossing, organisations):
    draft = requirements.draft(
        requirement_line=(crossing, "KAZ", "UZB", "health_test"),
        content={"rule": {"test": {"kinds": ["pcr"], "max_age_hours": 72}}}, certainty="reported",
        source_tier="oral_post", source_text="by word of mouth", authority=organisations["uz-border"],
        applies_from=NOW, by=COMMAND, at=NOW,
    )  # fmt: skip
    requirements.publish(draft=draft, told=[Told(organisations[code]) for code in TOLD], by=COMMAND, at=NOW)
    alert = Alert.objects.get()
    acknowledge(
        notice=alert.notices.get(organisation__code="kz-border"), name="A. Officer", function="duty officer",
        answered_by="page", action_confirmed=True, by=COMMAND, at=NOW + timedelta(minutes=7),
    )  # fmt: skip
    return alert


def test_the_sheet_has_each_organisation_with_its_hours_in_each_zone(alert, sign_in):
    answer = sign_in(Role.COORDINATOR).get(reverse("returns:alert_proof", args=[alert.public_id, "csv"]))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    heading = next(row for row in rows if row[0] == "organisation")
    table = {row[0]: dict(zip(heading, row, strict=True)) for row in rows[rows.index(heading) + 1 :]}
    assert len(table) == len(TOLD)
    border = next(row for name, row in table.items() if "Border Service" in name)
    zones = ("Asia/Almaty", "Asia/Tashkent")
    acknowledged = [border[f"acknowledged ({zone})"] for zone in zones]
    assert acknowledged == ["2020-10-01T09:07:00+06:00", "2020-10-01T08:07:00+05:00"]
    assert border["who acknowledged"] == "A. Officer, duty officer"
    assert border["queued (Asia/Almaty)"] == "2020-10-01T09:00:00+06:00"
    assert Export.objects.get().kind == "who_knew_when"


def test_an_answer_that_was_written_down_later_says_when(alert, sign_in):
    heard = NOW + timedelta(minutes=3)
    acknowledge(
        notice=alert.notices.exclude(organisation__code="kz-border").earliest("pk"), name="B. Officer",
        function="shift leader", answered_by="phone", by=COMMAND, at=heard + timedelta(hours=2),
        written_down=WrittenDown(said_at=heard, reference="+7 701 000 00 00"),
    )  # fmt: skip
    sheet = sign_in(Role.COORDINATOR).get(reverse("returns:alert_proof", args=[alert.public_id, "csv"]))
    rows = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    found = {row[-4].partition(",")[0]: row[-1] for row in rows if len(row) > 4}
    assert "11:03 Almaty" in found["B. Officer"]
    assert found["A. Officer"] == ""


def test_the_paper_is_a_pdf_with_its_mark_kept(alert, sign_in):
    answer = sign_in(Role.FIELD).get(reverse("returns:alert_proof", args=[alert.public_id, "pdf"]))
    assert answer.content.startswith(b"%PDF-")
    assert answer["X-Export"] == Export.objects.get().number


def test_the_page_of_a_change_shows_the_matrix_of_its_newest_version_to_whoever_sees_notices(alert, sign_in):
    line = reverse("corridors:requirement", args=[Requirement.objects.get().public_id])
    page = sign_in(Role.COORDINATOR).get(line).content.decode()
    assert "Who knew of the newest version" in page
    assert "duty officer" in page
    assert "Who knew of the newest version" not in sign_in(Role.LIAISON).get(line).content.decode()


def test_the_page_of_a_crossing_shows_the_matrix_of_everything_told_about_it(alert, sign_in, crossing):
    page = sign_in(Role.COORDINATOR).get(reverse("notifications:about_crossing", args=[crossing.code])).content.decode()
    assert "Border Service of Kazakhstan" in page
    assert "1 of 3 acknowledged" in page
