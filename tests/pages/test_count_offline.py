"""The phone at the barrier: what is counted or heard is kept without network and sent once; 102 people take 20 seconds."""

import time
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from accounts import field_devices
from accounts.models import FieldDevice
from corridors.models import BarrierReport
from migrants.models import HeadCount
from partners.enums import Role
from tests.cast import COMMAND, NOW
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


def kept(page: Page) -> list[str]:
    return list(
        page.evaluate("Object.entries(localStorage).filter(([name]) => name.startsWith('homeward.count.')).flat()")
    )


def test_what_waits_is_sealed_and_a_revoked_phone_shows_it_then_wipes_itself(
    phone_page, context, group, accounts, page_problems
):
    expect(phone_page.locator("form[data-ready]")).to_be_attached()
    wait_until(FieldDevice.objects.exists, "the phone to be entered")
    context.set_offline(True)
    fill_in_the_102(phone_page)
    phone_page.get_by_role("button", name="Save").click()
    expect(phone_page.locator("[data-network-line]")).to_contain_text("1 entry waits on this phone")
    [_name, sealed] = kept(phone_page)
    assert "males" not in sealed
    assert "counted_at" not in sealed
    device = FieldDevice.objects.get()
    field_devices.revoke(
        user=accounts[Role.FIELD], public_id=device.public_id, by=COMMAND, at=NOW, real_at=device.first_seen_at
    )
    context.set_offline(False)
    phone_page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(phone_page.locator("[data-network-list]")).to_contain_text("males: 86")  # shown before it goes
    assert HeadCount.objects.count() == 0
    phone_page.get_by_role("button", name="Wipe this phone").click()
    expect(phone_page.locator("[data-network-line]")).to_contain_text("revoked and wiped")
    wait_until(lambda: FieldDevice.objects.get().wiped_at is not None, "the phone to say that it is wiped")
    assert kept(phone_page) == []
    left = "Promise.all([caches.keys(), indexedDB.databases(), navigator.serviceWorker.getRegistrations()])"
    assert phone_page.evaluate(f"{left}.then((each) => each.flat().length)") == 0
    page_problems.clear()  # a browser without network complains, and is right


@pytest.fixture
def barrier_page(live_server, context: BrowserContext, sign_in, group, page: Page) -> Page:
    """The page on which a field officer reports from the barrier."""
    session = sign_in(Role.FIELD).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/barrier/new/?way=KZ-UZ-01:KAZ:UZB")
    expect(page.locator("form[data-ready]")).to_be_attached()
    return page


def test_word_from_the_barrier_with_a_photograph_waits_sealed_and_is_sent_once(barrier_page, context, page_problems):
    page = barrier_page
    context.set_offline(True)
    page.get_by_label("what they said").fill("From noon they want a test.")
    page.locator("#id_photograph").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": large_picture()}
    )
    page.get_by_role("button", name="Report it").click()
    expect(page.locator("[data-network-line]")).to_contain_text("1 entry waits on this phone")
    sealed = page.evaluate(
        "Object.entries(localStorage).filter(([name]) => name.startsWith('homeward.barrier.')).flat()"
    )
    assert "noon" not in sealed[1]
    assert len(sealed[1]) < 600_000, "the largest picture leaves room for several"
    context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    wait_until(BarrierReport.objects.exists, "the report to be sent", seconds=30)
    expect(page.locator("[data-network-line]")).to_contain_text("Reported. The coordinators see it now.")
    page.reload()
    page.wait_for_load_state("networkidle")
    report = BarrierReport.objects.get()
    assert (report.sentence, report.width, report.height) == ("From noon they want a test.", 1000, 750)
    page_problems.clear()  # a browser without network complains, and is right


def test_a_photograph_that_cannot_be_read_is_refused_and_never_left_out_quietly(barrier_page):
    page = barrier_page
    page.get_by_label("what they said").fill("From noon they want a test.")
    chosen = page.locator("#id_photograph")
    chosen.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture at all"})
    page.get_by_role("button", name="Report it").click()
    expect(page.locator("[data-problem]")).to_contain_text("This is no picture that can be read.")
    assert not BarrierReport.objects.exists()

    chosen.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": large_picture()})
    page.get_by_role("button", name="Report it").click()
    wait_until(BarrierReport.objects.exists, "the report to be sent", seconds=30)
    assert BarrierReport.objects.get().width == 1000


def large_picture() -> bytes:
    """A picture of noise, such as no packing makes small, larger than a phone may keep."""
    written = BytesIO()
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(written, "PNG")
    return written.getvalue()
