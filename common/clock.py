"""The only clock that business code may know, read by faces alone (views, API, tasks, commands).

`now()` is wall time, plus an offset row that exists only where `DEMO_CLOCK=1`: so a demonstration can play
1 October 2020 while leases, retries and latency keep using real time (`real_now`).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings

from common.models import ClockOffset


class ClockError(Exception):
    """The demonstration clock was asked to move where there is none."""


def real_now() -> datetime:
    """Wall time in UTC, for leases, retries and latency only."""
    return datetime.now(UTC)


def now() -> datetime:
    """Business time in UTC: wall time, or the demonstration's."""
    if not settings.DEMO_CLOCK:
        return real_now()
    offset = ClockOffset.objects.values_list("offset", flat=True).first()
    return real_now() + (offset or timedelta())


def set_to(moment: datetime) -> datetime:
    """Moves the demonstration clock to `moment` (aware) and returns the new business time."""
    _require_demonstration()
    ClockOffset.objects.update_or_create(pk=1, defaults={"offset": moment - real_now()})
    return now()


def advance(by: timedelta) -> datetime:
    """Moves the demonstration clock by `by` and returns the new business time."""
    return set_to(now() + by)


def _require_demonstration() -> None:
    if not settings.DEMO_CLOCK:
        raise ClockError("The clock can be moved only where DEMO_CLOCK=1; this place runs on wall time.")
