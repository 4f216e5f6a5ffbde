"""The form for a requirement that changed: it shows what the chosen kind of condition needs, and is clean for eyes and ears."""

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from common import clock
from partners.enums import Role
from tests.cast import NOW
from tests.support.eyes import faults_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("crossing", "organisations")]


def test_each_kind_of_condition_has_its_fields_and_all_are_clean(
    sign_in, context: BrowserContext, page: Page, live_server
):
    clock.set_to(NOW)
    session = sign_in(Role.COORDINATOR).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

    page.goto(reverse("returns:change_new"))
    expect(page.get_by_text("accepted visas and permits").first).to_be_hidden()
    page.get_by_label("visa or permit", exact=True).first.check(force=True)
    expect(page.get_by_text("accepted visas and permits").first).to_be_visible()
    page.get_by_text("And also, or instead").click()
    page.locator("#id_second-kind").select_option("vaccination")
    expect(page.locator(".condition .for-kind-vaccination").first).to_be_visible()
    page.get_by_text("Not asked of everybody").click()

    assert faults_of(page, name="change-new") == {}
