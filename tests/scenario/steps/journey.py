"""T+22h, T+23h and T+27h: the manifest is frozen, 102 board three buses, cross Uzbekistan in four hours, and leave it."""

from __future__ import annotations

import re
import uuid
from typing import Any

from tests.scenario.browser import Page
from tests.scenario.play import step
from tests.scenario.steps.demand import body_of, recipients
from tests.scenario.story import Story, expect

BUSES = ("Bus 1", "Bus 2", "Bus 3")
BUS_2 = r"\b(Bus|Автобуси?) 2\b|\b2-avtobus\b"
"""In the language of each party."""


@step("T+22h")
def boarded(story: Story) -> str:
    """Seats 34 / 34 / 34, a frozen manifest with its fingerprint, everybody ticked; a later change makes a new version."""
    story.clock("2020-10-02T07:00")
    coordinator = story.as_("coordinator")
    movement = prepare(story)
    seats = coordinator.get(movement + "seats/")
    expect(
        [f"{bus}: 34 of 45 seats" in seats.text for bus in BUSES] == [True] * 3,
        f"the seats are not 34 / 34 / 34: {seats.text[:600]}",
    )
    freeze(story, movement)
    first = fingerprint(coordinator.get(movement + "manifests/1/"))
    refuse_what_comes_too_early(story, movement)
    changed_and_changed_back(story, movement)
    expect(fingerprint(coordinator.get(movement + "manifests/2/")) != first, "two versions have one fingerprint")
    tick_everybody(story, movement)
    for bus in BUSES:
        count(story, movement, "boarded", bus)
    page = coordinator.get(movement)
    expect("On board: 102 of 102" in page.text, f"manifest and boarding do not agree: {page.text[:900]}")
    manifest = coordinator.get(movement + "manifests/3/")
    expect("102" in manifest.text and fingerprint(manifest), f"no manifest of 102: {manifest.text[:400]}")
    printed(story, movement)
    story.notes["movement"] = movement
    return (
        "102 on the manifest, 102 on board, 34 / 34 / 34; two changes made versions 2 and 3, each with its fingerprint"
    )


def printed(story: Story, movement: str) -> None:
    """The manifest is printed for ourselves and for an embassy; nobody outside can open either."""
    coordinator, address = story.as_("coordinator"), f"{movement}manifests/3/paper/"
    for recipient in ("", "tj-emb-uz"):
        page = coordinator.get(address)
        paper = coordinator.submit(page, page.form_with("purpose"), recipient=recipient, purpose="boarding")
        expect(paper.body.startswith(b"%PDF-"), f"{address} is no PDF: {paper.status} {paper.body[:80]!r}")
    for outside in ("consular", "liaison"):
        answer = story.as_(outside).get(address)
        expect(answer.status == 404, f"{outside} is answered {answer.status} for {address}")


def prepare(story: Story, group: str = "", *, buses: int = 3, seats: int = 45, people: int = 102) -> str:
    """Makes the movement from the plan of the group, with its buses and proposed seats; gives its address."""
    coordinator = story.as_("coordinator")
    page = coordinator.get(f"/groups/{group or story.notes['group']}/")
    made = coordinator.submit(page, page.form_to(r"/groups/[0-9a-f-]{36}/movement/"))
    expect("/movements/" in made.address, f"no movement was made: {made.text[:500]}")
    movement = "/movements/" + made.address.split("/movements/")[1]
    page = coordinator.submit(made, made.form_with("how_many", "seats"), how_many=buses, seats=seats)
    page = coordinator.submit(page, page.form_to("/seats/propose/"))
    expect(f"Seated: {people}" in page.text, f"not {people} have a seat: {page.text[:900]}")
    return movement


def freeze(story: Story, movement: str, **why: Any) -> Page:
    """Freezes the next version as the coordinator."""
    coordinator = story.as_("coordinator")
    page = coordinator.get(movement)
    try:
        form = page.form_to("/freeze/")
    except LookupError:
        expect(False, f"the manifest cannot be frozen: {page.text[:1500]}")
        raise
    frozen = coordinator.submit(page, form, **why)
    expect("is frozen: " in frozen.text, f"not frozen: {frozen.text[:600]}")
    return frozen


