"""Asks pages of the real WSGI application in this process, as a signed-in account, through a given database session."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, urlsplit
from wsgiref.types import WSGIEnvironment
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from accounts.models import User
from accounts.sign_ins import FACTOR
from bench.rounds import Cost
from common.audience import Audience, asking
from config.wsgi import application


class Face:
    """A browser of one account that has signed in, with a second factor."""

    application: WSGIHandler = application

    def __init__(self, email: str) -> None:
        with asking(Audience.command("bench")):
            user = User.objects.get(email=email)
            session = import_module(settings.SESSION_ENGINE).SessionStore()
            session[FACTOR] = "bench"
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session.save()
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"

    def get(self, address: str, *, through: DatabaseWrapper) -> Cost:
        """Ask one page through a session of the database; give what it cost. Raises AskingError unless it answers 200."""
        path, _separator, query = address.partition("?")
        environ: WSGIEnvironment = {
            "PATH_INFO": path,
            "QUERY_STRING": quote(query, safe="=&"),
            "HTTP_HOST": settings.ALLOWED_HOSTS[0],
            "HTTP_COOKIE": self.cookie,
            "wsgi.input": BytesIO(),
        }
        setup_testing_defaults(environ)
        statuses: list[str] = []
        gc.collect()  # else the garbage of many questions is swept in one, at regular turns: always on the same side
        with asked_through(through) as costs:
            answer = self.application(environ, lambda status, headers, error=None: statuses.append(status))  # type: ignore[arg-type]
            b"".join(answer)
            answer.close()
        if statuses != ["200 OK"]:
            raise AskingError(f"{address} answered {statuses[0]}")
        return costs[0]


class AskingError(Exception):
    """A page did not answer as it should, so what it cost says nothing."""


@contextmanager
def asked_through(wrapper: DatabaseWrapper) -> Iterator[list[Cost]]:
    """Everything that asks the database asks it through `wrapper` meanwhile; the list has the cost afterwards.

    Work is what this process and the server's process of that session did, as the kernel counts it.
    """
    usual, costs = connections["default"], list[Cost]()
    wrapper.ensure_connection()
    counted = Path(f"/proc/{wrapper.connection.info.backend_pid}/schedstat")
    connections["default"] = wrapper
    before = _worked(counted), time.perf_counter()
    try:
        yield costs
        costs.append(Cost(_worked(counted) - before[0], time.perf_counter() - before[1]))
    finally:
        connections["default"] = usual


def _worked(counted: Path) -> float:
    return time.process_time() + int(counted.read_text().split()[0]) / 1e9


def session(address: str) -> DatabaseWrapper:
    """Give a session of its own on the database at `address`, with the settings of the product's.

    It starts no processes beside its own, whose work would be counted nowhere.
    """
    parts, usual = urlsplit(address), connections["default"].settings_dict
    alone = f"{usual['OPTIONS'].get('options', '')} -c max_parallel_workers_per_gather=0"
    return DatabaseWrapper(
        {
            **usual,
            "CONN_MAX_AGE": None,  # the process that is counted must stay the same
            "NAME": parts.path.lstrip("/"),
            "USER": parts.username,
            "PASSWORD": parts.password,
            "OPTIONS": {**usual["OPTIONS"], "options": alone},
        },
        "default",
    )
