"""T+28h and T+29h: the embassy receives whom it may see, and the movement is closed with its report."""

from __future__ import annotations

import csv
import re
from typing import Any
from urllib.parse import quote

from tests.scenario.browser import Page
from tests.scenario.play import step
from tests.scenario.steps.registration import FEARFUL, UNDOCUMENTED
from tests.scenario.story import Story, expect

NATIONALS = 97
"""Of the 102, those of Tajikistan; two are of Kyrgyzstan, one each of Uzbekistan and Afghanistan, and one is stateless."""


def movement(story: Story) -> str:
    """The address of the movement of the 102."""
    return str(story.notes["movement"])


def shown_to_the_embassy(story: Story) -> str:
    """The words of every page of the list of expected returnees, as the consular officer reads them."""
    consular, address, words = story.as_("consular"), "/incoming/", ""
    while address:
        page = consular.get(address)
        expect(page.status == 200, f"the list of expected returnees answers {page.status}")
        words += page.text
        following = [link for link, _ in page.reader.links if "after=" in link]
        address = f"/incoming/{following[0]}" if following else ""
    return words


def refuse_to_show_anybody_else(story: Story, words: str) -> None:
    """Neither the Afghan who claims asylum, nor the stateless person, nor the woman under protection can be found."""
    hidden = [FEARFUL, UNDOCUMENTED[1], story.notes["protected name"]]
    for name in hidden:
        expect(name not in words, f"the embassy sees {name}")
    consular = story.as_("consular")
    for address in (story.notes["protected person"], f"/people/?q={quote(story.notes['protected name'])}"):
        expect(consular.get(address).status == 404, f"the embassy can open {address}")


@step("T+28h")
def the_group_is_received(story: Story) -> str:
    """The officer sees only nationals of Tajikistan; the Afghan, stateless and asylum-claim cases are not in the list."""
    story.clock("2020-10-02T13:00")
    words = shown_to_the_embassy(story)
    expect("Кодиров Умед" in words and "Bus 1" in words, f"the list lacks names or buses: {words[:600]}")
    refuse_to_show_anybody_else(story, words)
    consular, address = story.as_("consular"), movement(story).replace("/movements/", "/incoming/")
    page = consular.get(f"{address}?here=everybody")
    shown = {name for form in page.reader.forms for name in form.names if name.startswith("here-")}
    expect(len(shown) == NATIONALS, f"{len(shown)} people are shown instead of {NATIONALS}: {page.text[:500]}")
    expect("102" in consular.get("/incoming/").text, "the arrival does not say that 102 heads come")
    refuse_to_show_anybody_else(story, page.text)
    form = page.form_with("heads", "received_at", "function")
    received: dict[str, Any] = {
        "heads": 102,
        "received_at": "2020-10-02T12:00",
        "name": "Consul on duty",
        "function": "consul",
    }
    few = consular.submit(page, form, **received | {"heads": 90})
    expect(few.status == 422 and "90" in few.text, f"fewer heads than people present were accepted: {few.text[:400]}")
    consular.submit(page, form, **received)
    after = consular.get(address)
    expect(
        re.search(r"\b102\b", after.text) and not _asks_for_heads(after),
        f"not received: {after.status} {after.text[:600]}",
    )
    again = consular.submit(page, form, **received | {"heads": 101})
    expect(again.status == 422, f"the group was received twice: {again.status}")
    seen = story.as_("coordinator").get(f"{movement(story)}report/").text
    expect(re.search(r"102 heads, acknowledged by", seen), f"the report does not say who received 102: {seen[:900]}")
    return f"102 received, {NATIONALS} of them by name; nobody else can be seen, and a second handover is refused"


def _asks_for_heads(page: Page) -> bool:
    return any("heads" in form.names for form in page.reader.forms)


@step("T+29h")
def the_movement_is_closed(story: Story) -> str:
    """The report gives the time from demand to alert, to 50 % and 100 % acknowledged, to all tests, to exit."""
    story.clock("2020-10-02T14:00")
    coordinator, address = story.as_("coordinator"), f"{movement(story)}report/"
    page = coordinator.get(address)
    text = page.text
    for what, after in (
        ("First alert", "5 min"),
        ("Half of the organisations acknowledged", r"[\d hmin]+"),
        ("All organisations acknowledged", r"[\d hmin]+"),
        ("Money confirmed", "5 h"),
        ("All results known", "18 h"),
        ("Left the transit country", "27 h"),
    ):
        told = re.search(rf"{what} .{{0,80}}?(Almaty|Tashkent).{{0,60}}? ({after}) ", text)
        expect(told, f"the report does not say how long after the demand: {what}: {text[:1800]}")
    expect("27 h from the demand to the exit" in text, f"the delay is not 27 h: {text[:600]}")
    check_figures(story, page)
    close = next(form for form in page.reader.forms if form.action.endswith("/close/"))
    coordinator.submit(page, close, why="received in Sughd, 27 hours after the demand")
    closed = coordinator.get(address)
    expect(
        "Movement closed" in closed.text and not [form for form in closed.reader.forms if form.action == close.action],
        f"the movement was not closed: {closed.text[:600]}",
    )
    board = coordinator.get("/").text
    expect("27 h" in board and "102 received" in board, f"the board does not keep the history: {board[:1500]}")
    return "delay 27 h, every milestone with its hour in both clocks; figures exported with hashtags; on the board"


def check_figures(story: Story, page: Page) -> None:
    """The export has headings and hashtags, 102 at each place, nobody's name, and says for whom it was made."""
    coordinator = story.as_("coordinator")
    form = next(form for form in page.reader.forms if form.action.endswith("/figures/"))
    export = coordinator.submit(page, form, recipient="Regional Office", purpose="monthly report")
    rows = list(csv.reader(export.body.decode().splitlines()))
    expect(
        rows[1][:5]
        == ["#date+reported", "#loc+border+name", "#country+code+v_iso3", "#affected+migrants+ind", "#status"],
        f"the second row does not hold the hashtags: {rows[:2]}",
    )
    expect(
        ["2020-10-01", "Zhibek Zholy", "KAZ", "102", "blocked"] in [row[:5] for row in rows]
        or ["2020-09-29", "Zhibek Zholy", "KAZ", "102", "blocked"] in [row[:5] for row in rows],
        f"the halt of 102 is not in the figures: {rows}",
    )
    expect({row[3] for row in rows[2:]} == {"102"}, f"the figures are not 102 at each place: {rows}")
    expect(all("Regional Office" in row for row in rows[2:]), f"a row does not say for whom it was made: {rows}")
