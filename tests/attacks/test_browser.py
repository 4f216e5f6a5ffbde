"""Every page in a real browser as each role: what the strict policy forbids, no page tries, and none asks another house."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from partners.enums import Role
from tests.access.matrix import MATRIX
from tests.access.world import make_world
from tests.attacks.surface import addresses
from tests.cast import sign_in_as

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.deep]
FEWEST = {None: 2, Role.COORDINATOR: 50}
"""How many pages there are at least, so that a walk past closed doors counts for nothing; 5 for the others."""


@pytest.fixture
def world(group, crossing, organisations):
    return make_world(group, crossing, organisations)


@pytest.mark.parametrize("role", [None, *Role.values])
def test_no_page_tries_what_the_policy_forbids(role, world, accounts, context, live_server):
    """Opens each page, those of the coordinator once; hears scripts, policy and requests. Files are fetched, not opened."""
    if role is not None:
        cookie = sign_in_as(accounts[role]).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page, heard, opened = context.new_page(), [], 0
    page.on("console", lambda said: heard.append(_words(said)) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda asked: heard.append(asked.url) if _elsewhere(asked.url, live_server.url) else None)
    wrong: dict[str, list[str]] = {}
    for name, address in addresses(world).items():
        if _seen_by_the_coordinator(name, role):
            continue
        answer = context.request.get(address)
        if answer.ok and answer.body().lstrip()[:9].lower() == b"<!doctype":  # a panel alone is no page
            heard.clear()
            page.goto(address)
            opened += 1
            if heard:
                wrong[name] = list(heard)
    assert wrong == {}
    assert opened >= FEWEST.get(role, 5)


def _seen_by_the_coordinator(name: str, role: str | None) -> bool:
    """Whether the coordinator opens the page too; then nobody else need wait for the same template."""
    who = MATRIX[name].who
    return role not in (None, Role.COORDINATOR) and isinstance(who, frozenset) and Role.COORDINATOR in who


def _words(said: Any) -> str:
    """What the browser said, and about which address."""
    return f"{said.text} {said.location.get('url', '')}"


def _elsewhere(address: str, house: str) -> bool:
    return urlsplit(address).scheme not in ("data", "blob") and not address.startswith(house)
