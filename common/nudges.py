"""A nudge tells a worker by name that rows wait for it. It is a courtesy: losing one loses nothing.

The row is the queue and beat sweeps it; a nudge only spares people the wait. It is published after commit, with short
timeouts and without retries, and its failure is logged and harmless.
"""

from __future__ import annotations

import structlog
from celery import current_app
from django.db import transaction

log = structlog.get_logger(__name__)
_tasks: dict[str, str] = {}


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
    try:
        current_app.send_task(task, retry=False, ignore_result=True, expires=300)
    except Exception as error:  # a frozen or absent broker must never harm the page: beat will sweep
        log.warning("nudge_not_published", nudge=name, error=type(error).__name__)