def fingerprint(page: Page) -> str:
    found = re.search(r"\b[0-9a-f]{64}\b", page.text)
    expect(found, f"no fingerprint on {page.address}: {page.text[:300]}")
    return found[0] if found else ""


def changed_and_changed_back(story: Story, movement: str) -> None:
    """One person is left out: version 2 says who; taken in again: version 3. Boarding by version 1 is refused."""
    field, coordinator = story.as_("field"), story.as_("coordinator")
    shown = field.get(movement + "boarding/")
    seats = coordinator.get(movement + "seats/")
    form = next(form for form in seats.reader.forms if len(form.choices) > 100)
    name, bus = next((name, value) for name, value in form.fields if name in form.choices)
    out: dict[str, Any] = {name: "none"}
    stored = coordinator.submit(seats, form, **out)
    expect("1 seat changed" in stored.text, f"the seat was not changed: {stored.text[:400]}")
    boarding = shown.form_with("seat", "manifest")
    refused = field.submit(shown, boarding, seat=form_values(shown, "seat")[:1])
    expect("Freeze a new version" in refused.text, f"boarding goes on after a change: {refused.text[:500]}")
    freeze(story, movement, why="one person is not ready")
    second = coordinator.get(movement + "manifests/2/")
    expect("no longer on the manifest" in second.text, f"version 2 does not say what changed: {second.text[:600]}")
    refused = field.submit(shown, boarding, seat=form_values(shown, "seat")[:1])
    expect("version 2 is in force" in refused.text, f"boarding by version 1 goes on: {refused.text[:500]}")
    seats = coordinator.get(movement + "seats/")
    form = next(form for form in seats.reader.forms if name in form.choices)
    back: dict[str, Any] = {name: bus}
    coordinator.submit(seats, form, **back)
    freeze(story, movement, why="the person travels after all")


def refuse_what_comes_too_early(story: Story, movement: str) -> None:
    """Nobody exits or enters before boarding."""
    field = story.as_("field")
    for kind in ("exited", "entered"):
        answer = field.post_json(movement + "count/", entry(field.get(movement + "count/"), kind, "Bus 1", 34))
        expect(answer.status == 422, f"“{kind}” before boarding was answered {answer.status}: {answer.text[:200]}")


def form_values(page: Page, name: str) -> list[str]:
    """The values of the boxes of this name, ticked or not."""
    return re.findall(rf'name="{name}"\s+value="([^"]+)"', page.html)


def tick_everybody(story: Story, movement: str, *, buses: int = 3, each: int = 34) -> None:
    """The field officer ticks each bus on the phone."""
    field = story.as_("field")
    for _bus in range(buses):
        page = field.get(movement + "boarding/")
        form = page.form_with("seat", "manifest")
        seats = form_values(page, "seat")
        expect(len(seats) == each, f"{len(seats)} are to board a bus of {each}")
        done = field.submit(page, form, seat=seats)
        expect(f"{each} people are on board" in done.text, f"not ticked: {done.text[:400]}")


def bus_values(page: Page) -> dict[str, str]:
    """The value of each bus on the counting page, by its name."""
    found = re.findall(r'name="vehicle"[^>]*value="([^"]+)"', page.html) or re.findall(
        r'value="([^"]+)"[^>]*name="vehicle"', page.html
    )
    return dict(zip(BUSES, found, strict=False))


def entry(page: Page, kind: str, bus: str, heads: int, counted_at: str = "") -> dict[str, Any]:
    """What the phone sends for one bus at one point."""
    return {
        "client_id": str(uuid.uuid4()),
        "kind": kind,
        "vehicle": bus_values(page)[bus],
        "heads": heads,
        "counted_at": counted_at or None,
    }


def count(story: Story, movement: str, kind: str, bus: str, *, heads: int = 34, counted_at: str = "") -> None:
    """One count of one bus, sent twice as a phone without network does, and stored once."""
    field = story.as_("field")
    said = entry(field.get(movement + "count/"), kind, bus, heads, counted_at)
    answers = [field.post_json(movement + "count/", said) for _ in range(2)]
    expect(
        [answer.status for answer in answers] == [201, 200],
        f"{bus} at “{kind}”, sent twice: {[(answer.status, answer.body[:200]) for answer in answers]}",
    )


