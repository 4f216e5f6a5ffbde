"""The page of a movement through two countries, while one bus is late in the first and another is in the second."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from common import clock
from returns import transit_clock
from tests.cast import COMMAND
from tests.pages.test_movements import signed_in
from tests.returns.conftest import make_person, make_rule
from tests.returns.convoy import ENTERED, FROZEN, boarded, count_all, count_one, exit_crossing, movement, travellers
from tests.returns.two_countries import corridor_version, panj
from tests.support.eyes import faults_of_pages

__all__ = [
    "boarded", "corridor_version", "exit_crossing", "make_person", "make_rule", "movement", "panj", "signed_in", "travellers",
]  # fmt: skip
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.deep
def test_each_country_shows_its_clock_and_the_phone_offers_every_border(boarded, signed_in: Page, live_server):
    count_all(boarded, "exited", FROZEN)
    count_all(boarded, "entered", ENTERED)
    out = ENTERED + timedelta(hours=1)
    count_one(boarded, 1, "left_1", out)
    count_one(boarded, 1, "entered_2", out)
    at = ENTERED + timedelta(hours=2, minutes=5)
    clock.set_to(at)
    transit_clock.sound(by=COMMAND, at=at)
    here = f"/movements/{boarded.public_id}/"
    pages = {"movement-legs": here, "count-legs": f"{here}count/", "counts-legs": f"{here}reconciliation/"}
    assert faults_of_pages(signed_in, pages) == {}
    signed_in.goto(f"{live_server.url}{here}")
    for country, words in (("Uzbekistan", "over"), ("Tajikistan", " min left")):
        line = signed_in.locator("tr", has=signed_in.get_by_role("rowheader", name=country))
        expect(line).to_contain_text(words)
    signed_in.goto(f"{live_server.url}{here}count/")
    expect(signed_in.get_by_label("left: Uzbekistan")).to_be_checked()
