"""What the lowest floor does by itself."""

from celery import shared_task

from common import clock, partitions
from common.audience import Audience, asking


@shared_task(name="common.tasks.make_months_ahead")
def make_months_ahead() -> None:
    """The partitions of this month and the two after it exist."""
    with asking(Audience.task("make_months_ahead")):
        for moment in {clock.now(), clock.real_now()}:  # history is of wall time
            partitions.ensure_months(around=moment)
