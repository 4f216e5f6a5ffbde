"""Answers of organisations."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from common.actors import Actor
from common.models import AuditEntry
from notifications import contradictions
from notifications.acknowledgements import AnswerError, acknowledge, confirm_action, object_to
from notifications.enums import NoticeState
from notifications.expiry import expire_due
from notifications.models import Acknowledgement, Alert, Delivery, EscalationStep, Notice, Objection
from tests.cast import COMMAND, NOW
from tests.notifications.conftest import send_all

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=15)


def answer(notice: Notice, **values):
    usual = {"name": "A. Officer", "function": "duty officer", "answered_by": "page", "by": COMMAND, "at": LATER}
    return acknowledge(notice=notice, **{**usual, **values})


def test_the_first_answer_stands(notice):
    first = answer(notice("kz-border"))
    second = answer(notice("kz-border"), name="Somebody else", at=LATER + timedelta(minutes=1))
    assert (second.pk, second.name, second.at) == (first.pk, "A. Officer", LATER)


def test_an_answer_and_its_audit_row_stand_or_fall_together(notice):
    with pytest.raises(AnswerError):
        answer(notice("kz-border"), name="")
    assert not AuditEntry.objects.filter(verb="acknowledged").exists()
    answer(notice("kz-border"))
    assert AuditEntry.objects.filter(verb="acknowledged").count() == 1


def test_acknowledged_is_not_done(notice):
    assert answer(notice("kz-border")).action_confirmed_at is None
    done = confirm_action(notice=notice("kz-border"), note="post told", by=COMMAND, at=LATER)
    assert (done.action_confirmed_at, done.action_note) == (LATER, "post told")


def test_the_first_confirmation_stands(notice):
    answer(notice("kz-border"), action_confirmed=True)
    again = confirm_action(notice=notice("kz-border"), note="again", by=COMMAND, at=LATER + timedelta(hours=1))
    assert (again.action_confirmed_at, again.action_note) == (LATER, "")


def test_an_answer_ends_what_was_waiting_for_its_own_organisation_only(notice):
    answer(notice("kz-border"))
    assert set(Delivery.objects.filter(notice=notice("kz-border")).values_list("state", flat=True)) == {"superseded"}
    assert set(Delivery.objects.filter(notice=notice("iom-kz")).values_list("state", flat=True)) == {"queued"}
    assert set(EscalationStep.objects.filter(notice=notice("kz-border")).values_list("state", flat=True)) == {"ended"}


def test_an_answer_through_the_link_proves_that_the_message_arrived(notice):
    send_all()
    sent = Delivery.objects.get(notice=notice("kz-border"))
    by = Actor("link", str(sent.public_id), "A. Officer")
    answer(notice("kz-border"), answered_by="link", by=by)
    sent.refresh_from_db()
    assert sent.delivered_at == LATER


def test_an_ended_notice_takes_no_answer(notice, alert):
    assert expire_due(at=alert.expires_at) == 3
    with pytest.raises(AnswerError, match="has ended"):
        answer(notice("kz-border"))
    assert not EscalationStep.objects.filter(state="pending").exists()


def test_an_objection_acknowledges_nothing(notice):
    object_to(notice=notice("kz-border"), text="Not so.", by=COMMAND, at=LATER)
    assert notice("kz-border").state == NoticeState.OWED
    assert not Acknowledgement.objects.exists()


def test_what_an_organisation_contradicts_twice_or_further_is_told_to_the_missions_once(notice):
    first = object_to(notice=notice("kz-border"), text="Not so.", by=COMMAND, at=LATER)
    assert object_to(notice=notice("kz-border"), text=" Not so. ", by=COMMAND, at=LATER) == first
    object_to(notice=notice("kz-border"), text="Nor at Oybek.", by=COMMAND, at=LATER)
    told = Alert.objects.get(kind=contradictions.KIND)
    for owed in told.notices.all():
        answer(owed)
    object_to(notice=notice("kz-border"), text="And again not so.", by=COMMAND, at=LATER)
    assert Alert.objects.filter(kind=contradictions.KIND).count() == 2
    assert Objection.objects.count() == 3


@pytest.mark.parametrize(("text", "sentence"), [(" ", "Write what"), ("x" * 2001, "2,000")])
def test_an_objection_must_say_something_short(notice, text, sentence):
    with pytest.raises(AnswerError, match=sentence):
        object_to(notice=notice("kz-border"), text=text, by=COMMAND, at=LATER)


def test_the_database_knows_no_answer_without_an_hour(notice):
    refused = pytest.raises(IntegrityError, match="acknowledged_notice_has_its_hour")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update notifications_notice set state = 'acknowledged'")
