"""Pages of a movement in a browser, at every turn of the way; and the phone that counts heads without a network."""

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from common import clock
from corridors.models import BorderCrossing, CorridorVersion
from partners.enums import Role
from returns import cases, freezing, road_decisions, seating
from returns.models import Checkpoint
from tests.cast import COMMAND, NOW
from tests.returns.conftest import PASSPORT_RULE, make_person, make_rule
from tests.returns.convoy import (
    ENTERED,
    FROZEN,
    boarded,
    corridor_version,
    count_all,
    count_one,
    exit_crossing,
    movement,
    travellers,
)
from tests.support.eyes import faults_of_pages
from tests.support.waiting import wait_until

__all__ = ["boarded", "corridor_version", "exit_crossing", "make_person", "make_rule", "movement", "travellers"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def signed_in(sign_in, context: BrowserContext, page: Page, live_server) -> Page:
    session = sign_in(Role.COORDINATOR).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return page


@pytest.mark.deep
def test_every_turn_of_the_way_is_clean_for_eyes_and_ears(make_rule, make_person, group, movement, signed_in):
    clock.set_to(FROZEN)
    here = f"/movements/{movement.public_id}/"
    make_rule(PASSPORT_RULE, "travel_document")
    stopped = make_person(passport=False)
    cases.open_cases(people=[stopped], by=COMMAND, at=NOW)
    found = faults_of_pages(signed_in, {"movement-seats-missing": here})
    seating.propose_seats(movement=movement, by=COMMAND, at=NOW)
    found |= faults_of_pages(signed_in, {"movement-stopped": here, "movement-seats": f"{here}seats/"})
    seating.leave_out(movement=movement, people=[stopped], by=COMMAND, at=NOW)
    found |= faults_of_pages(signed_in, {"movement-to-freeze": here})
    freezing.freeze(movement=movement, by=COMMAND, at=FROZEN)
    pages = {
        "movement-frozen": here,
        "movement-boarding": f"{here}boarding/",
        "movement-scan": f"{here}scan/",
        "manifest": f"{here}manifests/1/",
    }
    CorridorVersion.objects.update(evidence=["insurance", "note"])
    pages |= {"movement-incidents": f"{here}incidents/"}
    pages |= {"movement-crew": f"{here}crew/", "movement-counts": f"{here}reconciliation/"}
    found |= faults_of_pages(signed_in, pages | {"group-movement": f"/groups/{group.public_id}/"})
    assert found == {}


@pytest.mark.deep
def test_the_road_is_clean_for_eyes_and_ears(boarded, signed_in):
    BorderCrossing.objects.filter(code="KZ-UZ-01").update(latitude="41.42", longitude="69.17")
    BorderCrossing.objects.filter(code="UZ-TJ-01").update(latitude="40.85", longitude="69.33")
    here = f"/movements/{boarded.public_id}/"
    clock.set_to(FROZEN)
    found = faults_of_pages(signed_in, {"movement-boarded": here, "movement-count": f"{here}count/"})
    count_all(boarded, "exited", FROZEN)
    count_all(boarded, "entered", ENTERED)
    clock.set_to(ENTERED + timedelta(hours=3, minutes=40))
    found |= faults_of_pages(signed_in, {"movement-near": here, "movements": "/movements/", "board-moving": "/"})
    clock.set_to(ENTERED + timedelta(hours=4, minutes=5))
    row, _new = count_one(boarded, 2, "left", ENTERED + timedelta(hours=4), heads=1)
    explain = f"{here}differences/{row.public_id}/"
    found |= faults_of_pages(signed_in, {"movement-late": here, "movement-explain": explain})
    buses = list(boarded.vehicles.filter(rank=1))
    said = {"movement": boarded, "answer": "turn_back", "why": "the road is closed", "vehicles": buses}
    road_decisions.decide_on_the_road(**said, by=COMMAND, at=ENTERED + timedelta(hours=4))
    counts = f"{here}reconciliation/"
    found |= faults_of_pages(signed_in, {"movement-turns": here, "movement-counts-back": counts})
    assert found == {}


def test_a_count_without_network_waits_on_the_phone_and_is_sent_once(boarded, signed_in, context, page_problems):
    page = signed_in
    clock.set_to(FROZEN)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/movements/{boarded.public_id}/count/")
    page.evaluate("navigator.serviceWorker && navigator.serviceWorker.ready.then(() => true)")
    context.set_offline(True)
    page.get_by_role("spinbutton", name="Heads").fill("2")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-network-line]")).to_contain_text("1 entry waits on this phone")
    expect(page.get_by_label("Bus 2")).to_be_checked()
    assert not Checkpoint.objects.filter(kind="exited").exists()
    context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    wait_until(Checkpoint.objects.filter(kind="exited").exists, "the count to be sent", seconds=30)
    expect(page.locator("[data-network-line]")).not_to_contain_text("waits on this phone")
    page.reload()
    page.wait_for_load_state("networkidle")
    assert Checkpoint.objects.filter(kind="exited").count() == 1
    page_problems.clear()  # a browser without network complains, and is right
