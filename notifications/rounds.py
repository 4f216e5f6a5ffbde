"""One round of the sender: its two clocks, and what came of it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from common.actors import Actor
from common.audience import Audience

SENDER = Actor.task("send_deliveries")
AUDIENCE = Audience.task("send_deliveries")


@dataclass
class SendSummary:
    """How many deliveries of a round ended how."""

    handed_over: int = 0
    to_retry: int = 0
    failed: int = 0
    ended: int = 0

    def __bool__(self) -> bool:
        return any((self.handed_over, self.to_retry, self.failed, self.ended))


class Watch:
    """Business and wall time going on from the moment that the face read them."""

    def __init__(self, *, real_at: datetime, at: datetime) -> None:
        self._real_at, self._at, self._began = real_at, at, time.monotonic()

    @property
    def passed(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._began)

    @property
    def real(self) -> datetime:
        return self._real_at + self.passed

    @property
    def business(self) -> datetime:
        return self._at + self.passed
