"""T+0h20 to T+3h: acknowledgements, reminders, money, calls, the group itself, and the rule in writing."""

from __future__ import annotations

import re
from email.message import EmailMessage

from tests.scenario.play import step
from tests.scenario.steps.demand import body_of, link_in, publish, recipients, write_change
from tests.scenario.story import Story, expect


def acknowledge(story: Story, link: str, *, name: str, function: str) -> str:
    """Opens a signed link as a stranger, acknowledges, and returns the words of the page after."""
    desk = story.stranger()
    page = desk.get(link)
    expect(page.status == 200, f"the link of {name} answers {page.status}")
    form = page.form_with("name", "function")
    return desk.submit(page, form, button=form.buttons[0][2] if form.buttons else "", name=name, function=function).text


@step("T+0h20")
def two_acknowledge(story: Story) -> str:
    """It cannot be forged by another partner, and a second click does not change the first time."""
    links = story.notes["links"]
    story.clock("2020-10-01T09:20")
    opened = story.stranger().get(links["duty@tj-emb-kz.example"])
    expect(opened.status == 200, "the embassy's link does not open")
    page = story.as_("coordinator").get(story.notes["alert"]).text
    expect("0 of 9" in page, "opening a link counted as an answer")
    acknowledge(story, links["duty@tj-emb-kz.example"], name="Consul on duty", function="consul")
    acknowledge(story, links["duty@iom-kz.example"], name="Team leader", function="team leader")
    page = story.as_("coordinator").get(story.notes["alert"]).text
    expect("2 of 9" in page, f"not 2 of 9 have acknowledged: {page[:400]}")
    head, _, tail = links["duty@kz-border.example"].rstrip("/").rpartition("/")
    forged = story.stranger().get(f"{head}/{tail[:-2]}{'aa' if tail[-2:] != 'aa' else 'bb'}/")
    expect(forged.status in {404, 410}, f"an altered link answers {forged.status}")
    story.clock("2020-10-01T09:22")  # the reminders hurry for a crossing at 10:00: they are due at 09:23:45
    second = story.stranger().get(links["duty@tj-emb-kz.example"])
    expect("09:20" in second.text or "08:20" in second.text, f"the first time does not stand: {second.text[:400]}")
    return "2 of 9 acknowledged by link; opening changes nothing, an altered link is refused, the first time stands"


def reminders(story: Story, before: int) -> list[EmailMessage]:
    """The letters since then, without those about the corridor: that its first request has lapsed is told at this hour too."""
    return [message for message in story.mails()[before:] if "non-contact" not in body_of(message)]


@step("T+0h30")
def seven_are_reminded(story: Story) -> str:
    """Escalation stops for those who acknowledged: seven reminders, none to the two."""
    before = len(story.mails())
    story.clock("2020-10-01T09:31")
    story.wait(lambda: len(reminders(story, before)) >= 7, "seven reminders", seconds=60)
    reminded = {recipients(message) for message in reminders(story, before)}
    answered = {"duty@tj-emb-kz.example", "duty@iom-kz.example"}
    expect(not reminded & answered, f"reminded although they had acknowledged: {reminded & answered}")
    expect(len(reminded) == 7, f"{len(reminded)} were reminded instead of 7: {sorted(reminded)}")
    links = story.notes["links"]
    again = {recipients(message): link_in(message) for message in reminders(story, before)}
    story.notes["links"] = links | again
    return "7 reminded, the 2 that acknowledged left in peace"


@step("T+0h40")
def money_is_asked_for(story: Story) -> str:
    """A need with its cost; the sum of pledges against it, each in its own currency."""
    story.clock("2020-10-01T09:40")
    coordinator = story.as_("coordinator")
    page = coordinator.get(f"/groups/{story.notes['group']}/readiness/")
    ask = next(form for form in page.reader.forms if "/needs/ask/" in form.action)
    need = coordinator.submit(page, ask)
    expect(re.search(r"2[,  ]?040", need.text), f"the need is not 102 times 20 USD: {need.text[:500]}")
    story.notes["need"] = need.address
    form = need.form_with("donor", "amount")
    donor = next(value for words, value in form.choices["donor"].items() if "Norway" in words)
    pledged = coordinator.submit(
        need, form, donor=donor, amount="900", currency="EUR", rate="1.1", pledged_on="2020-10-01",
        correspondence="confidential letter",
    )  # fmt: skip
    expect("900" in pledged.text and "EUR" in pledged.text, f"the pledge lost its currency: {pledged.text[:500]}")
    expect(re.search(r"1[,  ]?050", pledged.text), f"the gap is not 1,050 USD: {pledged.text[:600]}")
    outside = story.as_("consular").get(story.notes["need"])
    expect(outside.status == 404, "a consular officer can open the need")
    return "need 2,040 USD; 900 EUR pledged at 1.1, gap 1,050 USD; nobody outside can open it"


