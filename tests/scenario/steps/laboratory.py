"""T+6h, T+9h and T+18h: samples by case number, in two batches, and what the laboratory found."""

from __future__ import annotations

import re
from typing import Any

from tests.scenario.browser import Page
from tests.scenario.play import step
from tests.scenario.steps.demand import rows_by_verdict
from tests.scenario.steps.registration import people_of, person
from tests.scenario.story import Story, expect

CHILD, MOTHER, LONE = "Латифова Мунира", "Одинаева Ситора", "Рахимов Хасан"
"""They are family F4: who tests positive is the child, and the mother is kept back with her."""
CASE = re.compile(r"\b\d{7}\b")


def numbers_on(page: Page) -> list[str]:
    """The case numbers of a page, in its order, each once."""
    return list(dict.fromkeys(CASE.findall(page.text)))


def take(story: Story, page: Page, *, how_many: int, hour: str) -> Page:
    form = page.form_with("how_many", "sampled_at")
    return story.as_("field").submit(page, form, how_many=str(how_many), sampled_at=f"2020-10-01T{hour}")


@step("T+6h")
def the_first_samples(story: Story) -> str:
    """The sample list holds case numbers and no name; 60 are taken."""
    story.clock("2020-10-01T15:05")
    field = story.as_("field")
    page = field.get(f"/groups/{story.notes['group']}/samples/")
    drawn = field.submit(page, page.form_with("kind", "laboratory"), kind="pcr", laboratory="Mobile laboratory")
    expect("/samples/" in drawn.address, f"no list was drawn: {drawn.text[-300:]}")
    story.notes["samples"] = drawn.address
    numbers = numbers_on(drawn)
    expect(len(numbers) == 102, f"the list holds {len(numbers)} case numbers instead of 102")
    no_name_on_it(story, drawn)
    early = take(story, drawn, how_many=60, hour="16:00")
    expect(early.status == 422, f"samples of the future answer {early.status}")
    taken = take(story, drawn, how_many=60, hour="15:00")
    expect(re.search(r"taken 60\b", taken.text), f"not 60 are taken: {taken.text[:400]}")
    form = taken.form_with("how_many", "sampled_at")
    twice = field.submit(taken, form, numbers=numbers[0], how_many="", sampled_at="2020-10-01T15:00")
    expect(f"The sample of {numbers[0]} was taken already" in twice.text, f"taken twice: {twice.text[:600]}")
    for account in ("liaison", "consular", "programme", "protection"):
        expect(story.as_(account).get(story.notes["samples"]).status == 404, f"the {account} opens the sample list")
    return "a list of 102 case numbers without a name, on paper and as file; 60 samples taken, none twice"


def no_name_on_it(story: Story, page: Page) -> None:
    """Neither page, paper nor file holds a name, and none of their orders is that of the register."""
    field, address = story.as_("field"), story.notes["samples"]
    paper, table = field.get(f"{address}sheet/"), field.get(f"{address}list.csv")
    workbook = field.get(f"{address}list.xlsx")
    expect(workbook.status == 200 and workbook.body[:2] == b"PK", "the list is no XLSX")
    words = {word for name in people_of(story) for word in name.split() if len(word) > 4}
    for what, text in (("page", page.text), ("paper", paper.text), ("file", table.body.decode("utf-8-sig"))):
        found = sorted(word for word in words if word in text)
        expect(not found, f"the {what} for the laboratory names {found[:3]}")
        expect(len(set(CASE.findall(text))) >= 102, f"the {what} does not hold 102 case numbers")


@step("T+9h")
def the_other_samples(story: Story) -> str:
    """102 are taken; the end of validity is counted from sampling, per case."""
    story.clock("2020-10-01T18:05")
    field = story.as_("field")
    page = field.get(story.notes["samples"])
    more = take(story, page, how_many=43, hour="18:00")
    expect(more.status == 422, "43 samples were taken although 42 are left")
    taken = take(story, page, how_many=42, hour="18:00")
    expect(re.search(r"taken 102\b", taken.text), f"not 102 are taken: {taken.text[:400]}")
    ends = [len(re.findall(rf"4 Oct[^·]{{0,12}}{hour}", taken.text)) for hour in ("15:00", "18:00")]
    expect(ends == [60, 42], f"60 count until 15:00 and 42 until 18:00 on 4 October, but the page says {ends}")
    matrix = story.as_("coordinator").get(f"/groups/{story.notes['group']}/readiness/").text
    expect("result awaited" in matrix, f"the matrix does not say that results are awaited: {matrix[:500]}")
    return "102 taken in two batches; 60 count until 15:00 and 42 until 18:00 on 4 October, 72 hours from sampling"


