"""What the engine does for this floor. Each task finds its rows, and may be lost, late or run twice."""

from __future__ import annotations

from celery import shared_task

from common import clock
from common.actors import Actor
from common.audience import Audience, asking
from corridors import standing_changes


@shared_task(name="corridors.tasks.note_lapses")
def note_lapses() -> None:
    """Afterwards every corridor that ended by the hour is written down as such, and who asked for it knows.

    Whoever could end a suspension that stands for hours has been reminded of it.
    """
    with asking(Audience.task("note_lapses")):
        by, at = Actor.task("note_lapses"), clock.now()
        standing_changes.note_lapses(by=by, at=at)
        standing_changes.remind_of_suspensions(by=by, at=at)