@step("T+1h")
def officials_are_called(story: Story) -> str:
    """Two entries in the contact log, each on an organisation, with number, function and outcome."""
    story.clock("2020-10-01T10:01")
    coordinator = story.as_("coordinator")
    listed = story.wait(
        lambda: (page := coordinator.get("/calls/")) and "call" in page.text.lower() and page.reader.links and page,
        "the call list",
        seconds=60,
    )
    addresses = {link for link, _ in listed.reader.links if re.search(r"/calls/[0-9a-f-]{36}/", link)}
    addresses = story.wait(
        lambda: {
            link for link, _ in coordinator.get("/calls/").reader.links if re.search(r"/calls/[0-9a-f-]{36}/", link)
        },
        "somebody on the call list",
        seconds=60,
    )
    for name, address in zip(("Head of shift", "Deputy head"), sorted(addresses), strict=False):
        page = coordinator.get(address)
        form = page.form_with("number", "outcome")
        after = coordinator.submit(page, form, name=name, function=name, outcome="reached", note="told by telephone")
        expect(after.status == 200, f"the call was not written down: {after.text[:400]}")
    log = coordinator.get("/calls/log/").text
    expect(log.count("reached") >= 2, f"the contact log does not hold two calls: {log[:600]}")
    expect("+44" in log and "Head of shift" in log, f"number or function is missing: {log[:600]}")
    return "two calls in the contact log, with number, function and outcome"


@step("T+2h")
def the_group_is_told(story: Story) -> str:
    """The text exists in Tajik and Russian and names nobody; that it was read out is written down."""
    story.clock("2020-10-01T11:00")
    field = story.as_("field")
    page = field.get(f"/groups/{story.notes['group']}/tell/")
    expect("манфӣ" in page.text and "отрицательн" in page.text, f"not in both languages: {page.text[:600]}")
    expect("Қодиров" not in page.text and "Кодиров" not in page.text, "the text holds personal data")
    form = page.form_with("languages", "people_told")
    after = field.submit(page, form, languages=["tg", "ru"], people_told=102)
    expect("102" in after.text and after.status == 200, f"it was not written down: {after.text[:400]}")
    return "read out in Tajik and Russian to 102, no personal data in it"


@step("T+3h")
def the_rule_comes_in_writing(story: Story) -> str:
    """History shows 1, 2, 3 with who entered each and when; acknowledgements belong to one version."""
    story.clock("2020-10-01T12:00")
    before = len(story.mails())
    old = story.notes["links"]["duty@tj-emb-kz.example"]
    address = write_change(
        story,
        test_kinds=["pcr"],
        test_hours=72,
        exempt_under="",
        price="20",
        currency="USD",
        applies_from="2020-10-01T08:00",
        clock="entered",
        certainty="confirmed",
        source_tier="written",
        source_text="Letter of the border service, 1 October 2020",
    )
    publish(story, address)
    story.wait(lambda: len(about_version(story, 3, since=before)) >= 9, "nine messages about the written version")
    page = story.as_("coordinator").get(story.notes["alert"]).text
    expect("0 of 9" in page, f"an answer to version 2 counts for version 3: {page[:500]}")
    superseded = story.stranger().get(old).text
    expect("3" in superseded, "the old link does not point to the newer version")
    ledger = story.as_("coordinator").get("/requirements/?subject=health_test")
    history = story.as_("coordinator").get(ledger.link_to(r"/requirements/[0-9a-f-]{36}/")).text.lower()
    numbered = re.search(
        "3 who knew when.*coordinator on duty.*2 who knew when.*coordinator.*1 who knew when.*setup", history
    )
    expect(numbered, f"the history does not show 3, 2 and 1 with who entered each: {history[:1200]}")
    all_nine_acknowledge(story, since=before)
    return "history shows 1, 2 and 3 with who entered each; the written version asks all nine again, and all answer"


def about_version(story: Story, number: int, *, since: int) -> list[EmailMessage]:
    """The messages about that version; a second contact may still hear of the version before at the same time."""
    return [message for message in story.mails()[since:] if f" {number})" in str(message["Subject"])]


def all_nine_acknowledge(story: Story, *, since: int) -> None:
    """Within twenty minutes each of the nine acknowledges the written version by its own link, one after another."""
    links = {recipients(message): link_in(message) for message in about_version(story, 3, since=since)}
    for minute, (desk, link) in enumerate(sorted(links.items()), start=1):
        story.clock(f"2020-10-01T12:{2 * minute:02}")
        acknowledge(story, link, name=f"On duty, {desk.partition('@')[2]}", function="duty officer")
    page = story.as_("coordinator").get(story.notes["alert"]).text
    expect("9 of 9" in page, f"not all nine have acknowledged the written version: {page[:500]}")
