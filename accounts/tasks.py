"""What the engine does for accounts by itself."""

from celery import shared_task

from accounts import sign_ins
from common import clock
from common.audience import Audience, asking


@shared_task(name="accounts.tasks.forget_ended_sessions")
def forget_ended_sessions() -> None:
    """Takes away sessions and remembered devices that have ended by themselves."""
    with asking(Audience.task("forget_ended_sessions")):
        sign_ins.forget_ended(real_at=clock.real_now())
