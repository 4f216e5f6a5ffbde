"""What the engine does for this floor. Each task finds its rows, and may be lost, late or run twice."""

from __future__ import annotations

from celery import shared_task

from common import clock
from common.actors import Actor
from common.audience import Audience, asking
from partners import quarantine, unreached
from partners.verification import verified_for


@shared_task(name="partners.tasks.tell_of_quarantine")
def tell_of_quarantine() -> None:
    """Afterwards whoever answers for it was told of every file that was locked away."""
    name = "tell_of_quarantine"
    quarantine.tell(within=lambda: asking(Audience.task(name)), by=Actor.task(name), at=clock.now())


@shared_task(name="partners.tasks.look_for_unreached")
def look_for_unreached() -> None:
    """Afterwards it is written down which of those who are to be told could not be reached now."""
    with asking(Audience.task("look_for_unreached")):
        unreached.look(verified_for=verified_for(), by=Actor.task("look_for_unreached"), at=clock.now())
