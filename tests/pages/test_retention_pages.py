"""Retention, erasures, exports and what is held about somebody, as those see them who answer for it."""

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page

from common import clock
from migrants import erasure, legal_holds
from migrants.models import ErasureRequest
from partners.enums import Role
from returns import cases
from returns.models import ReturnCase
from tests.cast import COMMAND, NOW
from tests.returns.conftest import make_person
from tests.returns.convoy import FROZEN, boarded, corridor_version, exit_crossing, movement, travellers
from tests.returns.test_exports import given
from tests.support.eyes import faults_of_pages

__all__ = ["boarded", "corridor_version", "exit_crossing", "make_person", "movement", "travellers"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def enter(sign_in, context: BrowserContext, live_server):
    """`enter(role)` lets the browser of the test be that role's."""

    def entered(role: str) -> None:
        session = sign_in(role).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

    return entered


@pytest.fixture
def world(make_person, organisations):
    """Three who came home, of whom one is erased, one asked for and one held; and a file that left."""
    gone, asked, held = (make_person() for _ in range(3))
    cases.open_cases(people=[gone, asked, held], by=COMMAND, at=NOW)
    cases.close_cases(cases=list(ReturnCase.objects.all()), why="home", by=COMMAND, at=NOW)
    clock.set_to(NOW + timedelta(days=20))
    given(people=[gone.public_id], recipient=organisations["tj-emb-uz"], purpose="reception of the group")
    erasure.erase(people=[gone], cause=erasure.ON_REQUEST, why="asked for it", by=COMMAND, at=NOW)
    erasure.ask(person=asked, why="wrote to us on 3 October", by=COMMAND, at=NOW)
    legal_holds.set_legal_hold(about=held, reason="district court, 12/2020", by=COMMAND, at=NOW)
    return asked


@pytest.mark.deep
def test_what_the_data_protection_officer_sees_is_clean_for_eyes_and_ears(world, enter, page: Page):
    enter(Role.DATA_PROTECTION)
    request = ErasureRequest.objects.get()
    pages = {
        "retention": "/retention/",
        "retention-period": "/retention/periods/health/",
        "retention-holds": "/retention/holds/",
        "retention-lift": f"/retention/holds/{world.legal_holds.model.objects.get().public_id}/lift/",
        "retention-erasures": "/retention/erasures/",
        "retention-erasure": f"/retention/erasures/{request.public_id}/",
        "retention-find": "/retention/access/",
        "access-officer": f"/people/{world.public_id}/access/",
        "exports": "/exports/",
        "export-check": "/exports/check/",
    }
    assert faults_of_pages(page, pages) == {}


@pytest.mark.deep
def test_what_casework_sees_of_it_is_clean_for_eyes_and_ears(world, boarded, enter, page: Page):
    enter(Role.COORDINATOR)
    clock.set_to(FROZEN)
    request = ErasureRequest.objects.get()
    pages = {
        "erasures-casework": "/retention/erasures/",
        "erasure-to-answer": f"/retention/erasures/{request.public_id}/",
        "access-casework": f"/people/{world.public_id}/access/",
        "exports-none": "/exports/",
        "manifest-paper": f"/movements/{boarded.public_id}/manifests/1/paper/",
        "person-held": f"/people/{world.public_id}/",
    }
    assert faults_of_pages(page, pages) == {}
