"""Who asks in a test: the test itself is `command:tests` and sees everything; what it calls through a face is nobody.

So a page, a task or a command that forgets to say who is asking sees no row, and its test fails. A real server's or
worker's connection has no audience by nature; here one connection serves both, and hands over at the door.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from celery.app.task import Task
from django.core.management import BaseCommand
from django.core.signals import request_finished, request_started
from django.db import connection
from django.db.backends.signals import connection_created
from psycopg.pq import TransactionStatus

from common.audience import SETTING, Audience

NOBODY = ""
_local = threading.local()


def tell(told: str) -> None:
    """Puts `told` on this thread's connection, now and when it opens one."""
    _local.told = told
    session = connection.connection
    if session is not None and not session.closed and session.info.transaction_status != TransactionStatus.INERROR:
        session.execute("select set_config(%s, %s, false)", [SETTING, told])


def begin() -> None:
    """Lets the test that begins ask, however the one before it ended: a request that raised never says that it ended."""
    _local.outside = Audience.command("tests").to_json()
    tell(_local.outside)


def told_now() -> str:
    """What a connection of this thread is told when nobody speaks: at first, that the tests ask."""
    return getattr(_local, "told", Audience.command("tests").to_json())


@contextmanager
def nobody_asks() -> Iterator[None]:
    """What is called inside has to say itself who is asking."""
    before = told_now()
    tell(NOBODY)
    try:
        yield
    finally:
        tell(before)


def _begins(**signal: Any) -> None:
    _local.outside = told_now()
    tell(NOBODY)


def _ends(**signal: Any) -> None:
    tell(getattr(_local, "outside", Audience.command("tests").to_json()))


def _opened(connection: Any, **signal: Any) -> None:
    if connection.alias == "default" and told_now():
        with connection.cursor() as cursor:
            cursor.execute("select set_config(%s, %s, false)", [SETTING, told_now()])


def _by_nobody(call: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(call)
    def called(*args: Any, **kwargs: Any) -> Any:
        with nobody_asks():
            return call(*args, **kwargs)

    return called


request_started.connect(_begins, dispatch_uid="tests.audience")
request_finished.connect(_ends, dispatch_uid="tests.audience")
connection_created.connect(_opened, dispatch_uid="tests.audience")
setattr(Task, "__call__", _by_nobody(Task.__call__))  # noqa: B010 (hidden from its types)
setattr(BaseCommand, "execute", _by_nobody(BaseCommand.execute))  # noqa: B010
