"""The pages that offer papers, and the one that proves them, in a browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from common import clock
from partners.enums import Role
from returns.freezing import freeze
from returns.models import PaperIssue
from tests.cast import COMMAND
from tests.papers.conftest import embassy
from tests.returns.conftest import make_person
from tests.returns.convoy import FROZEN, corridor_version, exit_crossing, movement, travellers
from tests.support.eyes import faults_of, faults_of_pages

__all__ = ["corridor_version", "embassy", "exit_crossing", "make_person", "movement", "travellers"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def coordinator(sign_in, context: BrowserContext, page: Page, live_server) -> Page:
    clock.set_to(FROZEN + timedelta(minutes=1))
    session = sign_in(Role.COORDINATOR).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return page


def test_a_paper_is_chosen_refused_made_and_proved(movement, embassy, coordinator: Page, page_problems):
    freeze(movement=movement, by=COMMAND, at=FROZEN)
    page = coordinator
    papers = f"/movements/{movement.public_id}/papers/"
    person = movement.seats.first().person.public_id
    pages = {"papers": papers, "papers-of-a-person": f"/people/{person}/papers/", "list-of-cases": "/cases/list/"}
    assert faults_of_pages(page, pages) == {}
    page.goto(papers)
    page.get_by_label("What", exact=True).select_option("transit_request")
    page.get_by_label("What for").fill("transit on 2 October")
    page.get_by_role("button", name="Make the file").click()
    expect(page.get_by_text("Choose the organisation for which it is made.").first).to_be_visible()
    assert faults_of(page, name="papers-refused") == {}
    page_problems.clear()  # the browser notes the answer 422, as it should
    page.get_by_label("For whom").select_option("tj-emb-uz")
    with page.expect_download() as download:
        page.get_by_role("button", name="Make the file").click()
    assert download.value.suggested_filename.endswith("-tj-emb-uz.pdf")
    page.goto(papers)
    expect(page.get_by_role("cell", name="in force")).to_be_visible()
    page.context.clear_cookies()
    proof = f"/v/{PaperIssue.objects.get().code}/"
    assert faults_of_pages(page, {"paper-proof": f"{proof}?lang=tg"}) == {}
    expect(page.get_by_role("heading", name="Ин ҳуҷҷат эътибор дорад")).to_be_visible()
