"""What somebody sees of a world: bytes and SQL of every answer, without what is random in any world."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import md5
from typing import Any

from django.db import connection
from openpyxl import load_workbook

from partners.access import Permission
from tests.access.routes import Route

UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
RANDOM = (
    (re.compile(r'(csrfmiddlewaretoken" value="|"X-CSRFToken": ")[^"]+'), r"\1token"),
    (re.compile(r"/([ad])/[A-Za-z0-9_-]{44,}/"), r"/\1/token/"),
    (re.compile(r"\bwhsec_[A-Za-z0-9+/=_-]{20,}"), "secret"),  # drawn anew at each exchange
    (re.compile(r"(\d\d:\d\d):\d\d(\.\d+)?"), r"\1"),  # the clock goes on while the page is read
    (re.compile(r'(data-label="Last seen">[^<:]*?)\d\d:\d\d'), r"\1minute"),  # of a device, in wall time
    (re.compile(r'"fingerprint" value="[0-9a-f]{64}"'), '"fingerprint"'),  # of a draft with a random reference
    (re.compile(r"\bs\d+_x\d+\b"), "savepoint"),
    (re.compile(r"\bR-[0-9A-F]{8}\b"), "R-number"),  # of a letter that asks for documents, drawn by lot
    (re.compile(r"\bE-[0-9A-F]{8}\b"), "E-number"),  # of an export, drawn by lot
)
SIGN_OF_LIFE = "notifications_enginesign"
"""Whether the engine is silent is asked once in a while, whoever looks."""
ONCE_IN_A_WHILE = (SIGN_OF_LIFE, 'UPDATE "accounts_tokengrant" SET "last_used_at"')
"""So is written when a token was used last."""
HEADERS = ("Content-Type", "Location", "ETag", "Content-Disposition", "Content-Language", "Cache-Control", "Vary")


@dataclass(frozen=True)
class Answer:
    """One answer: `body` with status and headers, and each statement that the database was asked, in order."""

    body: str
    statements: tuple[str, ...] = ()


Seen = dict[str, Answer]


def plain(text: str) -> str:
    """Takes out what is random: tokens, seconds, and references, which become the order in which they first appear."""
    for pattern, instead in RANDOM:
        text = pattern.sub(instead, text)
    order: dict[str, str] = {}
    return UUID.sub(lambda found: order.setdefault(found[0], f"reference-{len(order) + 1}"), text)


@contextmanager
def listening() -> Iterator[list[str]]:
    """Collects the text of every statement on this connection; values stay out of it, their number does not."""
    heard: list[str] = []

    def hear(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not any(said in str(sql) for said in ONCE_IN_A_WHILE):
            heard.append(plain(str(sql)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(hear):
        yield heard


def look(ask: Callable[[], Any]) -> Answer:
    """Asks for one page, file or resource and keeps what an outsider can tell of it."""
    with listening() as statements:
        response = ask()
        content = b"".join(response.streaming_content) if response.streaming else response.content
    text = cells_of(content) if content.startswith(b"PK") else content.decode(errors="replace")
    given = {name: response[name] for name in HEADERS if name in response}
    if response.get("ETag", "").strip('W/"') == md5(content, usedforsecurity=False).hexdigest():
        given["ETag"] = "made of what is read"  # with every random reference in it
    headers = "\n".join(f"{name}: {value}" for name, value in given.items())
    return Answer(plain(f"{response.status_code}\n{headers}\n\n{text}"), tuple(statements))


def cells_of(content: bytes) -> str:
    """The cells of a spreadsheet, a line for each row."""
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return "\n".join(" | ".join(map(str, row)) for row in sheet.iter_rows(values_only=True))


def differences(one: Seen, other: Seen) -> list[str]:
    """A sentence for each thing that does not look the same in both worlds; none if nobody can tell them apart."""
    told = [f"{name} can be reached in one world only" for name in sorted(set(one) ^ set(other))]
    for name in sorted(set(one) & set(other)):
        first, second = one[name], other[name]
        if first.body != second.body:
            told.append(f"{name} shows {_first_difference(first.body.splitlines(), second.body.splitlines())}")
        elif first.statements != second.statements:
            told.append(f"{name} asks {_first_difference(list(first.statements), list(second.statements))}")
    return told


def _first_difference(one: list[str], other: list[str]) -> str:
    for first, second in zip([*one, ""], [*other, ""], strict=False):
        if first != second:
            start = next((n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), 0)
            around = slice(max(start - 60, 0), start + 140)
            return f"“{first[around]}” in one world and “{second[around]}” in the other"
    return f"{len(one)} lines in one world and {len(other)} in the other"


def without_place(routes: list[Route], places: set[str], outside: set[Permission]) -> set[str]:
    """Routes that nobody compares although their door opens to somebody `outside`; there must be none."""
    return {
        route.name
        for route in routes
        if route.name not in places and (route.opens_to is None or route.opens_to & outside)
    }
