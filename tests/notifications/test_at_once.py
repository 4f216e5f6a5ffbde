"""Two at the same moment, on real connections."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from common.clock import real_now
from notifications.acknowledgements import acknowledge
from notifications.deliveries import send_due
from notifications.enums import StepState
from notifications.escalation import escalate_due
from notifications.models import Acknowledgement, Alert, Delivery, EscalationStep, Notice
from tests.cast import COMMAND, NOW, TOLD

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts) -> list[object]:
    """Runs each act in a thread with a connection of its own, all let go at the same moment."""
    gate = Barrier(len(acts))

    def run(act) -> object:
        try:
            gate.wait(10)
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def test_two_workers_send_each_delivery_once(raised, mailbox):
    for number in range(10):
        raised(source=f"test:{number}")
    later = real_now() + timedelta(seconds=1)
    at_once(*[lambda: send_due(real_at=later, at=NOW)] * 4)
    assert Counter(message["Message-ID"] for message in mailbox) == Counter(
        Delivery.objects.values_list("message_id", flat=True)
    )


def test_of_two_answers_at_once_one_stands_and_both_are_told_which(alert):
    notice = Notice.objects.get(alert=alert, organisation__code="kz-border")

    def answer(name):
        return lambda: acknowledge(
            notice=Notice.objects.get(pk=notice.pk), name=name, function="x", answered_by="page", by=COMMAND, at=NOW
        )

    told = at_once(*[answer(f"officer {number}") for number in range(4)])
    kept = Acknowledgement.objects.get()
    assert told == [kept] * 4


def test_an_answer_and_a_reminder_at_once_leave_no_step_behind(alert):
    due = NOW + timedelta(minutes=25)

    def answer(code):
        notice = Notice.objects.get(alert=alert, organisation__code=code)
        return acknowledge(notice=notice, name="A", function="x", answered_by="page", by=COMMAND, at=due)

    acts = [lambda code=code: answer(code) for code in TOLD]
    at_once(lambda: escalate_due(at=due), *acts)
    assert not EscalationStep.objects.filter(state=StepState.PENDING).exists()
    assert not Delivery.objects.filter(state="queued").exists()


def test_raising_the_same_alert_twice_at_once_raises_it_once(raised, organisations):
    def go():
        with transaction.atomic():
            return raised()

    assert len(set(at_once(go, go, go))) == 1
    assert Alert.objects.count() == 1
    assert Notice.objects.count() == len(TOLD)