@step("T+23h")
def entered(story: Story) -> str:
    """The entry is counted on a phone-sized page, sent twice and stored once; the transit clock runs."""
    movement, coordinator, field = story.notes["movement"], story.as_("coordinator"), story.as_("field")
    story.clock("2020-10-02T07:50")
    phone = field.get(movement + "count/")
    expect("width=device-width" in phone.html and 'class="phone"' in phone.html, "the page is not made for a phone")
    for bus in BUSES:
        count(story, movement, "exited", bus)
    story.clock("2020-10-02T08:00")
    for bus in BUSES:
        count(story, movement, "entered", bus, counted_at="2020-10-02T02:00:00Z")
    again = field.post_json(movement + "count/", entry(phone, "entered", "Bus 1", 34))
    expect(again.status == 422, f"entering twice was answered {again.status}")
    text = coordinator.get(movement).text
    expect(re.search(r"In transit, (4 h|3 h 59 min) left", text), f"the transit clock does not run: {text[:900]}")
    expect("11:00 Tashkent" in text, f"the page does not say when every bus must be out: {text[:900]}")
    expect("Entered the transit country: 102" in text, f"not 102 entered: {text[:900]}")
    return "102 entered, three counts sent twice and stored once; four hours run until 11:00 Tashkent, 12:00 Almaty"


@step("T+27h")
def left(story: Story) -> str:
    """A warning before the end; one head fewer alarms at once and names the bus, not the person; 102 left in time."""
    movement, coordinator, field = story.notes["movement"], story.as_("coordinator"), story.as_("field")
    before = len(story.mails())
    story.clock("2020-10-02T11:35")
    warned = story.wait(lambda: told_of(story, before, "transit"), "the parties to be warned before the transit ends")
    expect(re.search(r"2[45] min", coordinator.get(movement).text), "the page does not show that 25 minutes are left")
    story.clock("2020-10-02T11:55")
    before = len(story.mails())
    count(story, movement, "left", "Bus 1")
    count(story, movement, "left", "Bus 2", heads=33)
    alarmed = story.wait(lambda: told_of(story, before, BUS_2), "the parties to be alarmed of one head fewer")
    names = people_on(story, movement)
    for message in alarmed:
        text = body_of(message)
        expect("33" in text and "34" in text, f"the alarm does not say how many: {text[:400]}")
        expect(not any(name in text for name in names), f"the alarm to {recipients(message)} names a person")
    expect("Bus 2: 33 counted" in coordinator.get(movement).text, "the page does not show the difference")
    recount = field.post_json(movement + "count/", entry(field.get(movement + "count/"), "left", "Bus 2", 34))
    expect(recount.status == 201, f"the recount was answered {recount.status}: {recount.body[:300]!r}")
    story.clock("2020-10-02T11:59")
    count(story, movement, "left", "Bus 3", counted_at="2020-10-02T06:00:00Z")
    story.clock("2020-10-02T12:00")
    text = coordinator.get(movement).text
    expect("Left the transit country: 102" in text, f"not 102 left: {text[:900]}")
    expect("took longer" not in text, f"a transit of four hours is called too long: {text[:600]}")
    return (
        f"{len(warned)} warned 25 min before the end; one head fewer in Bus 2 told to {len(alarmed)} parties without"
        " a name and taken back by a recount; 102 left as 102 had entered"
    )


def told_of(story: Story, start: int, word: str) -> list[Any]:
    """Messages since `start` that are about the movement and hold `word`; nothing until every party has one."""
    found = [message for message in story.mails()[start:] if re.search(word, body_of(message))]
    if word == "transit":
        found = [message for message in story.mails()[start:] if re.search(r"12:00|11:00", body_of(message))]
    return found if len(found) >= 5 else []


def people_on(story: Story, movement: str) -> set[str]:
    """Names of the people on the manifest."""
    page = story.as_("coordinator").get(movement + "manifests/3/")
    return {words for link, words in page.reader.links if re.search(r"/people/[0-9a-f-]{36}/$", link)}
