"""T-24h to T-12h and T+20h: the non-contact corridor is drafted, laid before its five parties, decided, and agreed anew."""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import Any

from deploy.local.measure import weigh
from tests.scenario.browser import Page
from tests.scenario.play import STEPS, step
from tests.scenario.steps.demand import body_of, recipients, rows_by_verdict
from tests.scenario.story import Figure, Story, expect

CORRIDOR = "/corridors/ZHIBEK-OYBEK/"
PARTIES = {
    # desk that is asked: (language of its letter, a word that the letter has in it)
    "duty@uz-mfa.example": ("uz", "yo‘lagi"),
    "duty@uz-border.example": ("uz", "yo‘lagi"),
    "duty@uz-san.example": ("ru", "коридор"),
    "duty@kz-border.example": ("ru", "коридор"),
    "duty@tj-mfa.example": ("tg", "долон"),
}
OF_UZBEKISTAN = ("duty@uz-mfa.example", "duty@uz-border.example", "duty@uz-san.example")
NOTE = "Note verbale 03-1/2114, Embassy of Tajikistan in Tashkent"
CONDITIONS = "3 sealed buses\npolice escort\nno stop in the country\nmasks"


def seen(story: Story) -> str:
    """What the coordinator reads on the page of the corridor."""
    return story.as_("coordinator").get(CORRIDOR).text


def word(story: Story, address: str, **said: Any) -> Page:
    """Fills in the form of a version as the coordinator."""
    coordinator = story.as_("coordinator")
    page = coordinator.get(address)
    form = page.form_with("opens_local", "head_count_cap", "document_reference")
    requested_by = next(
        value
        for words, value in form.choices["requested_by"].items()
        if words.startswith("Ministry of Foreign Affairs") and "Tajikistan" in words
    )
    return coordinator.submit(page, form, requested_by=requested_by, zone="Asia/Tashkent", **said)


@step("T-24h")
def the_corridor_is_drafted(story: Story) -> str:
    """Entry G‘ishtko‘prik, exit Oybek, three buses, escort, no stop; it is not open, and nothing on the page opens it."""
    story.clock("2020-09-30T03:00")
    written = word(
        story,
        f"{CORRIDOR}versions/1/",
        opens_local="2020-10-01T08:00",
        closes_local="2020-10-01T12:00",
        head_count_cap=102,
        transit_hours="4",
        conditions=CONDITIONS,
        document_reference="in preparation",
    )
    expect("versions" not in written.address, f"the draft was not stored: {written.text[:600]}")
    text = seen(story)
    for words in (
        "G‘ishtko‘prik",
        "Oybek",
        "3 sealed buses",
        "police escort",
        "102 people",
        "Draft: nobody has been asked",
    ):
        expect(words in text, f"the corridor does not say “{words}”: {text[:900]}")
    page = story.as_("coordinator").get(CORRIDOR)
    acts = [form.action for form in page.reader.forms if "corridors" in form.action]
    expect(not acts, f"a draft can be opened or stopped by a button: {acts}")
    return (
        "version 1 drafted: in by G‘ishtko‘prik, out by Oybek, 102 people, three sealed buses; draft, nothing opens it"
    )


@step("T-20h")
def the_note_asks_five_parties(story: Story) -> str:
    """The note's reference and the deadline stand on the corridor; a party without an answer is listed with its hours."""
    story.clock("2020-09-30T07:00")
    story.notes["mails before asking"] = len(story.mails())
    word(story, f"{CORRIDOR}versions/1/", document_reference=NOTE)
    ask(story, 1, "2020-10-01T08:30")
    story.clock("2020-09-30T09:05")
    text = seen(story)
    for words in (NOTE, "0 of 5 approved", "08:30 Tashkent", "Not open", "2 h"):
        expect(words in text, f"the corridor does not say “{words}”: {text[:1200]}")
    listed = story.as_("coordinator").get("/corridors/").text
    expect("0 of 5 approved" in listed, f"the list of corridors does not say who holds it up: {listed[:600]}")
    return "five parties asked in uz, ru and tg; the note, the deadline and the hours of each stand on the corridor"


