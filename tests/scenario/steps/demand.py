"""T+0h and T+0h05: the border post demands a test of everybody; the change is published and nine organisations are told."""

from __future__ import annotations

import re
import time
from email.message import EmailMessage
from typing import Any

from tests.scenario.play import step
from tests.scenario.story import Figure, Story, expect

WAY = "KZ-UZ-01:KAZ:UZB"
NINE = {
    # desk that must be told: the language of its contact
    "duty@kz-border.example": "ru",
    "duty@kz-mfa.example": "ru",
    "duty@tj-emb-kz.example": "tg",
    "duty@tj-emb-uz.example": "tg",
    "duty@tj-mfa.example": "tg",
    "duty@iom-kz.example": "en",
    "duty@iom-tj.example": "en",
    "duty@kz-ngo-sana.example": "ru",
    "duty@tj-sughd.example": "tg",
}
SAID_IN = {"en": "COVID-19|negative test", "ru": "отрицательн", "tg": "манфӣ"}
"""A word that a notice about a negative test has in each language."""


def rows_by_verdict(story: Story) -> dict[str, int]:
    """How many of the group are ready, not ready and unknown, as the readiness page of the coordinator says."""
    text = story.as_("coordinator").get(f"/groups/{story.notes['group']}/readiness/").text
    ready = re.search(r"Ready to cross: (\d+) of (\d+)", text)
    expect(ready, "the group page does not say how many are ready to cross")
    assert ready is not None
    return {"ready": int(ready[1]), "all": int(ready[2])}


def write_change(story: Story, **values: Any) -> str:
    """Writes a change down as the coordinator in Tashkent and returns the address of its impact page."""
    coordinator = story.as_("coordinator")
    page = coordinator.get("/changes/new/")
    form = page.form_with("way", "subject", "source_text")
    authority = next(
        value for words, value in form.choices["authority"].items() if "Border Troops of the State Security" in words
    )
    after = coordinator.submit(page, form, way=WAY, subject="health_test", authority=authority, **values)
    expect(re.search(r"/changes/[0-9a-f-]{36}/$", after.address), f"the draft was not stored: {after.text[-400:]}")
    return after.address


def publish(story: Story, address: str) -> float:
    """Presses the button under the impact; returns the wall time of the press and notes the page of who knew when."""
    coordinator = story.as_("coordinator")
    page = coordinator.get(address)
    pressed = time.time()
    after = coordinator.submit(page, page.form_with("fingerprint"))
    expect("/notices/" in after.address, f"publishing did not lead to who knew when: {after.text[:300]}")
    story.notes["alert"] = after.address
    return pressed


@step("T+0h")
def everybody_is_stopped(story: Story) -> str:
    """All 102 turn from ready to blocked with the reason, and the corridor shows that a requirement changed."""
    story.clock("2020-10-01T09:03")
    before = rows_by_verdict(story)
    expect(before == {"ready": 102, "all": 102}, f"before the demand {before['ready']} of {before['all']} were ready")
    story.notes["mails before"] = len(story.mails())
    address = write_change(
        story,
        test_kinds=["pcr", "rapid"],
        test_hours=72,
        exempt_under="",
        price="20",
        currency="USD",
        applies_from="2020-10-01T08:00",
        clock="entered",
        certainty="reported",
        source_tier="oral_post",
        source_text="Border post at G‘ishtko‘prik, by word of mouth at 08:00",
    )
    impact = story.as_("coordinator").get(address).text
    expect(
        "102" in impact and "9" in impact, f"the impact names neither 102 people nor 9 organisations: {impact[:600]}"
    )
    expect(len(story.mails()) == story.notes["mails before"], "somebody was told before anything was published")
    story.clock("2020-10-01T09:05")
    story.notes["published"] = publish(story, address)
    story.wait(lambda: rows_by_verdict(story)["ready"] == 0, "all 102 to turn from ready to blocked")
    matrix = story.as_("coordinator").get(f"/groups/{story.notes['group']}/readiness/").text
    expect("not taken" in matrix or "no test" in matrix.lower(), f"the matrix gives no reason: {matrix[:500]}")
    corridor = story.as_("coordinator").get("/corridors/").text
    expect("requirement changed" in corridor.lower(), f"the corridor does not show it: {corridor[:500]}")
    return "102 of 102 ready, then 0 of 102, with the reason; the corridor shows “requirement changed”"


def recipients(message: EmailMessage) -> str:
    return str(message["X-Envelope-To"])


@step("T+0h05")
def nine_organisations_are_told(story: Story) -> str:
    """Every partner has the alert in its language within a minute; those who have not acknowledged are listed."""
    start = story.notes["mails before"]
    mails = story.wait(lambda: story.mails()[start:] if len(story.mails()) >= start + 9 else None, "nine messages")
    told = {recipients(message): message for message in mails}
    expect(set(told) == set(NINE), f"told were {sorted(told)} instead of {sorted(NINE)}")
    for address, language in NINE.items():
        check_message(address, told[address], language)
    last = max(path.stat().st_mtime for path in story.mail_folder.glob("*.eml"))
    seconds = last - story.notes["published"]
    expect(seconds < 60, f"the last notice was accepted {seconds:.1f} s after publishing")
    story.figures.append(Figure("seconds from publishing to the last notice accepted", seconds, under=5))
    page = story.as_("coordinator").get(story.notes["alert"]).text
    expect("0 of 9" in page, f"the page does not list nine that owe an answer: {page[:500]}")
    story.notes["links"] = {address: link_in(message) for address, message in told.items()}
    return f"nine told in ru, tg and en, one message each, the last {seconds:.2f} s after publishing"


def check_message(address: str, message: EmailMessage, language: str) -> None:
    """One recipient, its own language, both clocks, no person."""
    text = body_of(message)
    expect(not message["Cc"] and not message["Bcc"], f"{address} was told in a list")
    expect(str(message["To"]).count("@") == 1, f"{address} shares its message: {message['To']}")
    expect(re.search(SAID_IN[language], text), f"{address} was not told in {language}: {text[:300]}")
    expect("08:00" in text and "09:00" in text, f"the message to {address} lacks one of both clocks: {text[:300]}")
    for name in ("Қодиров", "Кодиров", "Qodirov", "005966803"):
        expect(name not in text, f"the message to {address} holds personal data")


def body_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    expect(part is not None, "a message has no plain text")
    assert part is not None
    return str(part.get_content())


def link_in(message: EmailMessage) -> str:
    """The signed link of a message."""
    found = re.search(r"https?://\S+/a/\S+?/(?=\s|$)", body_of(message))
    expect(found, f"the message to {recipients(message)} has no link")
    assert found is not None
    return found[0]
