"""T-30h: the list of the border office is loaded, one passport is written twice, and what is missing is put right."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.scenario.browser import Page
from tests.scenario.play import step
from tests.scenario.steps.arrival import WAY
from tests.scenario.story import Story, expect

LIST = Path(__file__).parents[2] / "fixtures" / "manifest_102_ru.xlsx"
UNDOCUMENTED = ("Рахимов Хасан", "Юсуфзода Фирдавс")
EXPIRED = "Гафуров Рустам Фирдавсович"
ALONE = {"Холов Нозим": "unaccompanied", "Зоирзода Умед": "separated"}
WAIVED = ("Зоиров Комрон", "Курбонов Джамшед", "Бобозода Далер Умедович")
FEARFUL = "Рахимзода Парвиз"
PROTECTED = "Мирзобекова Зебунисо"
EMBASSY = "tj-emb-uz"


@step("T-30h")
def people_are_registered(story: Story) -> str:
    """Two entries of one person are offered for merge; siblings are not."""
    story.clock("2020-09-29T21:00")
    upload_the_list(story)
    pairs = story.as_("field").get("/duplicates/")
    expect(not pair_forms(pairs), f"the list alone is said to hold double entries: {pairs.text[:400]}")
    write_one_passport_twice(story)
    pairs = story.as_("field").get("/duplicates/")
    expect(
        len(pair_forms(pairs)) == 1, f"{len(pair_forms(pairs))} pairs are offered instead of one: {pairs.text[:500]}"
    )
    merge(story, pairs)
    put_right(story)
    the_embassy_is_shown_who_agreed(story)
    one_woman_is_protected(story)
    return "102 registered from the list; one passport written twice was offered and merged, siblings were not"


def upload_the_list(story: Story) -> None:
    """Uploads the list as the border office sent it, reads the preview, confirms it, and uploads it once more."""
    field, group = story.as_("field"), story.notes["group"]
    for expected in (102, 0):
        page = field.get(f"/groups/{group}/manifests/new/")
        form = next(
            form for form in page.reader.forms if "csrfmiddlewaretoken" in form.names and "logout" not in form.action
        )
        preview = field.submit(page, form, files={"file": (LIST.name, LIST.read_bytes())})
        expect(preview.status == 200 and "/manifests/" in preview.address, f"not read: {preview.text[:400]}")
        done = field.submit(preview, next(form for form in preview.reader.forms if "/confirm/" in form.action))
        expect(done.status == 200, f"not stored: {done.text[:400]}")
        registered = re.search(r"Registered: (\d+) of 102", field.get(f"/groups/{group}/").text)
        if expected:
            story.notes["list page"] = done.text
        people = people_of(story)
        expect(len(people) == 102, f"{len(people)} people are registered instead of 102 ({registered})")


def people_of(story: Story) -> dict[str, str]:
    """Every person of the group: the name as written and the address of the page."""
    found: dict[str, str] = {}
    field, address = story.as_("coordinator.kz"), f"/groups/{story.notes['group']}/people/"
    while address:
        page = field.get(address)
        for link, words in page.reader.links:
            if re.search(r"/people/[0-9a-f-]{36}/$", link):
                found.setdefault(link, words)
        following = [link for link, _ in page.reader.links if "after=" in link]
        address = (page.address.split("?")[0] + following[0]) if following else ""
    return {words: link for link, words in found.items()}


def person(story: Story, name: str) -> str:
    """The address of the page of the only person whose name begins so."""
    addresses = {link for words, link in people_of(story).items() if words.startswith(name)}
    expect(len(addresses) == 1, f"{len(addresses)} people are called {name}")
    return addresses.pop()


def write_one_passport_twice(story: Story) -> None:
    """Registers P001 again by hand, in Tajik letters, from the same passport."""
    field = story.as_("field")
    page = field.get(f"/groups/{story.notes['group']}/people/new/")
    form = page.form_with("full_name", "birth_year")
    values: dict[str, Any] = {
        "full_name": "Қодиров Умед",
        "sex": "M",
        "birth_day": 4,
        "birth_month": 7,
        "birth_year": 1986,
        "nationality": "TJK",
        "document_kind": "passport",
        "document_number": "005966803",
    }
    warned = field.submit(page, form, **values)
    expect("Кодиров Умед" in warned.text, f"nobody is warned of a double entry: {warned.text[:600]}")
    stored = field.submit(warned, warned.form_with("full_name", "decision"), decision="unsure")
    expect("Қодиров Умед" in stored.text, f"the second entry was not stored: {stored.text[:600]}")


def pair_forms(page: Page) -> list[Any]:
    return [form for form in page.reader.forms if re.search(r"/duplicates/[0-9a-f-]{36}/", form.action)]


def merge(story: Story, pairs: Page) -> None:
    """Decides that the two are one person; 102 remain."""
    form = pair_forms(pairs)[0]
    after = story.as_("field").submit(pairs, form, button="one person")
    expect(after.status == 200, f"the merge failed: {after.text[:400]}")
    expect(len(people_of(story)) == 102, "after the merge there are not 102 people")


def the_embassy_is_shown_who_agreed(story: Story) -> None:
    """All nationals of Tajikistan are asked and agree; the embassy in Tashkent sees them from now on."""
    field, group = story.as_("field"), story.notes["group"]
    page = field.get(f"/groups/{group}/consents/new/")
    form = page.form_with("purpose", "recipient", "answer")
    asked = field.submit(
        page, form, purpose="consulate", recipient=EMBASSY, answer="yes", how="oral", language="tg",
        interpreter="Interpreter on duty",
    )  # fmt: skip
    expect("/people/" in asked.address, f"the answers were not recorded: {asked.text[:600]}")
    page = field.get(f"/groups/{group}/share/")
    shared = field.submit(page, page.form_with("recipient"), recipient=EMBASSY)
    expect("/people/" in shared.address, f"nobody was shown to the embassy: {shared.text[:600]}")
    seen = story.as_("consular").get("/incoming/").text
    expect(
        re.search(r"\b97\b", seen) and FEARFUL not in seen,
        f"the embassy does not see its 97 nationals alone: {seen[:500]}",
    )


def one_woman_is_protected(story: Story) -> None:
    """A 103rd person, in a group of her own at the same crossing, agrees to be shown, then fears to return and is held."""
    field = story.as_("field")
    page = field.get("/groups/new/")
    opened = field.submit(page, page.form_with("crossing", "source"), crossing=WAY, waiting_since="2020-09-29T18:00",
                          source="Field team", confidence="seen")  # fmt: skip
    expect("/groups/" in opened.address, f"her group was not opened: {opened.text[-400:]}")
    group = opened.address.split("/groups/")[1].strip("/")
    page = field.get(f"/groups/{group}/people/new/")
    written = field.submit(
        page, page.form_with("full_name", "birth_year"), full_name=PROTECTED, sex="F", birth_year=1991,
        nationality="TJK", document_kind="passport", document_number="009900103",
    )  # fmt: skip
    people = field.get(f"/groups/{group}/people/")
    her = people.link_to(r"/people/[0-9a-f-]{36}/$")
    story.notes |= {"protected name": PROTECTED, "protected person": her, "protected group": group}
    expect(PROTECTED in people.text, f"she was not registered: {written.text[:500]}")
    for purpose, answer, recipient in (("return", "not_now", ""), ("consulate", "yes", EMBASSY)):
        page = field.get(f"{her}consents/new/")
        field.submit(
            page, page.form_with("purpose", "answer"), purpose=purpose, answer=answer, recipient=recipient, how="oral",
            language="tg", witness="Field officer",
        )  # fmt: skip
    page = field.get(her)
    field.submit(page, page.form_to("/disclosures/new/"), recipient=EMBASSY)
    expect(
        re.search(r"\b98\b", story.as_("consular").get("/incoming/").text),
        "she agreed, and the embassy does not see her",
    )
    protection = story.as_("protection")
    page = protection.get(f"{her}holds/new/")
    protection.submit(page, page.form_with("reason", "against"), reason="fears to return", against=["TJK"])
    seen = story.as_("consular").get("/incoming/").text
    expect(re.search(r"\b97\b", seen) and not re.search(r"\b98\b", seen), f"the embassy still counts her: {seen[:500]}")


def put_right(story: Story) -> None:
    """Through the pages: consent forms, documents, arrangements, holds, the plan and waivers by name."""
    field, coordinator, group = story.as_("field"), story.as_("coordinator"), story.notes["group"]
    page = field.get(f"/groups/{group}/consents/new/")
    form = page.form_with("purpose", "answer", "form_signed")
    field.submit(
        page, form, purpose="return", answer="yes", how="written", language="tg", interpreter="Interpreter on duty",
        form_signed="on", form_reference="Folder of the halt",
    )  # fmt: skip
    for name in UNDOCUMENTED:
        page = field.get(person(story, name) + "documents/new/")
        written = field.submit(
            page, page.form_with("document_kind", "document_state"), document_kind="emergency", document_state="held",
            document_number=f"E{len(name)}0001",
        )  # fmt: skip
        expect(written.status == 200, f"no emergency document for {name}: {written.text[:300]}")
    plan(story)
    renew(story)
    for name, alone in ALONE.items():
        arrange(story, name, alone)
    hold_and_clear(story)
    for name in WAIVED:
        waive(story, name)
    ready = story.wait(
        lambda: re.search(r"Ready to cross: 102 of 102", coordinator.get(f"/groups/{group}/readiness/").text),
        "all 102 to be ready",
        seconds=20,
    )
    expect(ready, "not all 102 are ready")


def renew(story: Story) -> None:
    """The passport of one person is seen to have expired; a renewed one takes its place and both stay on record."""
    field, address = story.as_("field"), person(story, EXPIRED)
    page = field.get(field.get(address).link_to(r"/documents/[0-9a-f-]{36}/state/"))
    expired = field.submit(page, page.form_with("state"), state="expired")
    expect("expired" in expired.text, f"the page does not say that the passport has expired: {expired.text[:400]}")
    page = field.get(expired.link_to(r"/documents/new/\?replaces="))
    renewed = field.submit(
        page, page.form_with("document_kind", "replaces"), document_kind="passport", document_state="held",
        document_number="400319574", document_issuer="TJK", document_expires_on="2030-09-29",
    )  # fmt: skip
    numbers = ("400319574", "000319574")
    expect(not any(one in renewed.text for one in numbers), "a number lies open though nobody asked for it")
    expect("replaced" in renewed.text, f"the expired passport does not read as replaced: {renewed.text[-600:]}")
    opened = field.get(renewed.link_to("/open/numbers/$")).text
    expect(all(one in opened for one in numbers), f"not renewed: {opened[-600:]}")


def arrange(story: Story, name: str, alone: str) -> None:
    """A child is marked as alone, which stops the journey; then best interests, escort and receiver are decided."""
    field, officer, address = story.as_("field"), story.as_("protection"), person(story, name)
    page = field.get(address + "alone/")
    marked = field.submit(page, page.form_with("alone"), alone=alone)
    expect(f"{alone} child" in marked.text, f"{name} is not marked as {alone}: {marked.text[:400]}")
    expect("A child alone" in marked.text, f"a child alone is not stopped: {marked.text[:600]}")
    page = officer.get(address + "arrangement/")
    arranged = officer.submit(
        page,
        page.form_with("outcome", "escort", "receiver"),
        outcome="returns to the parents",
        escort="IOM escort",
        receiver="Mother",
        best_interests_on="2020-09-29",
    )
    expect("/arrangement/" not in arranged.address, f"not arranged for {name}: {arranged.text[-600:]}")
    expect("A child alone" not in field.get(address).text, f"{name} is stopped although all is arranged")


def plan(story: Story) -> None:
    """10:00 in Almaty, through the corridor to Oybek."""
    coordinator = story.as_("coordinator")
    page = coordinator.get(f"/groups/{story.notes['group']}/plan/")
    form = page.form_with("local_time", "zone")
    corridor = next(value for words, value in form.choices["corridor_version"].items() if value)
    after = coordinator.submit(
        page, form, local_time="2020-10-01T10:00", zone="Asia/Almaty", queue_minutes=120, corridor_version=corridor
    )
    expect("10:00" in after.text, f"the hour was not agreed: {after.text[:400]}")


def hold_and_clear(story: Story) -> None:
    """The stateless person's hold is cleared by a second officer; who fears Afghanistan is held against it alone."""
    first, second = story.as_("protection"), story.as_("protection.uz")
    page = second.get(person(story, UNDOCUMENTED[1]) + "protection/")
    page = second.get(page.link_to("/clear/"))
    second.submit(page, page.form_with("reason"), reason="asked alone with an interpreter; does not fear return")
    page = first.get(person(story, FEARFUL) + "holds/new/")
    held = first.submit(
        page, page.form_with("reason", "against"), reason="fears return to Afghanistan", against=["AFG"]
    )
    expect("AFG" in held.text or "Afghanistan" in held.text, f"no hold against Afghanistan: {held.text[:400]}")


def waive(story: Story, name: str) -> None:
    """Excuses one case by name from what it lacks."""
    coordinator = story.as_("coordinator")
    page = coordinator.get(f"/groups/{story.notes['group']}/waivers/new/")
    form = page.form_with("case", "requirement", "authority", "reference")
    shown = coordinator.get(person(story, name)).text
    case = next(value for words, value in form.choices["case"].items() if value and words.split()[0] in shown)
    rule = next(value for words, value in form.choices["requirement"].items() if "losed" in words)
    authority = next(
        value for words, value in form.choices["authority"].items() if words.startswith("Border Troops of the State S")
    )
    after = coordinator.submit(
        page, form, case=case, requirement=rule, authority=authority, reference=f"waiver for {name}",
        valid_until="2020-10-03T10:00",
    )  # fmt: skip
    expect(after.status == 200, f"not waived: {after.text[:400]}")