def ask(story: Story, number: int, answer_by: str) -> None:
    """Asks the suggested parties by page and waits for their letters; notes the link of each."""
    coordinator, before = story.as_("coordinator"), len(story.mails())
    page = coordinator.get(f"{CORRIDOR}versions/{number}/ask/")
    form = page.form_with("parties", "answer_by")
    chosen = [value for name, value in form.fields if name == "parties"]
    expect(len(chosen) == 5, f"{len(chosen)} parties are suggested instead of five")
    told = coordinator.submit(page, form, answer_by=answer_by)
    expect("5 parties are asked" in told.text, f"they were not asked: {told.text[:600]}")
    requests = story.wait(
        lambda: letters if len(letters := requests_since(story, before)) >= 5 else None, "five letters"
    )
    letters = {recipients(message): message for message in requests}
    expect(set(letters) == set(PARTIES), f"asked were {sorted(letters)} instead of {sorted(PARTIES)}")
    for address, message in letters.items():
        language, words = PARTIES[address]
        expect(words in body_of(message), f"{address} was not asked in {language}: {body_of(message)[:300]}")
    story.notes["deciding links"] = {address: deciding_link(message) for address, message in letters.items()}
    weight = weigh(story.notes["deciding links"]["duty@tj-mfa.example"], {})
    words = f"KB of the page of a link that decides on version {number}"
    story.figures.append(Figure(words, round(weight.first / 1000, 1), under=15))


def requests_since(story: Story, before: int) -> list[EmailMessage]:
    """The letters that ask for a decision, among all that came since."""
    return [message for message in story.mails()[before:] if "/d/" in body_of(message)]


def deciding_link(message: EmailMessage) -> str:
    """The link of a letter that decides."""
    found = re.search(r"https?://\S+/d/\S+?/(?=\s|$)", body_of(message))
    expect(found, f"the letter to {recipients(message)} has no link that decides")
    assert found is not None
    return found[0]


def decide(story: Story, desk: str, **said: Any) -> Page:
    """Decides through the link of a desk, as somebody without an account."""
    browser = story.stranger()
    page = browser.get(story.notes["deciding links"][desk])
    expect(page.status == 200, f"the link of {desk} answers {page.status}")
    form = page.form_with("answer", "name", "function")
    return browser.submit(
        page, form, **{"answer": "approved", "name": "Duty officer", "function": "duty officer", **said}
    )


@step("T-16h")
def three_of_five(story: Story) -> str:
    """3 of 5 approved by signed link; the two that hold it up are named, and since when."""
    story.clock("2020-09-30T11:00")
    for desk in OF_UZBEKISTAN[:2]:
        decide(story, desk, function="head of department")
    conditional = decide(story, OF_UZBEKISTAN[2], answer="conditional", note="masks on, temperature taken at the entry")
    expect("masks on" in conditional.text, f"the party does not see its conditions: {conditional.text[:500]}")
    again = decide_twice(story, OF_UZBEKISTAN[0])
    expect(again, "a second decision through the same link was taken")
    text = seen(story)
    held = text.partition("held up by")[2][:400]
    expect("3 of 5 approved" in text, f"not 3 of 5: {text[:800]}")
    expect("Border Service of the National Security Committee" in held, f"Kazakhstan is not named: {held}")
    expect("Ministry of Foreign Affairs, Tajikistan" in held, f"Tajikistan is not named: {held}")
    expect("06:00 Tashkent" in held, f"it is not said since when: {held}")
    return "3 of 5 by signed link, one with conditions; Kazakhstan and Tajikistan hold it up since 06:00 Tashkent"


def decide_twice(story: Story, desk: str) -> bool:
    """Whether the page of a decided request offers no form and a second answer is refused."""
    browser, link = story.stranger(), story.notes["deciding links"][desk]
    offered = any("answer" in form.names for form in browser.get(link).reader.forms)
    body = b"answer=rejected&note=no&name=Somebody&function=else"
    refused = browser.send("POST", link, body, Content_Type="application/x-www-form-urlencoded")
    return not offered and refused.status == 422


@step("T-12h")
def four_of_five(story: Story) -> str:
    """4 of 5 approved, the fourth on the liaison officer's page; one is open, and since when, and only it is reminded."""
    story.clock("2020-09-30T15:00")
    before, liaison = len(story.mails()), story.as_("liaison")
    page = liaison.get("/requests/")
    page = liaison.get(page.link_to(r"/requests/[0-9a-f-]{36}/"))
    decided = liaison.submit(
        page, page.form_with("answer", "function"), answer="approved", function="liaison officer",
        reference="MFA of Kazakhstan, note 27-4",
    )  # fmt: skip
    expect(decided.status == 200, f"not decided: {decided.text[:500]}")
    text = seen(story)
    held = text.partition("held up by")[2][:200]
    expect("4 of 5 approved" in text and "note 27-4" in text, f"not 4 of 5 with the reference: {text[:800]}")
    expect("Tajikistan" in held and "Kazakhstan" not in held, f"not Tajikistan alone holds it up: {held}")
    story.clock("2020-10-01T06:30")
    story.wait(lambda: len(requests_since(story, before)) >= 2, "a reminder and the deputy's letter", seconds=60)
    later = {recipients(message) for message in requests_since(story, before)}
    expect(later == {"duty@tj-mfa.example", "deputy@tj-mfa.example"}, f"others were reminded: {sorted(later)}")
    decided_already = {recipients(message) for message in story.mails()[before:]} & (set(PARTIES) - later)
    expect(not decided_already, f"whoever has decided was written to again: {sorted(decided_already)}")
    expect("Not open" in seen(story), "the corridor is open although one approval is not there")
    return "4 of 5; Tajikistan alone holds it up, is reminded, and nobody else is"


