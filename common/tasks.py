"""What the lowest floor does by itself."""

import structlog
from celery import shared_task

from common import chain, clock, partitions, seals
from common.actors import Actor
from common.audience import Audience, asking

log = structlog.get_logger(__name__)
A_DAY_OF_SEALS = 24 * 60


@shared_task(name="common.tasks.make_months_ahead")
def make_months_ahead() -> None:
    """The partitions of this month and the two after it exist."""
    with asking(Audience.task("make_months_ahead")):
        for moment in {clock.now(), clock.real_now()}:  # history is of wall time
            partitions.ensure_months(around=moment)


@shared_task(name="common.tasks.seal_history")
def seal_history() -> None:
    """Every act, look and row of history whose transaction has ended is sealed."""
    with asking(Audience.task("seal_history")):
        seals.seal()


@shared_task(name="common.tasks.check_history")
def check_history() -> None:
    """The seals of the last day, with all rows under them, have been computed anew, and a row says what was found."""
    with asking(Audience.task("check_history"), steady=True):
        done, _ = chain.check(
            since=chain.newest(A_DAY_OF_SEALS),
            by=Actor.task("check_history"),
            at=clock.now(),
            real_at=clock.real_now(),
        )
        if done.faults:
            log.error("history_does_not_agree", faults=done.faults, first=done.first_fault)
