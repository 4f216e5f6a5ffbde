"""kill -9 of the worker in the middle of telling: nobody is left untold, and a second copy can be recognised."""

import random
import re
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction

from common.nudges import nudge
from notifications.alerts import Told, raise_alert
from notifications.enums import DeliveryState
from notifications.lines import MOST_IN_HAND
from notifications.models import Alert, Delivery, DeliveryAttempt
from notifications.transports.email import LINES
from partners.models import Channel, Contact, Office, Organisation
from tests.cast import COMMAND, NOW
from tests.notifications.conftest import CONTEXT, demand_kind
from tests.support.waiting import wait_until

__all__ = ["demand_kind"]

KILLS = 20
ORGANISATIONS = 40
LEASE = {"DELIVERY_LEASE_SECONDS": "1"}


@pytest.fixture
def many(transactional_db) -> list[Told]:
    """Institutions with one desk each."""
    told = []
    for number in range(ORGANISATIONS):
        organisation = Organisation.objects.create(code=f"office-{number}", kind="ngo", name_en=f"Office {number}")
        office = Office.objects.create(organisation=organisation, name="main", zone="Asia/Almaty")
        contact = Contact.objects.create(office=office, function="duty desk", language=("en", "ru", "tg")[number % 3])
        Channel.objects.create(contact=contact, kind="email", email=f"desk@office-{number}.example")
        told.append(Told(organisation))
    return told


def raise_and_wake(told: list[Told], number: int) -> Alert:
    with transaction.atomic():
        return raise_alert(
            kind="demand", source=f"kill:{number}", subject="crossing:KZ-UZ-01", context=CONTEXT, told=told,
            expires_at=NOW + timedelta(days=4000), by=COMMAND, at=NOW,
        )  # fmt: skip


def wake() -> None:
    with transaction.atomic():
        nudge("deliveries")


def is_done(alert: Alert) -> bool:
    return not Delivery.objects.filter(notice__alert=alert).exclude(state=DeliveryState.HANDED_OVER).exists()


@pytest.mark.deep
def test_a_worker_killed_while_telling_leaves_nobody_untold(many, celery_worker, mailbox):
    """At 20 random points; both counts are printed."""
    chance = random.Random(4127)
    killed_in_flight = 0
    for number in range(KILLS):
        before = len(mailbox)
        point = chance.randrange(ORGANISATIONS)
        alert = raise_and_wake(many, number)
        wait_until(lambda before=before, point=point: len(mailbox) >= before + point, f"message {point}")  # type: ignore[misc]
        time.sleep(chance.random() * 0.01)
        celery_worker.kill()
        killed_in_flight += Delivery.objects.filter(notice__alert=alert, state=DeliveryState.IN_FLIGHT).count()
        celery_worker.start(**LEASE)
        deadline = time.monotonic() + 60
        while not is_done(alert):
            assert time.monotonic() < deadline, "deliveries were left behind"
            wake()
            time.sleep(0.3)
    copies: Counter[str] = Counter()
    links: dict[str, set[str]] = {}
    for message in mailbox.messages():
        copies[message["Message-ID"]] += 1
        texts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
        links.setdefault(message["Message-ID"], set()).update(re.findall(r"/a/([\w-]{44})/", " ".join(texts)))
    deliveries = {row.message_id: row for row in Delivery.objects.all()}
    taken_over = set(DeliveryAttempt.objects.filter(outcome="in_flight").values_list("delivery", flat=True))
    never = [message_id for message_id in deliveries if copies[message_id] == 0]
    twice = [message_id for message_id, number in copies.items() if number > 1]
    said = f"{KILLS} kills, {len(deliveries)} deliveries: {len(never)} never told, {len(twice)} told twice"
    print(f"{said}; {len(taken_over)} taken over of {killed_in_flight} in flight or claimed at a kill")
    assert never == []
    assert set(copies) == set(deliveries)
    assert max(copies.values()) <= 2
    assert len(twice) <= KILLS * MOST_IN_HAND * LINES
    assert all(deliveries[message_id].public_id in taken_over for message_id in twice)
    assert all(len(found) == 1 for found in links.values())
