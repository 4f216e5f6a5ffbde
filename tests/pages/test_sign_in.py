"""Signing in with e-mail and password, in a real browser with its own idea of referrers and origins."""

import pytest
from playwright.sync_api import Page, expect

from partners.enums import Role

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "four unlikely words together"


@pytest.fixture
def coordinator(accounts):
    user = accounts[Role.COORDINATOR]
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in_with(page: Page, email: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.get_by_role("button", name="Sign in").click()


def test_a_coordinator_signs_in_and_sees_the_board(coordinator, page):
    sign_in_with(page, coordinator.email, PASSWORD)
    page.wait_for_url(lambda address: "/accounts/" not in address)
    expect(page.locator(".shell")).to_contain_text("Board")


def test_a_wrong_password_says_so_and_signs_nobody_in(coordinator, page, page_problems):
    sign_in_with(page, coordinator.email, "not the password")
    expect(page.locator("main")).to_contain_text("not correct")
    assert "/accounts/login/" in page.url
    page_problems.clear()