@step("T+18h")
def the_results(story: Story) -> str:
    """Variant: two cases and their family members are taken out, the rest stays ready; in the main run 102 are negative."""
    story.clock("2020-10-02T03:00")
    plan_the_morning(story)
    field, address = story.as_("field"), story.notes["samples"]
    page = field.get(f"{address}results/")
    numbers = numbers_on(field.get(address))
    child, other = case_of(story, CHILD), case_of(story, LONE)
    bad = upload(story, page, [*numbers[:3], "1"], {numbers[1]: "maybe"})
    expect("Row 5, column B" in bad.text and "Row 7, column A" in bad.text, f"errors name no place: {bad.text[:900]}")
    expect("awaited 102" in field.get(address).text, "a file with errors was stored in part")
    read = upload(story, page, numbers, dict.fromkeys((child, other), "Положительный"))
    expect(
        re.search(r"100 negative, 2 positive|2 positive, 100 negative", read.text),
        f"the preview does not say 100 and 2: {read.text[:600]}",
    )
    kept = field.submit(read, read.form_with("lines"))
    expect(kept.text.count("tested positive sampled") == 2, f"not two are positive: {kept.text[:900]}")
    expect(MOTHER in kept.text, "the mother of the child is not kept back")
    ready = rows_by_verdict(story)["ready"]
    expect(ready == 99, f"{ready} are ready instead of 99: two positive and one of a family are out, the rest stays")
    coordinator = story.as_("coordinator").get(kept.address)
    expect(
        len([form for form in coordinator.reader.forms if "/decide/" in form.action]) == 3, "not three are to decide"
    )
    page = field.get(f"{address}results/")
    corrected = field.submit(page, page.form_with("lines"), lines=f"{child} negative\n{other} negative")
    expect("2 negative" in corrected.text, f"the correction was not recorded: {corrected.text[:400]}")
    ready = story.wait(lambda: rows_by_verdict(story)["ready"] == 102, "all 102 to be ready", seconds=20)
    expect(ready and "negative 102" in field.get(address).text, "not 102 are negative")
    expect("positive" in field.get(person(story, CHILD)).text, "the first result is no longer on record")
    for account in ("liaison", "consular"):
        expect("negative" not in story.as_(account).get("/halts/").text, f"the {account} reads a result")
    return (
        "variant shown: 2 positive keep 3 back and 99 stay ready; the laboratory corrects both after a control sample: "
        "102 negative, 102 ready, every result on record"
    )


def plan_the_morning(story: Story) -> None:
    """The hour of yesterday has passed: agree on 08:00 in Almaty today."""
    coordinator = story.as_("coordinator")
    page = coordinator.get(f"/groups/{story.notes['group']}/plan/")
    form = page.form_with("local_time", "zone")
    corridor = [value for value in form.choices["corridor_version"].values() if value][-1]
    said: dict[str, Any] = {"zone": "Asia/Almaty", "queue_minutes": "60", "corridor_version": corridor}
    after = coordinator.submit(page, form, local_time="2020-10-02T08:00", **said)
    expect("08:00" in after.text, f"the hour was not agreed: {after.text[:400]}")


def case_of(story: Story, name: str) -> str:
    """The case number of a person, as the history on the person's page gives it."""
    found = re.search(r"case (\d{7}) opened", story.as_("field").get(person(story, name)).text)
    expect(found, f"the page of {name} shows no case number")
    assert found is not None
    return found[1]


def upload(story: Story, page: Page, numbers: list[str], instead: dict[str, str]) -> Page:
    """Uploads a file as a laboratory writes it: a title, Russian headings, one case a row."""
    rows = ["Результаты мобильной лаборатории;", ";", "Номер дела;Результат"]
    rows += [f"{number};{instead.get(number, 'Отрицательный')}" for number in numbers]
    form = page.form_to("/upload/")
    file = ("results.csv", "\n".join(rows).encode("cp1251"))
    return story.as_("field").submit(page, form, files={"file": file})
