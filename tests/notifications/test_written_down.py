"""Answers that a colleague writes down: the number and the hour of a call, the letter with its picture."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from common import clock
from common.actors import Actor
from common.enums import ActorKind
from notifications.acknowledgements import AnswerError, WrittenDown, acknowledge, object_to
from notifications.contradictions import KIND
from notifications.models import Acknowledgement, Alert, LetterScan
from partners.enums import Role
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=30)


@pytest.fixture(autouse=True)
def that_morning(db):
    clock.set_to(LATER)


def letter():
    made = BytesIO()
    Image.new("RGB", (300, 400), (230, 230, 220)).save(made, "PNG")
    return SimpleUploadedFile("letter.png", made.getvalue(), content_type="image/png")


def sent(**values):
    usual = {"name": "B. Officer", "function": "head", "answered_by": "letter", "reference": "12-3/456"}
    return {**usual, **values}


def test_a_letter_is_written_down_with_its_reference_hour_and_picture(alert, notice, sign_in):
    client, address = sign_in(Role.COORDINATOR), f"/notices/{alert.public_id}/{notice('kz-border').public_id}/"
    said = sent(said_at="2020-10-01T08:10", note="came by courier", scan=letter())
    assert client.post(address, said).status_code == 302
    answer = Acknowledgement.objects.get()
    assert (answer.reference, answer.note) == ("12-3/456", "came by courier")
    assert answer.at == NOW + timedelta(minutes=10)
    assert (answer.recorded_at or NOW) >= LATER
    assert answer.by.recorded_by == "coordinator of iom-uz"
    picture = client.get(f"{address}letter.jpg")
    assert picture.content.startswith(b"\xff\xd8")
    assert picture["Cache-Control"] == "private, no-store"
    page = client.get(address).content.decode()
    assert "12-3/456" in page
    assert "letter.jpg" in page


def test_a_letter_or_call_without_its_reference_is_asked_for_it(alert, notice, sign_in):
    address = f"/notices/{alert.public_id}/{notice('kz-border').public_id}/"
    answer = sign_in(Role.COORDINATOR).post(address, sent(reference=""))
    assert answer.status_code == 400
    assert not Acknowledgement.objects.exists()


@pytest.mark.parametrize("minutes", [-1, 31])
def test_an_hour_before_the_notice_or_in_the_future_is_refused(notice, minutes):
    said = WrittenDown(said_at=NOW + timedelta(minutes=minutes))
    with pytest.raises(AnswerError) as refusal:
        acknowledge(
            notice=notice("kz-border"), name="A", function="lead", answered_by="phone", written_down=said, by=COMMAND,
            at=LATER,
        )  # fmt: skip
    assert refusal.value.field == "said_at"


def test_a_link_of_one_organisation_acknowledges_for_no_other(notice):
    forged = Actor(ActorKind.LINK, "x", "Somebody", organisation_ref="iom-kz")
    with pytest.raises(AnswerError, match="another organisation"):
        acknowledge(notice=notice("kz-border"), name="A", function="lead", answered_by="link", by=forged, at=LATER)
    assert not Acknowledgement.objects.exists()


def test_a_letter_that_comes_second_changes_nothing(notice):
    usual = {"notice": notice("kz-border"), "function": "lead", "by": COMMAND, "at": LATER}
    acknowledge(name="First", answered_by="page", **usual)
    second = acknowledge(name="Second", answered_by="letter", written_down=WrittenDown(reference="7"), **usual)
    assert (second.name, second.reference) == ("First", "")
    assert not LetterScan.objects.exists()


def test_whoever_answers_for_a_notice_is_told_that_it_is_contradicted_but_not_in_what_words(alert, notice):
    object_to(notice=notice("kz-border"), text="Mr RAHMONZODA said otherwise", by=COMMAND, at=LATER)
    raised = Alert.objects.get(kind=KIND)
    assert list(raised.notices.values_list("organisation__code", flat=True)) == ["iom-kz"]
    assert raised.context["about"] == alert.number
    assert "RAHMONZODA" not in str(raised.context)


def test_contradicting_a_contradiction_raises_no_other(notice):
    object_to(notice=notice("kz-border"), text="no", by=COMMAND, at=LATER)
    object_to(notice=Alert.objects.get(kind=KIND).notices.get(), text="yes", by=COMMAND, at=LATER)
    assert Alert.objects.filter(kind=KIND).count() == 1
