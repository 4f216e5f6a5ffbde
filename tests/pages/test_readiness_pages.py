"""The matrix of a group, its shopping list and its waivers in a browser: both widths, both themes, by keyboard, on a phone."""

import gzip
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

from common import clock
from corridors import requirements
from migrants.models import Migrant
from partners.enums import Role
from returns import cases, manifests, shopping, waivers
from returns.models import Plan, ReturnCase
from returns.views import readiness
from tests.cast import COMMAND, NOW
from tests.support.eyes import faults_of_pages

pytestmark = pytest.mark.django_db(transaction=True)
LIST = Path(__file__).parents[1] / "fixtures" / "manifest_102_ru.xlsx"
CONTENT = {
    "rule": {"test": {"kinds": ["pcr", "rapid"], "max_age_hours": 72}},
    "exempt": {"age": {"under": 5}},
    "price": {"amount": "20", "currency": "USD", "per": "person"},
}


@pytest.fixture
def of_group(group, crossing, organisations):
    """The 102 with cases, an hour at the barrier, the demand for tests, a laboratory, and one who is excused."""
    clock.set_to(NOW)
    who: dict[str, Any] = {"by": COMMAND, "at": NOW}
    with LIST.open("rb") as file:
        upload = manifests.stage(
            group=group, mission=group.mission, file=file, name=LIST.name, size=LIST.stat().st_size,
            within=Migrant.objects.all(), **who,
        )  # fmt: skip
    manifests.confirm(upload=upload, decisions={}, within=Migrant.objects.all(), **who)
    draft = requirements.draft(
        requirement_line=(crossing, "KAZ", "UZB", "health_test"), content=CONTENT, certainty="reported",
        source_tier="oral_post", source_text="by word of mouth", authority=organisations["uz-border"],
        applies_from=NOW, **who,
    )  # fmt: skip
    requirements.publish(draft=draft, told=(), **who)
    plan = cases.set_plan(
        group=group, crossing=crossing, corridor_version=None, local_time=datetime(2020, 10, 2, 10),
        zone="Asia/Almaty", queue_minutes=60, **who,
    )  # fmt: skip
    shopping.say_pace(plan=plan, pace=shopping.Pace("Sanitary service", 40, 240), **who)
    waivers.waive(
        cases=list(ReturnCase.objects.order_by("pk")[:1]), requirement=draft.requirement,
        authority=organisations["uz-border"], reference="note 7", valid_until=NOW + timedelta(days=4), **who,
    )  # fmt: skip
    assert Plan.objects.get().tests_an_hour == 40
    return f"/groups/{group.public_id}/"


@pytest.fixture
def signed_in(sign_in, context: BrowserContext, page: Page, live_server) -> Page:
    session = sign_in(Role.COORDINATOR).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return page


@pytest.mark.deep
def test_the_pages_are_clean_and_the_matrix_is_walked_by_keyboard_and_read_on_a_phone(of_group, signed_in, live_server):
    page = signed_in
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readiness, "PAGE", 12)  # as many show what a look finds
        assert_clean(page, f"{live_server.url}{of_group}")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{live_server.url}{of_group}readiness/?sort=worst")  # else a child who is exempt may stand first
    rows = page.locator(".matrix tbody tr")
    box = rows.nth(3).bounding_box()
    assert box is not None
    assert box["height"] < 90
    assert len(gzip.compress(page.content().encode())) < 30_000
    page.set_viewport_size({"width": 1440, "height": 900})
    page.keyboard.press("f")
    expect(page.locator("#matrix-q")).to_be_focused()
    page.locator(".matrix tbody tr").first.locator("th").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".matrix tbody tr").nth(1).locator("th")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("No test is recorded")
    page.keyboard.press("Escape")
    assert_printed_whole(page)
    page.locator(".matrix tbody tr").nth(1).locator("th").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/**")


def assert_clean(page: Page, of_group: str) -> None:
    """At both widths, in both themes."""
    pages = {
        "readiness": f"{of_group}readiness/?show=missing&sort=worst",
        "shopping": f"{of_group}shopping/",
        "waive": f"{of_group}waivers/new/",
    }
    assert faults_of_pages(page, pages) == {}


def assert_printed_whole(page: Page) -> None:
    """Everybody of the group is on the paper, with words and not signs alone."""
    paper = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    text = " ".join(each.extract_text() for each in paper.pages)
    numbers = page.locator(".matrix tbody td.num").all_inner_texts()
    assert len(numbers) == ReturnCase.objects.count()
    assert all(number in text for number in numbers)
    assert text.count("not taken") > 80
    assert "change the hour" not in text
    assert any(each.mediabox.width > each.mediabox.height for each in paper.pages)
