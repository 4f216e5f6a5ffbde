"""T-26h, T+5h and T+12h: a cold night, needs and screening; the money is confirmed; tents, blankets and hot food are given."""

from __future__ import annotations

import re
from typing import Any

from tests.scenario.browser import Page
from tests.scenario.play import step
from tests.scenario.steps.registration import people_of, person
from tests.scenario.story import Story, expect

PREGNANT, UNSAFE = "Сафарова Дилбар", "Одинаева Ситора"
FAMILIES = {
    "F1": ("Кодиров Умед", "Шарифова Фарзона", "Латифов Сафар", "Юсуфова Ойгул"),
    "F2": ("Шарифов Зафар", "Латифзода Дилбар", "Назарзода Гулнора", "Хасанов Нозим"),
    "F3": ("Бобозода Азиз", PREGNANT, "Алиев Далер"),
    "F4": (UNSAFE, "Латифова Мунира"),
}
BORDER = "Border Service of the National Security Committee"
GIVEN = {
    # need, as the page names it: (quantity, giver)
    "blankets": (102, "Akimat of Turkistan Region"),
    "heated tents": (360, "Akimat of Turkistan Region"),
    "hot food": (102, "Sana Sezim"),
}
WATER = re.compile(r"\b1[,  ]?600\b")
ONE_REFERRED = re.compile(r"(медицинская помощь|medical care) 1\b")
MONEY = re.compile(r"USD|EUR|Norway|Норвег")


@step("T-26h")
def a_cold_night(story: Story) -> str:
    """Outside parties see families and needs as counts only where they serve them; no name, no reason."""
    story.clock("2020-09-30T01:00")
    group, field = story.notes["group"], story.as_("field")
    page = field.get(f"/groups/{group}/needs/count/")
    for figure in ("1,530 litres", "357 m²", "102 pieces"):
        expect(figure in page.text, f"the page does not propose {figure} for 102 people: {page.text[-900:]}")
    form = page.form_with("blankets", "water", "hygiene")
    nothing = field.submit(page, form, blankets="0")
    expect(nothing.status == 422, f"a need of 0 blankets answers {nothing.status}")
    asked = field.submit(page, form, hygiene="102", water="1600")
    expect(WATER.search(asked.text) and "heated tents" in asked.text, f"it was not asked for: {asked.text[-600:]}")
    put_families_together(story)
    screen(story, PREGNANT, ["pregnancy", "medical"])
    screen(story, UNSAFE, ["violence", "medical"])
    seen_outside(story)
    return (
        "needs for 102 asked by head count; two screened; who serves the halt sees 102, 4 families and needs as counts"
    )


def put_families_together(story: Story) -> None:
    """Who belongs together is written down by number: four families, with nobody of another name left out."""
    field, address = story.as_("field"), f"/groups/{story.notes['group']}/families/"
    people = people_of(story)
    for code, names in FAMILIES.items():
        numbers = []
        for name in names:
            page = field.get(next(link for words, link in people.items() if words.startswith(name)))
            found = re.search(r"No\. (\d+)", page.text)
            numbers.append(found[1] if found else "")
        page = field.get(address)
        after = field.submit(page, page.form_with("code", "numbers"), code=code, numbers=", ".join(numbers))
        expect(f"Family {code}" in after.text, f"family {code} is not written down: {after.text[:500]}")
    page = field.get(address)
    refused = field.submit(page, page.form_with("code", "numbers"), code="F9", numbers="1")
    expect(
        refused.status == 422 and "Nobody in this group has the number 1" in refused.text, "a number of nobody is taken"
    )


def screen(story: Story, name: str, needs: list[str]) -> None:
    """The protection officer screens somebody and refers her to the border service."""
    officer = story.as_("protection")
    page = officer.get(f"{person(story, name)}screenings/new/")
    form = page.form_with("stage", "needs", "screened_at")
    said: dict[str, Any] = {"needs": needs, "interpreter": "Interpreter on duty", "note": "spoke alone with her"}
    page = officer.submit(page, form, stage="before", **said)
    expect("Interpreter on duty" in page.text, f"the screening does not show: {page.text[-400:]}")
    page = officer.get(page.link_to("/referrals/new/"))
    form = page.form_with("organisation", "service", "reason")
    to = next(value for words, value in form.choices["organisation"].items() if BORDER in words)
    page = officer.submit(page, form, organisation=to, service="medical", reason="needs a doctor tonight")
    expect("needs a doctor tonight" in page.text, f"the referral does not show: {page.text[-400:]}")


