"""The pages of the end of the way in a browser: what the embassy sees, its acknowledgement, and the report."""

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from common import clock
from partners.enums import Role
from returns.models import Reception
from tests.returns.conftest import make_person
from tests.returns.convoy import boarded, corridor_version, exit_crossing, movement, travellers
from tests.returns.test_incoming import RECEIVED, arrived, embassy, shown
from tests.support.eyes import faults_of, faults_of_pages

__all__ = [
    "arrived", "boarded", "corridor_version", "embassy", "exit_crossing", "make_person", "movement", "shown",
    "travellers",
]  # fmt: skip
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def seen_by(sign_in, context: BrowserContext, page: Page, live_server):
    """`seen_by(role)` is the page of that role's browser."""

    def signed_in(role: str) -> Page:
        context.clear_cookies()
        session = sign_in(role).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return page

    return signed_in


def test_the_embassy_receives_a_group_and_the_report_says_so(arrived, shown, seen_by, page_problems):
    clock.set_to(RECEIVED + timedelta(minutes=1))
    consul = seen_by(Role.CONSULAR)
    pages = {"incoming": "/incoming/", "arrival": f"/incoming/{arrived.public_id}/"}
    assert faults_of_pages(consul, pages) == {}
    consul.get_by_label("Heads received").fill("6")
    consul.get_by_label("Your function").fill("consul")
    consul.get_by_role("button", name="We have received the group").click()
    expect(consul.get_by_text("Say of 5 more people whether they are here.").first).to_be_visible()
    assert faults_of(consul, name="arrival-refused") == {}
    page_problems.clear()  # the browser notes the answer 422, as it should
    consul.get_by_role("link", name="Tick everybody as present").click()
    consul.get_by_role("group", name=shown[0].full_name).get_by_label("not there").check()
    consul.get_by_label("Heads received").fill("6")
    consul.get_by_label("Your function").fill("consul")
    consul.get_by_role("button", name="We have received the group").click()
    expect(consul.get_by_role("heading", name="6 heads received")).to_be_visible()
    assert sorted(Reception.objects.values_list("state", flat=True)) == ["absent", *["present"] * 4]
    consul.reload()
    assert faults_of(consul, name="arrival-received") == {}
    report = {"report": f"/movements/{arrived.public_id}/report/", "share": f"/groups/{arrived.group.public_id}/share/"}
    assert faults_of_pages(seen_by(Role.COORDINATOR), report | {"board-ended": "/"}) == {}
