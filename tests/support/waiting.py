"""Looking again until something has happened, for whatever runs in another process."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")


class WaitedInVainError(AssertionError):
    """It did not happen in time; the sentence says what was waited for."""


def wait_until(happened: Callable[[], Seen], what: str, *, seconds: float = 20) -> Seen:
    """Looks every 50 ms until `happened()` gives something true and returns it.

    Raises WaitedInVainError with `what` after so many seconds.
    """
    deadline = time.monotonic() + seconds
    while not (seen := happened()):
        if time.monotonic() > deadline:
            raise WaitedInVainError(f"waited {seconds:g} s for {what}")
        time.sleep(0.05)
    return seen
