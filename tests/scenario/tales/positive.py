"""Two results turn positive after boarding: two families stay behind, and the others travel."""

from __future__ import annotations

import re

from tests.scenario.browser import Page
from tests.scenario.play import told
from tests.scenario.steps.demand import rows_by_verdict
from tests.scenario.steps.journey import BUSES, count, entry, fingerprint, freeze
from tests.scenario.steps.laboratory import CHILD, case_of
from tests.scenario.steps.reception import shown_to_the_embassy
from tests.scenario.steps.relief import FAMILIES
from tests.scenario.story import Story, expect

TALE = "positive"
FATHER = FAMILIES["F1"][0]
STAYING = (*FAMILIES["F1"], *FAMILIES["F4"])
OUTSIDE = ("liaison", "consular")
FULL = 34
"""Heads of each bus before."""


@told(TALE, after="T+22h")
def two_tested_positive(story: Story) -> str:
    """The laboratory corrects two results; the movement names their families to casework, and nobody outside sees a change."""
    story.clock("2020-10-02T07:20")
    field, address = story.as_("field"), story.notes["samples"]
    before = {account: _outside(story, account) for account in OUTSIDE}
    cases = [case_of(story, name) for name in (FATHER, CHILD)]
    page = field.get(f"{address}results/")
    field.submit(page, page.form_with("lines"), lines="\n".join(f"{case} positive" for case in cases))
    ready = story.wait(lambda: rows_by_verdict(story)["ready"] < 102, "somebody not to be ready any more")
    expect(ready, "everybody is still ready")
    page = _movement(story)
    expect("The buses may not leave" in page.text, f"the movement does not say so: {page.text[:900]}")
    expect(_taking_off(page) == len(STAYING), f"{_taking_off(page)} are to be taken off instead of {len(STAYING)}")
    after = {account: _outside(story, account) for account in OUTSIDE}
    expect(before == after, f"somebody outside sees that something happened: {before} {after}")
    return f"two positive after boarding; {len(STAYING)} of two families are to stay, and nobody outside sees it"


@told(TALE, after="T+22h")
def the_exit_is_refused(story: Story) -> str:
    """A count at the exit is refused with the remedy and stores nothing."""
    refused = _exit(story, "Bus 1")
    expect(refused.status == 422, f"a bus leaves with a positive result on board: {refused.status}")
    for words in ("may not travel any more", "Take this person and the family off"):
        expect(words in refused.html, f"the refusal does not say “{words}”: {refused.html[:400]}")
    expect("Left the waiting side: 102" not in _movement(story).text, "the refused count was stored")
    return "no bus leaves; the phone says why and what to do"


@told(TALE, after="T+22h")
def both_families_step_down(story: Story) -> str:
    """One press takes both families off; the next version has another fingerprint and holds for the others alone."""
    coordinator, movement = story.as_("coordinator"), story.notes["movement"]
    first = fingerprint(coordinator.get(movement + "manifests/3/"))
    page = _movement(story)
    done = coordinator.submit(page, page.form_to("/take-off/"), why="two tested positive after boarding")
    expect(f"{len(STAYING)} people stay behind" in done.text, f"not taken off: {done.text[:600]}")
    freeze(story, movement, why="two families stay behind")
    fourth = coordinator.get(movement + "manifests/4/")
    expect(fingerprint(fourth) != first, "two versions have one fingerprint")
    gone = fourth.text.partition("no longer on the manifest")[0]
    expect(fourth.text != gone, f"version 4 does not say who is gone: {fourth.text[:600]}")
    text = _movement(story).text
    expect("On board: 96 of 96" in text, f"the others are not all on board: {text[:900]}")
    return "6 stepped down, version 4 with a fingerprint of its own, 96 of 96 on board"


