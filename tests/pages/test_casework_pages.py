"""Cases in a browser: the list, acts on many, papers and timelines; both widths, both themes, for eyes and ears."""

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import BrowserContext, Page

from common import clock
from common.pictures import Drawn
from migrants import groups
from migrants.entries import PersonEntry
from migrants.models import TravelGroup
from migrants.registration import register_many
from partners.enums import Role
from returns import acts_on_many, case_papers, case_tasks, cases, comments, saved_filters
from tests.cast import COMMAND, NOW
from tests.support.eyes import faults_of, faults_of_pages

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=9)
NAMES = ("Кодиров Умед", "Шарифова Фарзона", "Латифов Сафар", "Юсуфова Ойгул", "Бобозода Азиз", "Алиев Далер")


def a_letter() -> Drawn:
    made, picture = io.BytesIO(), Image.new("RGB", (420, 594), "white")
    ImageDraw.Draw(picture).text((40, 60), "Clinic of the city", fill="black")
    picture.save(made, "JPEG")
    return Drawn(made.getvalue(), 420, 594)


@pytest.fixture
def addresses(group: TravelGroup, accounts) -> dict[str, dict[str, str]]:
    """Six people with cases, a task that is overdue, a paper of two pages, a filter and an act; pages by role."""
    clock.set_to(LATER)
    acting: dict[str, Any] = {"by": COMMAND, "at": LATER}
    counted = groups.Counted(counted_at=NOW, total=8, males=5, females=3)
    groups.record_head_count(group=group, counted=counted, mission=group.mission, by=COMMAND, at=NOW)
    entries = [PersonEntry(full_name=name, birth_year=1990, nationalities=("TJK",)) for name in NAMES]
    people = register_many(group=group, mission=group.mission, entries=entries, by=COMMAND, at=NOW)
    made = cases.open_cases(people=people, by=COMMAND, at=NOW)
    case_tasks.open_task(
        group=group, case=made[0], title="Ask the clinic for the certificate", due_at=LATER - timedelta(hours=1),
        role="field", by=COMMAND, at=NOW,
    )  # fmt: skip
    comments.say(group=group, case=made[0], words="Her brother waits in Tashkent.", **acting)
    paper = case_papers.attach(
        group=group, case=made[0], title="Letter of the clinic", pages=[a_letter()] * 2, **acting
    )
    gone = case_papers.attach(group=group, title="Ticket", pages=[a_letter()], **acting)
    case_papers.take_away(paper=gone[0].paper, why="of somebody else", **acting)
    user = accounts[Role.COORDINATOR]
    saved_filters.keep(
        name="Nothing planned, overdue", asked={"task": "overdue", "show": "all"}, is_shared=True, owner=user.public_id,
        owner_name=user.printed_name, mission=group.mission, **acting,
    )  # fmt: skip
    many: dict[str, Any] = {"kind": "task", "cases": made[2:], "said": {
        "title": "Call the family", "due_at": LATER + timedelta(hours=3), "owner": None, "role": "coordinator"}}  # fmt: skip
    foreseen = acts_on_many.foresee(**many, **acting).fingerprint
    act = acts_on_many.act_on_many(**many, **acting, foreseen=foreseen, account=user.public_id)
    of_group, her = f"/groups/{group.public_id}/", f"/people/{people[0].public_id}/"
    return {
        Role.COORDINATOR: {
            "cases-narrowed": "/cases/?show=all&task=open",
            "cases-many-plan": "/cases/many/?kind=plan&show=all",
            "cases-many-task": "/cases/many/?kind=task&show=all",
            "cases-acted": f"/cases/many/{act.public_id}/",
            "case-group": f"{of_group}case/",
            "case-paper": f"/papers/{paper[0].paper}/",
            "case-timeline-group": f"{of_group}timeline/",
        },
        Role.FIELD: {
            "cases-field": "/cases/?show=all",
            "case-paper-new": f"{of_group}papers/new/",
            "case-person": f"{her}case/",
            "case-timeline-person": f"{her}timeline/",
        },
    }


@pytest.mark.deep
def test_every_page_is_clean_and_many_are_foreseen_and_done(
    addresses, sign_in, context: BrowserContext, page: Page, live_server
):
    found: dict[str, list[str]] = {}
    for role, pages in reversed(addresses.items()):
        context.clear_cookies()
        session = sign_in(role).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        found |= faults_of_pages(page, pages)
    page.goto("/cases/?show=all")
    for box in page.get_by_role("checkbox", name="choose").all()[:2]:
        box.check()
    page.get_by_role("button", name="Close them with an outcome").click()
    page.get_by_label("not found").check()
    page.get_by_label("how you know").fill("Nobody answers.")
    page.get_by_role("button", name="Show what it does").click()
    page.get_by_role("heading", name="What it does").wait_for()
    assert "2 cases are hit." in page.inner_text("main")
    found |= faults_of(page, name="cases-many-foreseen")
    page.get_by_role("button", name="Do it to 2 cases").click()
    page.get_by_role("button", name="Take it back").click()
    page.get_by_text("Taken back for 2 cases.").first.wait_for()
    assert found == {}
