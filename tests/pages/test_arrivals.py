"""The pages of the end of the way in a browser: what the embassy sees, its acknowledgement, and the report."""

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from common import clock
from migrants.models import TravelDocument
from partners.enums import Role
from partners.models import Organisation
from returns import document_requests, movements
from returns.models import DocumentRequest, FollowUp, Reception, Reintegration
from tests.access.arriving import agreed, helped
from tests.cast import COMMAND
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
    TravelDocument.objects.filter(person=shown[1]).update(state="lost")
    consul = seen_by(Role.CONSULAR)
    document_requests.ask(
        group=arrived.group, recipient=shown[0].disclosures.get().recipient, answer_by=RECEIVED + timedelta(days=2),
        by=COMMAND, at=RECEIVED,
    )  # fmt: skip
    asked = DocumentRequest.objects.get().public_id
    pages = {"incoming": "/incoming/", "arrival": f"/incoming/{arrived.public_id}/"}
    pages |= {"documents": "/incoming/documents/", "document": f"/incoming/documents/{asked}/"}
    pages |= {"ready": f"/incoming/{arrived.public_id}/ready/", "question": f"/incoming/{arrived.public_id}/ask/"}
    assert faults_of_pages(consul, pages) == {}
    consul.goto(pages["arrival"])
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
    group = f"/groups/{arrived.group.public_id}"
    report = {"report": f"/movements/{arrived.public_id}/report/", "share": f"{group}/share/"}
    report |= {"as-embassy": f"{group}/as/tj-emb-uz/", "group-documents": f"{group}/documents/"}
    report |= {"announce": f"/movements/{arrived.public_id}/announce/", "questions": "/questions/"}
    report |= {"needed": f"/movements/{arrived.public_id}/needs/"}
    assert faults_of_pages(seen_by(Role.COORDINATOR), report | {"board-ended": "/"}) == {}
    _look_at_what_follows(arrived, shown[1], seen_by(Role.FIELD))


def _look_at_what_follows(arrived, person, officer):
    """The movement is closed: who is asked how things are, who helps, how cases ended."""
    agreed(person, "follow_up")
    helper = Organisation.objects.get(code="uz-border")
    helped(person, helper)
    home = RECEIVED + timedelta(hours=1)
    clock.set_to(home)
    movements.close(movement=arrived, why="at home", by=COMMAND, at=home)
    of, week = f"/people/{person.public_id}", FollowUp.objects.get(person=person, stage="week")
    FollowUp.objects.filter(pk=week.pk).update(due_on=home.date() - timedelta(days=1))
    settled = f"{of}/reintegration/{Reintegration.objects.get().public_id}/"
    pages = {"aftercare": "/aftercare/", "follow-up": f"{of}/follow-ups/{week.public_id}/", "reintegration": settled}
    pages |= {
        "reintegration-new": f"{of}/reintegration/new/",
        "person-after": f"{of}/",
        "outcomes": "/outcomes/?year=2020",
    }
    pages |= {"case-close": f"{of}/case/close/"}
    assert faults_of_pages(officer, pages) == {}
