"""Who is refused gets a sentence, and the log one line: no trace that could fill it, and nothing of what was sent."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from structlog.stdlib import ProcessorFormatter

pytestmark = pytest.mark.django_db
SENT = "Қурбонова-sent"
SIGN_IN = "/accounts/login/"
OTHER_HOST = "elsewhere.example"


def without_boundary(client: Client) -> Any:
    return client.post(SIGN_IN, f"--x\r\n{SENT}".encode(), content_type="multipart/form-data; boundary=")


REFUSED: dict[str, Callable[[Client], Any]] = {
    "a NUL in a field": lambda client: client.post(SIGN_IN, {"login": f"a\0{SENT}"}),
    "a NUL in the name of a field": lambda client: client.post(SIGN_IN, {f"a\0{SENT}": "b"}),
    "a NUL behind the question mark": lambda client: client.get(SIGN_IN, {"next": f"\0{SENT}"}),
    "a NUL in the address": lambda client: client.get("/rules/%00/KAZ/UZB/"),
    "a NUL in the address of a feed": lambda client: client.get("/rules/a%00b.atom"),
    "a NUL in the address of the API": lambda client: client.get("/api/v1/crossings/a%00b/"),
    "a NUL in the cookie of the session": lambda client: client.get(
        SIGN_IN, headers={"cookie": 'sessionid="\\000abcdefgh"'}
    ),
    "a NUL in the cookie of the language": lambda client: client.get(
        SIGN_IN, headers={"cookie": 'django_language="\\000"'}
    ),
    "parts without a boundary": without_boundary,
    "another host": lambda client: client.get(SIGN_IN, headers={"host": OTHER_HOST}),
    "too many fields": lambda client: client.post(SIGN_IN, {f"{SENT}{number}": "" for number in range(2100)}),
    "a form without its token": lambda client: Client(enforce_csrf_checks=True).post(SIGN_IN, {"login": SENT}),
}


def lines_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The warnings and errors as the console of the server gets them; that a request was answered is said of each one."""
    console = next(each for each in logging.getLogger().handlers if isinstance(each.formatter, ProcessorFormatter))
    lines = [
        console.format(line) for line in caplog.records if line.levelno >= logging.WARNING and console.filter(line)
    ]
    return [line for line in lines if "request_finished" not in line]


@pytest.mark.parametrize("what", REFUSED)
def test_a_refusal_is_one_line_without_a_trace_and_without_what_was_sent(what, caplog):
    answer = REFUSED[what](Client(raise_request_exception=False))
    lines = lines_of(caplog)
    assert 400 <= answer.status_code < 500, what
    assert len(answer.content) > 100, "there is a sentence for whoever is no attacker"
    assert len(lines) == 1, lines
    assert "Traceback" not in lines[0]
    assert SENT not in lines[0]
    assert len(lines[0]) < 1000


def test_a_long_address_makes_no_long_line(caplog):
    Client(raise_request_exception=False).get(f"/{'x' * 8000}/%00")
    assert max(map(len, lines_of(caplog))) < 1000
