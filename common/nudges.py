"""A nudge tells a worker by name that rows wait for it. It is a courtesy: losing one loses nothing.

The row is the queue and beat sweeps it; a nudge only spares people the wait. It is published after commit, with short
timeouts and without retries, and its failure is logged and harmless.
"""

from __future__ import annotations

import time
from functools import cache

import structlog
from celery import current_app
from django.db import transaction
from kombu import Connection, pools

log = structlog.get_logger(__name__)
_tasks: dict[str, str] = {}
PATIENCE = 2
"""Seconds that a page waits for the broker. A worker waits longer, for it has nothing else to do."""
REST = 5
"""Seconds in which nothing is published after a failure, so that a frozen broker holds up one act and not each."""
_rests_until = 0.0


def register(name: str, *, task: str) -> None:
    """`config` maps names to tasks; nobody else knows which task answers to a name."""
    _tasks[name] = task


def registered() -> dict[str, str]:
    return dict(_tasks)


def nudge(name: str) -> None:
    """Wakes whoever answers to `name`, once the running transaction has committed. Raises KeyError for unknown names."""
    task = _tasks[name]
    transaction.on_commit(lambda: _publish(name, task), robust=True)


def _publish(name: str, task: str) -> None:
    global _rests_until  # noqa: PLW0603 (of this process)
    if time.monotonic() < _rests_until:
        return
    try:
        with pools.producers[_line()].acquire(block=True, timeout=PATIENCE) as producer:
            current_app.send_task(task, producer=producer, retry=False, ignore_result=True, expires=300)
    except Exception as error:  # a frozen or absent broker must never harm the page: beat will sweep
        _rests_until = time.monotonic() + REST
        log.warning("nudge_not_published", nudge=name, error=type(error).__name__)


@cache
def _line() -> Connection:
    """How the broker is reached by whoever cannot wait for it."""
    times = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "max_retries": 0}
    return current_app.connection_for_write(transport_options={**current_app.conf.broker_transport_options, **times})
