"""What the engine does. Each task carries no data: it finds its rows, and may be lost, late or run twice."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings

from common import clock, live
from common.actors import Actor
from common.audience import Audience, asking
from common.partitions import ensure_months
from notifications import deliveries, engine_trouble, escalation, expiry, heartbeat, troubles, watchdog
from notifications.waiting import NOTICES
from notifications.webhooks import posts


@shared_task(name="notifications.tasks.send_deliveries")
def send_deliveries() -> None:
    """Afterwards everything that was due is handed over, waits for its next try, or has failed for good."""
    if deliveries.send_due(real_at=clock.real_now(), at=clock.now()):
        live.tell(NOTICES)
    _sign("deliveries")


@shared_task(name="notifications.tasks.send_webhooks")
def send_webhooks() -> None:
    """Afterwards every post to a subscribed address was tried that was due."""
    posts.send_due(real_at=clock.real_now(), at=clock.now())
    _sign("webhooks")


@shared_task(name="notifications.tasks.tell_of_channels")
def tell_of_channels() -> None:
    """Afterwards those who can mend it were told of every channel that was switched off or is held."""
    name = "tell_of_channels"
    troubles.tell(within=lambda: asking(Audience.task(name)), by=Actor.task(name), at=clock.now())


@shared_task(name="notifications.tasks.escalate")
def escalate() -> None:
    """Afterwards no step whose hour has come is pending."""
    escalation.escalate_due(at=clock.now())
    _sign("escalation")


@shared_task(name="notifications.tasks.sweep")
def sweep() -> None:
    """Afterwards no ended notice waits for an answer, the partitions of the months ahead exist, and silence is told."""
    # Each act in a transaction of its own: the one locks notices, the other the numbers of alerts, as publishing does in turn.
    with asking(Audience.task("sweep")):
        expiry.expire_due(at=clock.now())
    with asking(Audience.task("sweep")):
        for moment in {clock.now(), clock.real_now()}:
            ensure_months(around=moment)
    with asking(Audience.task("sweep")):
        for part, since in watchdog.silent_parts(real_at=clock.real_now()).items():
            engine_trouble.tell_of_silence(part=part, since=since, by=Actor.task("sweep"), at=clock.now())


@shared_task(name="notifications.tasks.beat_lives")
def beat_lives() -> None:
    """Afterwards it is written down that beat sent something: nothing else wakes this task."""
    _sign("beat")


@shared_task(name="notifications.tasks.beat_outside")
def beat_outside() -> None:
    """Afterwards the address outside has heard of us, where there is one and all is well here."""
    if not settings.HEARTBEAT_URL:
        return
    with asking(Audience.task("beat_outside")):
        well = heartbeat.is_well(at=clock.now(), real_at=clock.real_now())
    if well:
        heartbeat.beat_outside()


def _sign(name: str) -> None:
    with asking(Audience.task(name)):
        watchdog.sign(name, real_at=clock.real_now())