@told(TALE, after="T+22h")
def they_wait_in_a_group_of_their_own(story: Story) -> str:
    """The two families are split off; heads of both groups make 102 still, and every case of theirs is open."""
    field, group = story.as_("field"), story.notes["group"]
    page = field.get(f"/groups/{group}/move/")
    form = page.form_with("families", "to_group")
    families = [value for words, value in _boxes(page, "families").items() if words.startswith(("F1 ", "F4 "))]
    expect(len(families) == 2, f"not two families are offered: {_boxes(page, 'families')}")
    shown = field.submit(page, form, families=families, to_group="new", why="two tested positive after boarding")
    moved = field.submit(shown, shown.form_with("families", "to_group"), button="move")
    expect("They are in group" in moved.text, f"not split off: {moved.text[:600]}")
    expect(rows_of(story, moved) == len(STAYING), f"not six are in the new group: {moved.text[:600]}")
    for name in (FATHER, CHILD):
        text = field.get(person_of(story, moved, name)).text
        expect("Closed:" not in text, f"the case of {name} has ended")
    return "a group of 6, their cases open"


@told(TALE, after="T+22h")
def the_others_travel(story: Story) -> str:
    """96 leave, enter and leave Uzbekistan; the embassy sees nobody of the two families; the report says 96."""
    movement, on_board = story.notes["movement"], _on_board(story)
    expect(sum(on_board.values()) == 96, f"not 96 on the buses: {on_board}")
    for bus in [bus for bus, heads in on_board.items() if heads != FULL]:  # only where somebody stepped down
        count(story, movement, "boarded", bus, heads=on_board[bus])
    for hour, kind in (("07:50", "exited"), ("08:00", "entered"), ("11:50", "left")):
        story.clock(f"2020-10-02T{hour}")
        for bus, heads in on_board.items():
            count(story, movement, kind, bus, heads=heads)
    text = _movement(story).text
    expect("Left the transit country: 96" in text, f"not 96 left: {text[:900]}")
    arrival = story.as_("consular").get(movement.replace("/movements/", "/incoming/")).text
    expect("97 people" not in arrival and "Bus 1" in arrival, f"the arrival lists no buses: {arrival[:600]}")
    expect(not [name for name in STAYING if name in arrival], "who stayed behind is expected with this arrival")
    words = shown_to_the_embassy(story) + arrival
    expect("positive" not in words.lower(), "the embassy reads of a result")
    return "96 crossed as 96 boarded; nobody outside learns who stayed or why"


def _movement(story: Story) -> Page:
    return story.as_("coordinator").get(story.notes["movement"])


def _exit(story: Story, bus: str) -> Page:
    field, address = story.as_("field"), story.notes["movement"] + "count/"
    return field.post_json(address, entry(field.get(address), "exited", bus, 34))


def _taking_off(page: Page) -> int:
    found = re.search(r"Take these and their families off \((\d+)\)", page.text)
    return int(found[1]) if found else 0


def _on_board(story: Story) -> dict[str, int]:
    text = _movement(story).text
    found = {bus: re.search(rf"{bus} 45 seats (\d+) / \d+", text) for bus in BUSES}
    return {bus: int(match[1]) for bus, match in found.items() if match}


def _boxes(page: Page, name: str) -> dict[str, str]:
    """The boxes of a name: their words, and their value."""
    found = re.findall(rf'name="{name}"[^>]*value="([^"]+)".*?<span[^>]*>(.*?)</span>', page.html, re.S)
    return {" ".join(re.sub(r"<[^>]+>", "", words).split()): value for value, words in found}


def _outside(story: Story, account: str) -> str:
    """What an account of an organisation reads of the group, without the hours that pass."""
    page = story.as_(account).get("/incoming/" if account == "consular" else "/halts/")
    return re.sub(r"\d+ (h|min)\b", "", page.text)


def rows_of(story: Story, page: Page) -> int:
    """How many people the group of a page has."""
    people = story.as_("field").get(page.address.split("?")[0] + "people/")
    return len({link for link, _ in people.reader.links if re.search(r"/people/[0-9a-f-]{36}/$", link)})


def person_of(story: Story, page: Page, name: str) -> str:
    """The address of somebody in the group of a page."""
    people = story.as_("field").get(page.address.split("?")[0] + "people/")
    return next(link for link, words in people.reader.links if words.startswith(name))
