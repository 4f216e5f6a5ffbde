"""Real Chromium for the browser journeys."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from deploy.local.testing import browser_options, which_browser
from tests.support.servers import LiveServer


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the process; each test has a context of its own."""
    program = which_browser()
    if program is None:
        pytest.fail("There is no Chromium; run bin/test without arguments once as root, or: apt install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=browser_options())
        yield chromium
        chromium.close()


@pytest.fixture
def page_problems() -> list[str]:
    """What the browser complained of (scripts, policy, missing files). Clear it where you expect some."""
    return []


def watch(page: Page, problems: list[str]) -> Page:
    """Collects the page's complaints and makes it give up sooner than the default."""
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.set_default_timeout(15_000)
    return page


@pytest.fixture
def context(browser: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """A fresh browser profile at 1440 px whose relative addresses are those of the live server."""
    opened = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900}, locale="en-GB")
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, page_problems: list[str]) -> Iterator[Page]:
    """A page; the test fails at its end when the browser complained of anything."""
    yield watch(context.new_page(), page_problems)
    assert page_problems == []


@pytest.fixture
def phone(browser: Browser, live_server: LiveServer, page_problems: list[str]) -> Iterator[Page]:
    """The same on a phone, 390 px wide."""
    opened = browser.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, has_touch=True, locale="en-GB"
    )
    yield watch(opened.new_page(), page_problems)
    opened.close()
    assert page_problems == []
