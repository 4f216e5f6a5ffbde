"""Every page in a real browser as each role: what the strict policy forbids, no page tries, and none asks another house."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext

from partners.enums import Role
from tests.access.matrix import MATRIX
from tests.access.world import make_world
from tests.attacks.surface import addresses
from tests.cast import sign_in_as

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.deep]
FEWEST: dict[str | None, int] = {None: 2, Role.COORDINATOR: 50}
"""How many pages there are at least, so that a walk past closed doors counts for nothing; 5 for the others."""


@pytest.fixture
def world(group, crossing, organisations):
    return make_world(group, crossing, organisations)


def test_no_page_tries_what_the_policy_forbids(world, accounts, browser, live_server):
    """Opens each page as each role, those of the coordinator once; hears scripts, policy and requests."""
    told = {}
    for role in (None, *Role.values):
        with browser.new_context(base_url=live_server.url) as context:
            if role is not None:
                cookie = sign_in_as(accounts[role]).cookies["sessionid"].value
                context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
            wrong, opened = walked(context, [*_own_addresses(world, role)], live_server.url)
        assert opened >= FEWEST.get(role, 5), role
        if wrong:
            told[role] = wrong
    assert told == {}


def walked(context: BrowserContext, ways: list[str], house: str) -> tuple[dict[str, list[str]], int]:
    """Returns what the browser complained of, by address, and how many pages it opened. Files are fetched, not opened."""
    page, heard, opened = context.new_page(), list[str](), set[str]()
    page.on("console", lambda said: heard.append(_words(said)) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda asked: heard.append(asked.url) if _elsewhere(asked.url, house) else None)
    wrong: dict[str, list[str]] = {}
    for address in ways:
        answer = context.request.get(address)
        there = answer.url.partition("?")[0]  # a closed door leads to the one page of signing in
        if answer.ok and there not in opened and answer.body().lstrip()[:9].lower() == b"<!doctype":  # no panel alone
            heard.clear()
            page.goto(address)
            opened.add(there)
            if heard:
                wrong[address] = list(heard)
    return wrong, len(opened)


def _own_addresses(world: dict[str, Any], role: str | None) -> Iterator[str]:
    return (address for name, address in addresses(world).items() if not _seen_by_the_coordinator(name, role))


def _seen_by_the_coordinator(name: str, role: str | None) -> bool:
    """Whether the coordinator opens the page too; then nobody else need wait for the same template."""
    who = MATRIX[name].who
    return role not in (None, Role.COORDINATOR) and isinstance(who, frozenset) and Role.COORDINATOR in who


def _words(said: Any) -> str:
    """What the browser said, and about which address."""
    return f"{said.text} {said.location.get('url', '')}"


def _elsewhere(address: str, house: str) -> bool:
    return urlsplit(address).scheme not in ("data", "blob") and not address.startswith(house)
