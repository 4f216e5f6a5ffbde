"""What a page does for a coordinator, a command does for whoever keeps the machine: proof, dead letters, answers, reach."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from common import clock
from migrants.models import Export
from notifications.engine_trouble import tell_of_silence
from notifications.enums import DeliveryState, NoticeState
from notifications.models import Alert, Delivery, Notice
from partners.models import Channel
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert(organisations) -> Alert:
    clock.set_to(NOW)
    tell_of_silence(part="deliveries", since=NOW, by=COMMAND, at=NOW)
    return Alert.objects.get()


def said(*words: str, **options: str) -> str:
    output = StringIO()
    call_command(*words, stdout=output, **options)
    return output.getvalue()


def test_a_dead_letter_is_listed_and_sent_once_more(alert):
    dead = Delivery.objects.earliest("pk")
    Delivery.objects.filter(pk=dead.pk).update(state=DeliveryState.FAILED, reason="554 Not this message")
    listed = said("undelivered")
    assert f"{dead.public_id}" in listed
    assert "554 Not this message" in listed
    assert dead.address not in listed
    assert "1 of 1 queued once more" in said("undelivered", "--again", "all")
    dead.refresh_from_db()
    assert dead.state == DeliveryState.QUEUED
    with pytest.raises(CommandError, match="no such delivery"):
        said("undelivered", "--again", str(alert.public_id))


def test_an_answer_by_phone_is_written_down_for_who_gave_it(alert):
    words = ("acknowledge", str(alert.number), "iom-kz", "--name=Aida", "--function=duty officer", "--how=phone")
    assert "iom-kz has notice" in said(*words, reference="+77010000101")
    notice = Notice.objects.get(organisation__code="iom-kz")
    assert notice.state == NoticeState.ACKNOWLEDGED
    assert notice.acknowledgement.by.on_behalf_of == "Aida, duty officer"
    with pytest.raises(CommandError, match="was not sent"):
        said(*words[:2], "kz-border", *words[3:])


def test_the_proof_is_an_export_with_a_number(alert, tmp_path):
    file = tmp_path / "proof.csv"
    number = Export.objects.count()
    assert "keep it safe" in said("proof", str(alert.number), str(file))
    assert Export.objects.count() == number + 1
    assert "IOM Kazakhstan" in file.read_text("utf-8-sig")


def test_whom_nobody_reaches_is_named_with_what_to_do(alert):
    Channel.objects.filter(contact__office__organisation__code="kz-border", kind="email").delete()
    output = StringIO()
    with pytest.raises(SystemExit):
        call_command("unreached", stdout=output)
    assert "kz-border: no message can reach it" in output.getvalue()
