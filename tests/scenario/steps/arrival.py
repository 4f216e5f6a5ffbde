"""T-96h to T-48h: word of the group arrives; the field team counts it, with and without network."""

from __future__ import annotations

import uuid
from typing import Any

from tests.scenario.play import step
from tests.scenario.story import Story, expect

WAY = "KZ-UZ-01:KAZ:UZB"


@step("T-96h")
def word_arrives(story: Story) -> str:
    """A group exists with source, confidence and an estimate before any person is registered."""
    story.clock("2020-09-27T09:00")
    coordinator = story.as_("coordinator.kz")
    page = coordinator.get("/groups/new/")
    opened = coordinator.submit(
        page,
        page.form_with("crossing", "source"),
        crossing=WAY,
        waiting_since="2020-09-27T08:30",
        source="Embassy of Tajikistan in Tashkent, by telephone",
        confidence="plausible",
        estimate=38,
    )
    expect(opened.status == 200 and "/groups/" in opened.address, f"the group was not opened: {opened.text[-300:]}")
    story.notes["group"] = opened.address.split("/groups/")[1].strip("/")
    expect("38" in opened.text, "the page of the group does not show the estimate of 38")
    expect("Embassy of Tajikistan in Tashkent" in opened.text, "the page does not say who told us")
    people = coordinator.get(f"/groups/{story.notes['group']}/people/").text
    expect("Қодиров" not in people and "Кодиров" not in people, "somebody is registered already")
    return "group with estimate 38, source and confidence, nobody registered"


@step("T-48h")
def counted_twice_stored_once(story: Story) -> str:
    """The field team counts 64, then 102 without network; the phone sends the entry twice and it is stored once."""
    story.clock("2020-09-29T09:00")
    field = story.as_("field")
    page = field.get("/groups/count/")
    form = page.form_with("client_id", "males", "females")
    first = field.submit(
        page, form, group=story.notes["group"], males=58, females=6, way="sex", exact="true", needs=["water", "food"]
    )
    expect("64" in first.text, f"the count of 64 does not show: {first.text[-300:]}")
    entry: dict[str, Any] = {
        "client_id": str(uuid.uuid4()),
        "counted_at": "2020-09-29T03:05:00Z",
        "group": story.notes["group"],
        "males": 86,
        "females": 16,
        "children_5_17": 6,
        "children_under_5": 2,
        "children_alone": 2,
        "exact": True,
        "needs": ["blankets", "water", "food"],
        "mood": "tense",
        "note": "",
        "way": "sex",
    }
    sent = [field.post_json("/groups/count/", entry).status for _ in range(2)]
    expect(sent == [201, 200], f"sent twice, answered {sent} instead of 201 and then 200")
    page = field.get(f"/groups/{story.notes['group']}/")
    expect("102" in page.text, f"the group does not show 102: {page.text[:300]}")
    timeline = field.get(f"/groups/{story.notes['group']}/timeline/").text
    expect(
        timeline.count("102 counted") == 1,
        f"102 stands {timeline.count('102 counted')} times on the timeline, not once",
    )
    return "64, then 102 sent twice from the phone and stored once"
