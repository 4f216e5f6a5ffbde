"""What an attacker can reach: every address with a real object behind it, every method, and what the house wrote meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.access.matrix import MATRIX
from tests.access.test_matrix import OWN_SIGN_IN, address_of
from tests.two_worlds.seen import SIGN_OF_LIFE, plain

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
WRITING = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM|MERGE INTO|COPY)\s+"?(\w+)', re.IGNORECASE)
OF_LOOKING = frozenset({"common_accessentry", "common_auditentry", "django_session", "migrants_export"})
"""What looking alone may write: who saw whom, that somebody looked at a log, which file left, and the session."""
FIXED_HEADERS = ("Date", "Content-Length", "Set-Cookie", "ETag")
"""What an answer says of itself alone: hour, length of a body that is compared anyway, and cookies, which are random."""
ACCOUNT_PAGES = tuple(name for name in MATRIX if name.startswith(OWN_SIGN_IN))
"""Opening one of them may end the session that the other pages need; tests/accounts attacks them."""


@dataclass(frozen=True)
class Reply:
    """What came back for one request: whether it changed anything, and all that an attacker could compare."""

    status: int
    seen: str
    written: frozenset[str]
    questions: int


def attacker(client: Client) -> Client:
    """The client, which gets the page of an error instead of the exception, as in real life."""
    client.raise_request_exception = False
    return client


def addresses(world: Mapping[str, Any], *, without: tuple[str, ...] = ACCOUNT_PAGES) -> dict[str, str]:
    """The address of every page, by the name of its route."""
    return {name: address_of(name, row, dict(world)) for name, row in MATRIX.items() if name not in without}


def address_with(name: str, parameters: Mapping[str, Any]) -> str:
    return reverse(name, kwargs=dict(parameters))


@contextmanager
def writing() -> Iterator[tuple[set[str], list[str]]]:
    """Collects the tables that anything writes to on this connection, and each question that is asked."""
    tables: set[str] = set()
    questions: list[str] = []

    def hear(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if SIGN_OF_LIFE not in str(sql):
            questions.append(str(sql))
        if found := WRITING.match(str(sql)):
            tables.add(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(hear):
        yield tables, questions


def knock(client: Client, method: str, address: str, content: Mapping[str, Any] | None = None) -> Reply:
    """Sends one request and keeps what an attacker can tell of the answer."""
    with writing() as (tables, questions):
        answer = client.post(address, content or {}) if method == "POST" else client.generic(method, address)
    return Reply(answer.status_code, face_of(answer, address), frozenset(tables), len(questions))


def face_of(answer: Any, address: str = "") -> str:
    """Status, headers and body of an answer, without what is random in any answer; the address itself is known anyway."""
    headers = sorted(f"{name}: {value}" for name, value in answer.items() if name not in FIXED_HEADERS)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = "\n".join([str(answer.status_code), *headers, "", body.decode(errors="replace")])
    return plain(text.replace(address, "the address") if address else text)