def seen_outside(story: Story) -> None:
    """The border service serves the halt and sees counts; the embassy does not and sees nothing; nobody sees a name."""
    served = story.as_("liaison").get("/halts/")
    expect(re.search(r"\b102\b", served.text), f"who serves the halt does not see 102 heads: {served.text[:600]}")
    expect(re.search(r"\b4 (семь|famil)", served.text), f"families are not counted: {served.text[:600]}")
    expect(WATER.search(served.text), f"the need of water does not show: {served.text[:900]}")
    expect(
        ONE_REFERRED.search(served.text),
        f"not one referral is counted: {served.text[-500:]}",
    )
    for word in ("Сафарова", "Одинаева", "doctor", "pregnan", "беремен", "насили", "violence"):
        expect(word.lower() not in served.text.lower(), f"the page of the border service says “{word}”")
    expect(not MONEY.search(served.text), "the page of the border service shows money")
    for account in ("consular", "programme"):
        page = story.as_(account).get("/halts/")
        expect(page.status == 404 or "102" not in page.text, f"{account} serves no halt and sees its heads")
    for account in ("field", "coordinator"):
        page = story.as_(account).get(person(story, UNSAFE) + "protection/")
        expect(page.status == 404, f"the {account} opens the closed room")


@step("T+5h")
def the_money_is_confirmed(story: Story) -> str:
    """The gap is 0, the pledge stands in its own currency with date, and nobody outside sees the correspondence."""
    story.clock("2020-10-01T14:00")
    coordinator = story.as_("coordinator")
    page = coordinator.get(story.notes["need"])
    form = page.form_with("donor", "amount")
    donor = next(value for words, value in form.choices["donor"].items() if "Regional Office" in words)
    said: dict[str, Any] = {
        "donor": donor,
        "currency": "USD",
        "rate": "1",
        "correspondence": "said in confidence",
    }
    wrongs: list[dict[str, Any]] = [
        {"amount": "0", "pledged_on": "2020-10-01"},
        {"amount": "2100", "pledged_on": "2020-10-09"},
    ]
    for wrong in wrongs:
        refused = coordinator.submit(page, form, **said, **wrong)
        expect(refused.status == 422, f"a pledge of {wrong} answers {refused.status}")
    pledged = coordinator.submit(page, form, **said, amount="2100", pledged_on="2020-10-01")
    expect(re.search(r"2,100(\.00)? USD", pledged.text), f"2,100 USD do not show: {pledged.text[:700]}")
    expect("The gap is 0." in pledged.text, f"the gap is not 0: {pledged.text[:500]}")
    expect("1 Oct 2020" in pledged.text, f"the pledge has no date: {pledged.text[:900]}")
    expect("900 EUR" in pledged.text, "the first pledge lost its currency")
    asked_again = coordinator.get(f"/groups/{story.notes['group']}/readiness/")
    expect(
        not [form for form in asked_again.reader.forms if "/needs/ask/" in form.action],
        "the written rule is asked for a second time although it is paid",
    )
    for account in ("consular", "liaison"):
        page = story.as_(account).get(story.notes["need"])
        expect(page.status == 404, f"the {account} opens the need")
    page = story.as_("field").get(story.notes["need"])
    expect("2,100" in page.text and "in confidence" not in page.text, "the field officer reads the correspondence")
    return "2,100 USD confirmed, gap 0, each pledge in its own currency with date; the correspondence stays closed"


@step("T+12h")
def the_second_night(story: Story) -> str:
    """Tents, blankets and hot food are filled, with quantity, giver and time."""
    story.clock("2020-10-01T21:00")
    field, address = story.as_("field"), f"/groups/{story.notes['group']}/needs/"
    for kind, (quantity, giver) in GIVEN.items():
        needs = field.get(address)
        given = give(story, needs, kind, quantity, giver)
        expect(f"{quantity} " in given.text and giver in given.text, f"{kind} given do not show: {given.text[:700]}")
        expect("20:30" in given.text, f"{kind} have no hour: {given.text[:700]}")
        expect("As much was given as was asked for." in given.text, f"{kind} are not filled: {given.text[:500]}")
    page = field.get(address).text
    for kind in GIVEN:
        expect(
            re.search(rf"{kind} [^·]{{0,40}}filled", page), f"{kind} are not filled on the page of the group: {page}"
        )
    outside = story.as_("liaison").get("/halts/").text
    expect(not re.search("Akimat|Акимат|Sana|Сана", outside), "who gave stands on the page of the border service")
    return "102 blankets, 360 m² of heated tents and 102 hot meals given: filled, with quantity, giver and hour"


def give(story: Story, needs: Page, kind: str, quantity: int, giver: str) -> Page:
    """Writes down that somebody gave something at 20:30; refuses what cannot be; sends it twice and stores it once."""
    field = story.as_("field")
    need = next(link for link, words in needs.reader.links if words == kind)
    page = field.get(f"{need}aid/")
    form = page.form_with("giver", "quantity", "given_at")
    said: dict[str, Any] = {"giver": next(value for words, value in form.choices["giver"].items() if giver in words)}
    wrongs: list[dict[str, Any]] = [
        {"quantity": "0", "given_at": "2020-10-01T20:30"},
        {"quantity": "5", "given_at": "2020-10-01T23:00"},
    ]
    for wrong in wrongs:
        refused = field.submit(page, form, **said, **wrong)
        expect(refused.status == 422, f"aid of {wrong} answers {refused.status}")
    said |= {"quantity": str(quantity), "given_at": "2020-10-01T20:30"}
    field.submit(page, form, **said)
    return field.submit(page, form, **said)
