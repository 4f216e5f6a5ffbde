"""Signing in in a real browser, with its own idea of referrers and origins: password, code, passkey."""

import pytest
from playwright.sync_api import Page, expect

from tests.accounts.conftest import PASSWORD, code_for, coordinator, enrolled, shown_by_app

__all__ = ["coordinator", "enrolled"]
pytestmark = pytest.mark.django_db(transaction=True)
FINGER = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
          "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip


def give_password(page: Page, email: str, password: str = PASSWORD) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def is_on_the_board(page: Page) -> None:
    page.wait_for_url(lambda address: "/accounts/" not in address)
    expect(page.locator(".shell")).to_contain_text("Board")


def test_a_coordinator_signs_in_with_password_and_code_and_next_time_with_the_password(enrolled, page):
    give_password(page, enrolled.email)
    page.fill("input[name=code]", shown_by_app(enrolled))
    page.get_by_role("button", name="Continue").click()
    is_on_the_board(page)
    page.locator(".topline details.menu summary").click()
    page.locator(".topline").get_by_role("button", name="Sign out").click()
    give_password(page, enrolled.email)
    is_on_the_board(page)


def test_a_wrong_password_says_so_and_signs_nobody_in(coordinator, page, page_problems):
    give_password(page, coordinator.email, "not the password")
    expect(page.locator("main")).to_contain_text("not correct")
    assert "/accounts/login/" in page.url
    page_problems.clear()


def test_whoever_has_no_second_factor_sets_up_an_app_and_keeps_the_codes(coordinator, page):
    give_password(page, coordinator.email)
    secret = page.locator(".secret-letters").inner_text().replace(" ", "")
    assert page.locator("img.qr").evaluate("picture => picture.naturalWidth") > 100
    page.fill("input[name=code]", code_for(secret))
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    with page.expect_download() as kept:
        page.get_by_role("link", name="Download").click()
    assert page.locator(".recovery-codes li").first.inner_text() in kept.value.path().read_text()
    page.get_by_role("link", name="I have kept them").click()
    is_on_the_board(page)


def test_a_passkey_is_made_right_after_the_password_and_signs_in_without_it(coordinator, context, page, live_server):
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})
    site = live_server.url.replace("127.0.0.1", "localhost")  # a passkey belongs to a name, never to a number
    page.goto(f"{site}/accounts/login/")
    page.fill("input[name=login]", coordinator.email)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Use a passkey of this device").click()
    page.get_by_role("link", name="I have kept them").click()
    is_on_the_board(page)
    context.clear_cookies()
    page.goto(f"{site}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    is_on_the_board(page)
