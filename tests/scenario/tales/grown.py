"""68 people become 180 in three days: a corridor agreed anew, two manifests of one cap, and one who changes her mind."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from tests.scenario.browser import Page
from tests.scenario.play import told
from tests.scenario.steps.corridor import (
    CORRIDOR,
    OF_UZBEKISTAN,
    ask,
    by_liaison,
    by_telephone,
    decide,
    seen,
    word,
)
from tests.scenario.steps.journey import BUSES, count, fingerprint, freeze, prepare, tick_everybody
from tests.scenario.steps.reception import shown_to_the_embassy
from tests.scenario.steps.registration import EMBASSY, people_of
from tests.scenario.story import Story, expect

TALE = "grown"
FIRST, SECOND, ALL, OF_EACH = 68, 120, 180, 90
FAMILY = 3
"""The first three of the list belong together."""
SURNAMES = ("Азизов", "Бобоев", "Валиев", "Ганиев", "Давлатов", "Ёров", "Зокиров", "Исоев", "Каримов", "Лоиков",
            "Мирзоев", "Назаров")  # fmt: skip
GIVEN = ("Абдулло", "Баходур", "Вохид", "Гайрат", "Диловар", "Зафар", "Икром", "Комил", "Латиф", "Манучехр", "Некруз",
         "Орзу", "Парвиз", "Рустам", "Сиёвуш")  # fmt: skip
LATE = "Шодиев Тохир"
HEADINGS = "№;Ф.И.О.;Пол;Дата рождения;Гражданство;Документ;Серия и номер"
PEOPLE_LINK = r"/people/[0-9a-f-]{36}/$"


@told(TALE, after="T-96h")
def sixty_eight_on_the_first_day(story: Story) -> str:
    """68 counted and registered; the corridor is asked for as many, and three of five parties approve."""
    story.clock("2020-09-27T15:00")
    heads(story, FIRST)
    names(story, 0, FIRST, registered=FIRST)
    written = word(
        story, f"{CORRIDOR}versions/1/", opens_local="2020-09-30T06:00", closes_local="2020-09-30T10:00",
        head_count_cap=FIRST, transit_hours="4", conditions="sealed buses", document_reference="Note verbale 03-2/68",
    )  # fmt: skip
    expect("versions" not in written.address, f"version 1 was not stored: {written.text[:600]}")
    ask(story, 1, "2020-09-29T20:00")
    for desk in OF_UZBEKISTAN:
        decide(story, desk, function="head of department")
    expect("3 of 5 approved" in seen(story), f"not 3 of 5: {seen(story)[:600]}")
    return "68 of 68 registered; version 1 for 68 people, 3 of 5 approved"


@told(TALE, after="T-96h")
def a_hundred_and_twenty_on_the_second(story: Story) -> str:
    """Whoever stands on both lists is one person; whoever approved 68 is asked anew for 180, and a condition asks nobody."""
    story.clock("2020-09-28T15:00")
    heads(story, SECOND)
    names(story, FIRST - 5, SECOND, registered=SECOND)
    new_version(story, head_count_cap=ALL, document_reference="Note verbale 03-2/71")
    page = story.as_("coordinator").get(f"{CORRIDOR}versions/2/ask/")
    anew = page.text.count("has to decide anew – more people than were approved: 180 instead of 68")
    expect(anew == 3, f"{anew} parties have to decide anew because of the cap instead of 3: {page.text[:900]}")
    ask(story, 2, "2020-09-29T20:00")
    expect("0 of 5 approved" in seen(story), f"a decision for 68 counts for 180: {seen(story)[:600]}")
    for desk in OF_UZBEKISTAN:
        decide(story, desk, function="head of department")
    by_liaison(story)
    by_telephone(story)
    expect("Open: 5 of 5 approved" in seen(story), f"version 2 is not open: {seen(story)[:600]}")
    new_version(story, conditions="sealed buses\nmasks for everybody", document_reference="Note verbale 03-2/72")
    coordinator = story.as_("coordinator")
    page = coordinator.get(f"{CORRIDOR}versions/3/ask/")
    told = coordinator.submit(page, page.form_with("parties", "answer_by"), answer_by="2020-09-29T20:00")
    expect("5 decisions hold as they are" in told.text, f"a condition more asks somebody anew: {told.text[:600]}")
    text = seen(story)
    expect("Open: 5 of 5 approved" in text and "on version 2, and holds" in text, f"not carried: {text[:900]}")
    return "120 registered, 5 of them on both lists; the cap asked 3 parties anew, a condition more asked nobody"


@told(TALE, after="T-96h")
def a_hundred_and_eighty_on_the_third(story: Story) -> str:
    """180 of 180 say yes; two groups of 90, a family whole, each with its hour through the same version; all are ready."""
    story.clock("2020-09-29T09:00")
    heads(story, ALL)
    names(story, SECOND, ALL, registered=ALL)
    group = story.notes["group"]
    numbers = numbers_of(story, group)
    expect(len(numbers) == ALL, f"{len(numbers)} have a number instead of {ALL}")
    together(story, numbers[:FAMILY])
    they_agree(story, group)
    story.notes["second group"] = split_off(story, numbers[FAMILY : FAMILY + OF_EACH])
    for each, hour in ((group, "07:00"), (story.notes["second group"], "09:00")):
        plan(story, each, hour)
    for each in (group, story.notes["second group"]):
        story.wait(partial(all_ready, story, each), "all of a group to be ready")
    return "180 registered and agreed, split 90 and 90, planned at 06:00 and 08:00 Tashkent on version 3; all ready"


@told(TALE, after="T-96h")
def two_manifests_share_one_cap(story: Story) -> str:
    """Both are frozen; with one seat more the second is stopped, for the cap is of the corridor and not of a movement."""
    story.clock("2020-09-30T05:00")
    coordinator, second = story.as_("coordinator"), story.notes["second group"]
    story.notes["movements"] = [
        prepare(story, story.notes["group"], buses=2, seats=45, people=OF_EACH),
        prepare(story, second, buses=2, seats=46, people=OF_EACH),
    ]
    one, other = story.notes["movements"]
    freeze(story, one)
    comes_late(story, second)
    page = coordinator.get(other)
    page = coordinator.submit(page, page.form_to("/seats/propose/"))
    stopped = f"The corridor is for at most {ALL} people; {OF_EACH + 1} have a seat, and {OF_EACH} travel with other"
    expect(stopped in page.text, f"181 are let through a corridor for 180: {page.text[:900]}")
    expect(not [form for form in page.reader.forms if "/freeze/" in form.action], "it can be frozen all the same")
    coordinator.submit(page, page.form_to("/leave-out/"))
    freeze(story, other)
    story.notes["first fingerprint"] = fingerprint(coordinator.get(one + "manifests/1/"))
    return "two manifests of 90, each with its fingerprint; one seat more was stopped by the cap of 180"


@told(TALE, after="T-96h")
def one_changes_her_mind(story: Story) -> str:
    """On board already, one takes the consent back: a seat is free, the embassy sees nothing, one manifest is made anew."""
    coordinator, field, (one, other) = story.as_("coordinator"), story.as_("field"), story.notes["movements"]
    for movement in (one, other):
        tick_everybody(story, movement, buses=2, each=OF_EACH // 2)
        for bus in BUSES[:2]:
            count(story, movement, "boarded", bus, heads=OF_EACH // 2)
    page = coordinator.get(other + "manifests/1/")
    address, name = next((link, words) for link, words in page.reader.links if re.search(PEOPLE_LINK, link))
    expect(name in shown_to_the_embassy(story), f"{name} was not shown before")
    done = takes_back(story, address)
    for words in ("The seat is free again", "changed mind"):
        expect(words in done.text, f"taking back does not say “{words}”: {done.text[:600]}")
    expect(name not in shown_to_the_embassy(story), "the embassy sees who took the consent back")
    expect("no show" not in done.text.lower() and "did not come" not in done.text, "a change of mind is a no-show")
    freeze(story, other, why="one traveller less")
    kept = coordinator.get(one + "manifests/1/")
    expect(fingerprint(kept) == story.notes["first fingerprint"], "the manifest of the others has changed")
    expect(coordinator.get(one + "manifests/2/").status == 404, "the others have a second version")
    story.notes["heads"] = on_board(story, other)
    expect(sum(story.notes["heads"].values()) == OF_EACH - 1, f"not 89 on board: {story.notes['heads']}")
    smaller = next(bus for bus, there in story.notes["heads"].items() if there < OF_EACH // 2)
    count(story, other, "boarded", smaller, heads=OF_EACH // 2 - 1)
    expect("89 of 89" in coordinator.get(other).text, "boarding and manifest do not agree")
    expect(field.get(address).status == 200, "the person is gone from the records")
    return "one seat free, nothing shown any more, version 2 of one manifest; the other stands as it was"


@told(TALE, after="T-96h")
def a_hundred_and_seventy_nine_come_home(story: Story) -> str:
    """Both convoys are counted through and received; no difference is open, and nobody reads of a no-show."""
    one, other = story.notes["movements"]
    full = dict.fromkeys(BUSES[:2], OF_EACH // 2)
    for movement, heads_of, hours in ((one, full, (6, 7, 10)), (other, story.notes["heads"], (8, 9, 12))):
        for kind, hour in zip(("exited", "entered", "left"), hours, strict=True):
            story.clock(f"2020-09-30T{hour + 1:02}:00")
            for bus, there in heads_of.items():
                count(story, movement, kind, bus, heads=there)
        story.clock(f"2020-09-30T{hours[-1] + 1:02}:30")
        received(story, movement, sum(heads_of.values()), at=f"2020-09-30T{hours[-1]:02}:30")
        text = story.as_("coordinator").get(movement + "reconciliation/").text
        expect("Every point is closed" in text and "No count differs" in text, f"not closed: {text[:900]}")
        expect("did not come" not in text, "a no-show stands in the counts")
    return "90 and 89 counted out and received: 179 home, one changed mind, no difference open"


def heads(story: Story, how_many: int) -> None:
    """The field team counts them."""
    field = story.as_("field")
    page = field.get("/groups/count/")
    form = page.form_with("client_id", "males", "females")
    field.submit(page, form, group=story.notes["group"], males=how_many, females=0, way="sex", exact="true", needs=[])


def names(story: Story, first: int, beyond: int, *, registered: int) -> None:
    """Loads the list of whoever stands on it, and looks how many are registered then."""
    field = story.as_("field")
    page = field.get(f"/groups/{story.notes['group']}/manifests/new/")
    form = next(one for one in page.reader.forms if "sender" in one.names)
    rows = [HEADINGS, *(_line(place) for place in range(first, beyond))]
    preview = field.submit(page, form, files={"file": (f"list-{beyond}.csv", "\n".join(rows).encode())})
    expect("/manifests/" in preview.address, f"the list was not read: {preview.text[:400]}")
    field.submit(preview, next(one for one in preview.reader.forms if "/confirm/" in one.action))
    people = len(people_of(story))
    expect(people == registered, f"{people} people are registered instead of {registered}")


def _line(place: int) -> str:
    """One of the list: nobody has the name, the birth date or the passport of another one."""
    name = f"{SURNAMES[place % 12]} {GIVEN[place % 15]} {GIVEN[place // 12]}ович"
    born = f"{1 + place % 28:02}.{1 + place % 12:02}.{1962 + place % 37}"
    return f"{place + 1};{name};муж;{born};Таджикистан;паспорт;4{place:08}"


def new_version(story: Story, **said: Any) -> None:
    """Writes the next version of the corridor, which begins with what the last one said."""
    written = word(story, f"{CORRIDOR}versions/new/", **said)
    expect("versions" not in written.address, f"the version was not stored: {written.text[:600]}")


def numbers_of(story: Story, group: str) -> list[str]:
    """The numbers of everybody in the group, by name."""
    address, numbers = f"/groups/{group}/people/", []
    while address:
        page = story.as_("field").get(address)
        numbers += re.findall(r'<td class="num" data-label="[^"]*">(\d+)</td>', page.html)
        following = [link for link, _ in page.reader.links if "after=" in link]
        address = (page.address.split("?")[0] + following[0]) if following else ""
    return numbers


def together(story: Story, numbers: list[str]) -> None:
    """Writes down who is one family."""
    field = story.as_("field")
    page = field.get(f"/groups/{story.notes['group']}/families/")
    after = field.submit(page, page.form_with("code", "numbers"), code="F1", numbers=", ".join(numbers))
    expect("Family F1" in after.text, f"the family is not written down: {after.text[:500]}")


def they_agree(story: Story, group: str) -> None:
    """Everybody says yes to the return in writing, and to being shown to the embassy; it is shown."""
    field = story.as_("field")
    answers: tuple[dict[str, Any], ...] = (
        {"purpose": "return", "how": "written", "form_signed": "on", "form_reference": "Folder of the halt"},
        {"purpose": "consulate", "how": "oral", "recipient": EMBASSY},
    )
    for said in answers:
        page = field.get(f"/groups/{group}/consents/new/")
        form = page.form_with("purpose", "recipient", "answer")
        field.submit(page, form, answer="yes", language="tg", interpreter="Interpreter on duty", **said)
    page = field.get(f"/groups/{group}/share/")
    field.submit(page, page.form_with("recipient"), recipient=EMBASSY)
    shown = story.as_("consular").get("/incoming/").text
    expect(re.search(rf"\b{ALL} people agreed to be shown", shown), f"the embassy is not shown 180: {shown[:500]}")


def split_off(story: Story, numbers: list[str]) -> str:
    """Splits these people off into a group of their own; gives its key."""
    field = story.as_("field")
    page = field.get(f"/groups/{story.notes['group']}/move/")
    form = page.form_with("people", "to_group")
    said: dict[str, Any] = {"people": " ".join(numbers), "to_group": "new", "why": "two convoys"}
    shown = field.submit(page, form, **said)
    moved = field.submit(shown, next(one for one in shown.reader.forms if "step" in one.names))
    expect("They are in group" in moved.text, f"not split off: {moved.text[:600]}")
    return moved.address.split("/groups/")[1].strip("/")


def plan(story: Story, group: str, hour: str) -> None:
    """The group crosses at that hour of 30 September in Almaty, through version 3."""
    coordinator = story.as_("coordinator")
    page = coordinator.get(f"/groups/{group}/plan/")
    form = page.form_with("local_time", "corridor_version")
    version = next(value for words, value in form.choices["corridor_version"].items() if words.endswith(", 3"))
    after = coordinator.submit(
        page, form, local_time=f"2020-09-30T{hour}", zone="Asia/Almaty", queue_minutes=60, corridor_version=version
    )
    expect(hour in after.text, f"the hour was not agreed: {after.text[:500]}")


def all_ready(story: Story, group: str) -> bool:
    """Whether all 90 of a group are ready to cross."""
    text = story.as_("coordinator").get(f"/groups/{group}/readiness/").text
    return f"Ready to cross: {OF_EACH} of {OF_EACH}" in text


def comes_late(story: Story, group: str) -> None:
    """Somebody who arrives in the night is registered by hand."""
    field = story.as_("field")
    page = field.get(f"/groups/{group}/people/new/")
    field.submit(
        page, page.form_with("full_name", "birth_year"), full_name=LATE, sex="M", birth_year=1951, nationality="TJK",
        document_kind="passport", document_number="500000001",
    )  # fmt: skip
    found = field.get(f"/groups/{group}/people/?q=500000001").text
    expect(LATE in found, f"who came late is not registered: {found[:400]}")


def takes_back(story: Story, person: str) -> Page:
    """Takes the consent to the return back, after the page has said what ends with it."""
    field = story.as_("field")
    links = [link for link, _ in field.get(person).reader.links if re.search("/consents/.*/withdraw/", link)]
    for link in links:
        page = field.get(link)
        if "changed mind" in page.text:
            expect("no longer shown the person" in page.text, f"the page does not say what ends: {page.text[:600]}")
            return field.submit(page, next(one for one in page.reader.forms if not one.action and one.method == "post"))
    raise LookupError(f"{person} has no consent to the return among {links}")


def on_board(story: Story, movement: str) -> dict[str, int]:
    """How many sit in each bus."""
    text = story.as_("coordinator").get(movement).text
    found = {bus: re.search(rf"{bus} \d+ seats (\d+) / \d+", text) for bus in BUSES[:2]}
    return {bus: int(match[1]) for bus, match in found.items() if match}


def received(story: Story, movement: str, people: int, *, at: str) -> None:
    """The consular officer receives them, each by name, for all of them agreed to be shown; `at` on the clock of Dushanbe."""
    consular, address = story.as_("consular"), movement.replace("/movements/", "/incoming/")
    page = consular.get(f"{address}?here=everybody")
    shown = {name for form in page.reader.forms for name in form.names if name.startswith("here-")}
    expect(len(shown) == people, f"{len(shown)} people are shown instead of {people}: {page.text[:500]}")
    form = page.form_with("heads", "received_at", "function")
    done = consular.submit(page, form, heads=people, received_at=at, name="Consul on duty", function="consul")
    expect(done.status != 422, f"not received: {done.text.partition('One thing to mend')[2][:400]}")
    expect(
        f"{people}" in story.as_("coordinator").get(f"{movement}report/").text, "the report does not say how many came"
    )
