"""Two windows: what is done in one is seen in the other at once, without loading it again."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from common import clock
from config import armour
from partners.enums import Role
from tests.cast import NOW
from tests.support.eyes import faults_of
from tests.support.live import LiveProcess
from tests.support.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def liaison(context, live_server, sign_in, settings):
    """A browser in which a liaison officer is signed in, with pages that listen."""
    clock.set_to(NOW + timedelta(minutes=5))
    cookie = sign_in(Role.LIAISON).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    started = LiveProcess(key=settings.LIVE_KEY, public_address=live_server.url)
    settings.LIVE_ADDRESS = started.address
    settings.CONTENT_SECURITY_POLICY = armour.policy(listening_at=started.address, public=live_server.url)
    wait_until(lambda: started.status("/readyz") == 200, "the subscription", seconds=10)
    yield context
    started.child.stop()


def test_acknowledging_in_one_window_quiets_the_bell_of_the_other(liaison, page, alert, notice):
    with page.expect_event("requestfinished", lambda request: request.url.endswith("/inbox/bell/")):  # it listens now
        page.goto("/inbox/")
    expect(page).to_have_title("(1) Waiting for you · Homeward")
    assert faults_of(page, name="inbox") == {}

    other = liaison.new_page()
    other.goto(f"/notices/mine/{notice('kz-border').public_id}/")
    other.get_by_label("Your function").fill("duty officer")
    other.get_by_role("button", name="We have received this").click()

    expect(page.get_by_role("heading", name="Nothing is owed")).to_be_visible(timeout=4_000)
    expect(page).to_have_title("Waiting for you · Homeward")
    expect(page.locator(".bell .count")).to_have_count(0)
