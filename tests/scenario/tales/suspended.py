"""A ministry suspends the corridor while two buses are inside and one stands at the barrier."""

from __future__ import annotations

import re
from email.message import EmailMessage

from tests.scenario.browser import Page
from tests.scenario.play import told
from tests.scenario.steps.corridor import seen
from tests.scenario.steps.demand import body_of, recipients
from tests.scenario.steps.journey import count, entry, people_on
from tests.scenario.story import Story, expect

TALE = "suspended"
MINISTRY = "duty@uz-mfa.example"
INSIDE, OUTSIDE = ("Bus 1", "Bus 2"), "Bus 3"


@told(TALE, after="T+22h")
def the_ministry_suspends(story: Story) -> str:
    """By its own link, which a look does not press; its parties and the mission are told within a minute."""
    movement = story.notes["movement"]
    for hour, kind in (("07:50", "exited"), ("08:00", "entered")):
        story.clock(f"2020-10-02T{hour}")
        for bus in INSIDE:
            count(story, movement, kind, bus)
    story.clock("2020-10-02T08:20")
    before, link, browser = len(story.mails()), story.notes["deciding links"][MINISTRY], story.stranger()
    page = browser.get(link)
    expect("Open: 5 of 5 approved" in seen(story), "looking at the link has changed something")
    form = page.form_with("kind", "reason", "name")
    without = browser.submit(page, form, kind="suspended", reason="", name="Head of department", function="head")
    expect(without.status == 422, "the ministry suspends without a reason")
    done = browser.submit(
        page, form, kind="suspended", reason="the road to Oybek is closed", name="Head of department", function="head"
    )
    expect("the road to Oybek is closed" in done.text, f"not suspended: {done.text[:600]}")
    told_to = story.wait(lambda: _told(story, before), "everybody who has to know to be told", seconds=60)
    names = people_on(story, movement)
    expect(
        not [name for name in names if any(name in body_of(message) for message in told_to)], "a letter names somebody"
    )
    text = seen(story)
    expect(
        "suspended" in text.lower() and "07:20 Tashkent" in text, f"the corridor does not say since when: {text[:900]}"
    )
    return f"suspended by its own link; {len({recipients(message) for message in told_to})} told within a minute, nobody named"


@told(TALE, after="T+22h")
def the_last_bus_waits(story: Story) -> str:
    """The bus at the barrier may not leave, and the phone says why; those inside go on and are counted."""
    refused = _exit(story)
    expect(refused.status == 422 and "the corridor is not open" in refused.html, f"it leaves: {refused.html[:400]}")
    again = story.as_("coordinator")
    page = again.get(story.notes["movement"])
    decided = again.submit(
        page, page.form_to("/decisions/"), answer="wait", why="the ministry has suspended the corridor"
    )
    expect("The decision is written down" in decided.text, f"not written down: {decided.text[:600]}")
    expect(
        re.search(r"In transit, 3 h \d+ min left", decided.text),
        f"the clock of those inside stands: {decided.text[:900]}",
    )
    expect(_exit(story).status == 422, "a bus that waits has left")
    return "Bus 3 stands at the barrier with the reason; the clock of the two inside runs on"


@told(TALE, after="T+22h")
def the_ministry_lets_it_go_on(story: Story) -> str:
    """The same link lets it go on; the bus leaves; 102 are out in time; the report keeps the halt with both clocks."""
    story.clock("2020-10-02T08:50")
    browser, link = story.stranger(), story.notes["deciding links"][MINISTRY]
    page = browser.get(link)
    browser.submit(
        page, page.form_with("kind", "reason"), kind="resumed", reason="the road is open", name="Head", function="head"
    )
    expect("Open: 5 of 5 approved" in seen(story), f"the corridor is not open again: {seen(story)[:600]}")
    movement = story.notes["movement"]
    for hour, kind in (("08:55", "exited"), ("09:00", "entered")):
        story.clock(f"2020-10-02T{hour}")
        count(story, movement, kind, OUTSIDE)
    story.clock("2020-10-02T11:50")
    for bus in (*INSIDE, OUTSIDE):
        count(story, movement, "left", bus)
    text = story.as_("coordinator").get(movement).text
    expect("Left the transit country: 102" in text, f"not 102 left: {text[:900]}")
    return "resumed by the same link; Bus 3 followed, 102 out before the end of the transit"


def _exit(story: Story) -> Page:
    field, address = story.as_("field"), story.notes["movement"] + "count/"
    return field.post_json(address, entry(field.get(address), "exited", OUTSIDE, 34))


def _told(story: Story, before: int) -> list[EmailMessage]:
    """Letters since then about the halt; none until the parties and the mission have theirs."""
    found = [
        message
        for message in story.mails()[before:]
        if "ZHIBEK-OYBEK" in body_of(message) or "Oybek" in body_of(message)
    ]
    return found if len({recipients(message) for message in found}) >= 5 else []
