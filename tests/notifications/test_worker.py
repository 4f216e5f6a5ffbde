"""The real worker: woken by a nudge, over Redis, to real SMTP."""

import time

import pytest
from django.db import transaction

from common import clock
from common.nudges import nudge
from notifications.enums import DeliveryState
from notifications.models import Delivery, EngineSign
from tests.cast import NOW, TOLD
from tests.support.waiting import wait_until


@pytest.fixture
def told(celery_worker, organisations, raised):
    def go():
        clock.set_to(NOW)
        with transaction.atomic():
            return raised()

    return go


def test_publishing_wakes_the_worker_and_every_desk_is_told_within_moments(told, mailbox):
    began = time.monotonic()
    told()
    mailbox.wait_for(len(TOLD), seconds=20)
    wait_until(lambda: not Delivery.objects.exclude(state=DeliveryState.HANDED_OVER).exists(), "all handed over")
    print(f"{len(TOLD)} notices accepted {time.monotonic() - began:.2f} s after publishing")


def test_a_nudge_that_comes_twice_sends_once(told, mailbox):
    told()
    for _ in range(5):
        with transaction.atomic():
            nudge("deliveries")
    wait_until(lambda: Delivery.objects.filter(state=DeliveryState.HANDED_OVER).count() == len(TOLD), "all handed over")
    assert len(mailbox) == len(TOLD)


def test_each_round_leaves_a_sign_of_life(told):
    told()
    wait_until(lambda: EngineSign.objects.filter(name="deliveries").exists(), "a sign of life")


def test_what_was_queued_without_a_worker_is_sent_when_one_comes(celery_worker, organisations, raised, mailbox):
    celery_worker.stop()
    clock.set_to(NOW)
    with transaction.atomic():
        raised()
    assert Delivery.objects.filter(state=DeliveryState.QUEUED).count() == len(TOLD)
    celery_worker.start()
    mailbox.wait_for(len(TOLD))
