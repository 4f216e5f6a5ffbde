"""A tired officer registers without a mouse: how many keys it takes, and where the cursor is after an error."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from common import clock
from migrants.models import Migrant
from partners.enums import Role
from tests.cast import NOW
from tests.pages.test_groups_people_and_lists import PASSPORT

pytestmark = pytest.mark.django_db(transaction=True)
BESIDE_TYPING = 6
"""Keys that move or press, for a person from a passport with family, language and phone, a slip in the phone included."""
MOST_STOPS = 60
"""Steps with Tab from the name to the button, all that is folded left folded."""


A_KEY, A_THOUGHT = 0.35, 1.35
"""Seconds that a slow typist needs for a key, and anybody before a field (keystroke-level model of Card and Moran)."""
A_MINUTE = 60


class Keys:
    """A keyboard that counts what it does: keys that move or press, letters, and fields that something was typed into."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed, self.letters, self.fields = page, 0, 0, 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.pressed += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.letters += len(text)
        self.fields += 1

    def read(self, line: str) -> None:
        """What a reader types by itself."""
        self.page.keyboard.type(line)
        self.page.keyboard.press("Enter")

    @property
    def seconds(self) -> float:
        """What somebody would need for all that by the model; no clock is read."""
        return (self.pressed + self.letters) * A_KEY + self.fields * A_THOUGHT

    @property
    def here(self) -> str:
        """The name of what has the cursor, or its words."""
        told = self.page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()")
        return str(told)

    def until(self, name: str) -> None:
        """Tab on to what is called so."""
        for _step in range(MOST_STOPS):
            if self.here == name:
                return
            self.press("Tab")
        raise AssertionError(f"{name} is not reached; the cursor is at {self.here}")


@pytest.fixture
def opened(sign_in, context: BrowserContext, page: Page, live_server, group) -> Page:
    """The form, opened by a field officer."""
    clock.set_to(NOW)
    session = sign_in(Role.FIELD).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page.goto(f"/groups/{group.public_id}/people/new/")
    return page


def test_a_passport_and_three_fields_take_few_keys_and_a_slip_leads_to_its_field(opened, page_problems):
    page, keys = opened, Keys(opened)
    assert keys.here == "lines"
    for line in PASSPORT.split("\n"):
        keys.read(line)
    expect(page.get_by_text("The lines are read")).to_be_visible()
    assert keys.here == "family_code"
    keys.type("F1")
    keys.press("Tab")
    keys.press("ArrowDown")
    keys.until("phone")
    keys.type("12")
    keys.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert keys.here == "phone"
    keys.press("Control+a")
    keys.type("+992950002960")
    keys.press("Enter")
    expect(page.get_by_text("is registered under number")).to_be_visible()
    person = Migrant.objects.get(family__code="F1")
    assert (person.latin_name, person.phone, person.language) == ("QODIROV UMED", "+992950002960", "tg")
    assert keys.pressed <= BESIDE_TYPING
    assert keys.seconds < A_MINUTE / 3
    page_problems.clear()  # the browser notes the answer 422, as it should


BY_HAND = {
    "full_name": "Қодиров Умед",
    "birth_day": "4",
    "birth_month": "7",
    "birth_year": "1986",
    "sex": "m",
    "nationality": "Taj",
    "document_kind": "p",
    "document_number": "A1234567",
    "family_code": "F1",
    "phone": "+992950002960",
}


def test_somebody_without_a_machine_readable_passport_is_registered_with_tab_alone_in_less_than_a_minute(opened):
    keys = Keys(opened)
    keys.until("full_name")
    met: list[str] = []
    while keys.here != "Register" and len(met) < MOST_STOPS:
        met.append(keys.here)
        if keys.here in BY_HAND:
            keys.type(BY_HAND[keys.here])
        keys.press("Tab")
    keys.press("Enter")
    expect(opened.get_by_text("is registered under number")).to_be_visible()

    assert [name for name in met if name in BY_HAND] == list(BY_HAND)
    person = Migrant.objects.get(family__code="F1")
    assert (person.full_name, person.birth_year, person.sex) == ("Қодиров Умед", 1986, "M")
    assert (person.nationalities.get().code, person.documents.get().kind) == ("TJK", "passport")
    assert keys.seconds < A_MINUTE
