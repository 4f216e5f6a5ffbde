"""The queue of duplicates is worked through by keys: the next pair, two people, one person, and back again."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from common import clock
from migrants.entries import PersonEntry
from migrants.identity import offer_pairs
from migrants.models import DuplicatePair, Migrant
from migrants.registration import register_many
from partners.enums import Role
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db(transaction=True)
BORN: dict[str, Any] = {"birth_year": 1986, "birth_month": 3, "nationalities": ("TJK",)}
ENTRIES = [
    PersonEntry(full_name="Қодиров Умед Раҳимович", **BORN, birth_day=4, sex="M"),
    PersonEntry(full_name="Кодиров Умед Рахимович", **BORN, birth_day=4, sex="M"),
    PersonEntry(full_name="Саидова Нигора", **BORN, birth_day=5, sex="F"),
    PersonEntry(full_name="Saidova Nigora", **BORN, birth_day=5, sex="F"),
]


def test_pairs_are_decided_and_undone_by_keys(group, sign_in, context: BrowserContext, page: Page, live_server):
    clock.set_to(NOW)
    people = register_many(group=group, mission=group.mission, entries=ENTRIES, by=COMMAND, at=NOW)
    offer_pairs(people=people, within=Migrant.objects.living_records(), by=COMMAND, at=NOW)
    session = sign_in(Role.FIELD).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto("/duplicates/")
    first, second = page.locator("[data-pair]").all()
    first.focus()
    page.keyboard.press("j")
    expect(second).to_be_focused()
    page.keyboard.press("d")
    expect(page.get_by_text("They stay two people")).to_be_visible()
    expect(page.locator("[data-pair]")).to_be_focused()
    assert sorted(DuplicatePair.objects.values_list("state", flat=True)) == ["different", "open"]
    page.keyboard.press("s")
    expect(page.get_by_text("The two records are one now.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-pair]")).to_be_visible()
    assert DuplicatePair.objects.filter(state="open").count() == 1