@step("T+20h")
def five_of_five(story: Story) -> str:
    """All five decide version 2; its window of 06:00 to 10:00 Tashkent stands in the local time of each side."""
    story.clock("2020-10-02T05:00")
    old = story.notes["deciding links"]["duty@tj-mfa.example"]
    expect(story.stranger().get(old).status in {200, 410}, "the old link breaks")
    written = word(
        story,
        f"{CORRIDOR}versions/new/",
        opens_local="2020-10-02T06:00",
        closes_local="2020-10-02T10:00",
        conditions=f"{CONDITIONS}\nnegative tests of everybody",
        document_reference="Note verbale 03-1/2140",
    )
    expect("versions" not in written.address, f"version 2 was not stored: {written.text[:600]}")
    ask(story, 2, "2020-10-02T05:30")
    replaced = story.stranger().get(old).text
    expect("2" in replaced and "1" in replaced, f"the old link does not point to version 2: {replaced[:300]}")
    text = seen(story)
    expect("0 of 5 approved" in text, f"a decision on version 1 counts for version 2: {text[:800]}")
    for desk in OF_UZBEKISTAN:
        decide(story, desk, function="head of department")
    by_liaison(story)
    expect("4 of 5 approved" in seen(story), f"not 4 of 5: {seen(story)[:600]}")
    by_telephone(story)
    text = seen(story)
    expect("Open: 5 of 5 approved" in text, f"the corridor is not open: {text[:900]}")
    window = "06:00–10:00 Tashkent, Dushanbe (UTC+5) = 07:00–11:00 Almaty (UTC+6)"
    expect(window in text, f"the window does not stand in the local time of each side: {text[:900]}")
    plan(story)
    return "5 of 5 on version 2, by link, by page and by telephone; window 06:00–10:00 Tashkent, 07:00–11:00 Almaty"


def by_liaison(story: Story) -> None:
    liaison = story.as_("liaison")
    page = liaison.get("/requests/")
    page = liaison.get(page.link_to(r"/requests/[0-9a-f-]{36}/"))
    liaison.submit(page, page.form_with("answer", "function"), answer="approved", function="liaison officer")


def by_telephone(story: Story) -> None:
    """The ministry in Dushanbe says yes by telephone; not who asked, a colleague in Almaty writes down who said it."""
    coordinator = story.as_("coordinator.kz")
    page = coordinator.get(CORRIDOR)
    page = coordinator.get(page.link_to(r"/decisions/[0-9a-f-]{36}/$"))
    form = page.form_with("answer", "decided_how", "reference")
    said: dict[str, Any] = {"answer": "approved", "decided_how": "phone", "name": "Head of the consular department"}
    without = coordinator.submit(page, form, **said, function="head", reference="")
    expect(without.status == 422, "a decision by telephone was taken without its reference")
    done = coordinator.submit(page, form, **said, function="head of department", reference="+44 20 7946 0110, 05:20")
    expect("0110" in done.text, f"the call was not written down: {done.text[:600]}")


def plan(story: Story) -> None:
    """The group crosses through version 2 at 08:00 in Almaty; whoever was ready stays so."""
    coordinator = story.as_("coordinator")
    page = coordinator.get(f"/groups/{story.notes['group']}/plan/")
    form = page.form_with("local_time", "corridor_version")
    version = next(value for words, value in form.choices["corridor_version"].items() if words.endswith(", 2"))
    after = coordinator.submit(
        page, form, local_time="2020-10-02T08:00", zone="Asia/Almaty", queue_minutes=60, corridor_version=version
    )
    expect("08:00" in after.text, f"the hour was not agreed: {after.text[:500]}")
    if "T+18h" in STEPS:
        story.wait(
            lambda: rows_by_verdict(story)["ready"] == 102, "102 of 102 to be ready for the corridor", seconds=60
        )
