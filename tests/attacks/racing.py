"""Two acts at the very same moment, on two connections: each waits before its first write until the other is there too."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

TOGETHER = 0.7
"""Seconds for which one waits before it writes; an act that is held by a lock of the other never arrives."""
WRITE = re.compile(r"^\s*(?:INSERT|UPDATE|DELETE|MERGE|COPY)\b", re.IGNORECASE)


@dataclass
class Ended:
    """How an act ended: with a result, or with the error that somebody would read."""

    result: Any = None
    error: BaseException | None = None


def race(*acts: Callable[[], Any]) -> list[Ended]:
    """Does all acts at once, each on a connection of its own, and returns how each ended, in their order.

    Everybody stops before its first write until all stand there, or until one has waited long enough: without a lock in the
    house, all have then read the same state, and a race that is possible is lost each time and not once in a thousand.
    """
    start, writing = threading.Barrier(len(acts)), threading.Barrier(len(acts))
    ends = [Ended() for _ in acts]
    threads = [
        threading.Thread(target=_run, args=(act, end, start, writing)) for act, end in zip(acts, ends, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "an act has waited for a minute"
    return ends


def _run(act: Callable[[], Any], end: Ended, start: threading.Barrier, writing: threading.Barrier) -> None:
    arrived = False

    def wait(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal arrived
        if not arrived and WRITE.match(str(sql)):
            arrived = True
            meet(writing)
        return execute(sql, params, many, context)

    try:
        start.wait(20)
        with connection.execute_wrapper(wait):
            end.result = act()
    except Exception as error:  # whatever it is, the test looks at it
        end.error = error
    finally:
        connection.close()


def meet(barrier: threading.Barrier) -> None:
    try:
        barrier.wait(TOGETHER)
    except threading.BrokenBarrierError:
        return


def winners(ends: Sequence[Ended]) -> list[Ended]:
    return [end for end in ends if end.error is None]


def sentences(ends: Sequence[Ended]) -> list[str]:
    """What those who lost were told."""
    return [str(end.error) for end in ends if end.error is not None]
