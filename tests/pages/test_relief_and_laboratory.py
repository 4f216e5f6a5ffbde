"""Needs, aid, screening, sample lists and results in a browser: both widths, both themes, for eyes and ears."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from common import clock
from migrants import groups, screening
from migrants.entries import PersonEntry
from migrants.models import TravelGroup
from migrants.registration import register_many
from partners.enums import Role
from partners.models import Organisation
from returns import assistance, cases, laboratory, registering
from returns.models import Need, TravelQuestion
from tests.cast import COMMAND, NOW
from tests.support.eyes import faults_of_pages

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=9)
NAMES = ("Кодиров Умед", "Шарифова Фарзона", "Латифов Сафар", "Юсуфова Ойгул", "Бобозода Азиз", "Алиев Далер")


@pytest.fixture
def addresses(group: TravelGroup, organisations: dict[str, Organisation]) -> dict[str, dict[str, str]]:
    """Six people, three of them a family with a positive test; blankets in part, water and tests asked for; by role."""
    clock.set_to(LATER)
    acting: dict[str, Any] = {"by": COMMAND, "at": LATER}
    counted = groups.Counted(counted_at=NOW, total=6, males=4, females=2, children_5_17=2, needs=("blankets", "water"))
    count, _new = groups.record_head_count(group=group, counted=counted, mission=group.mission, by=COMMAND, at=NOW)
    entries = [PersonEntry(full_name=name, birth_year=1990) for name in NAMES]
    people = register_many(group=group, mission=group.mission, entries=entries, by=COMMAND, at=NOW)
    cases.open_cases(people=people, by=COMMAND, at=NOW)
    registering.put_in_family(group=group, people=people[:3], code="F1", by=COMMAND, at=NOW)
    assistance.ask_for_count(head_count=count, quantities={"blankets": 6, "shelter": 21, "water": 90}, **acting)
    blankets = Need.objects.get(kind="blankets")
    giver = organisations["kz-border"]
    assistance.give(need=blankets, giver=giver, quantity=4, unit="piece", given_at=NOW, note="from the post", **acting)
    drawn = laboratory.draw_list(group=group, kind="pcr", laboratory="Mobile laboratory", by=COMMAND, at=NOW)
    taken = laboratory.take(sample_list=drawn, how_many=5, sampled_at=NOW, **acting)
    mine = next(sample for sample in taken if sample.case.person_id in {person.pk for person in people[:3]})
    results = {sample.case.number: "negative" for sample in taken[:4]} | {mine.case.number: "positive"}
    laboratory.record_results(sample_list=drawn, results=results, **acting)
    assert TravelQuestion.objects.count() == 3
    row = screening.screen(
        person=people[1], stage="before", needs=["pregnancy", "medical"], note="Asked for a midwife.", screened_at=NOW,
        interpreter="Interpreter on duty", **acting,
    )  # fmt: skip
    screening.refer(
        screening=row, organisation=giver, service="medical", reason="Sees a doctor tonight.", referred_at=NOW, **acting
    )
    of_group, of_list, her = (
        f"/groups/{group.public_id}/",
        f"/samples/{drawn.public_id}/",
        f"/people/{people[1].public_id}/",
    )
    return {
        Role.COORDINATOR: {
            "relief-needs": f"{of_group}needs/",
            "relief-ask": f"{of_group}needs/count/",
            "relief-need": f"/needs/{blankets.public_id}/",
            "relief-aid": f"/needs/{blankets.public_id}/aid/",
            "relief-families": f"{of_group}families/",
            "laboratory-lists": f"{of_group}samples/",
            "laboratory-list": of_list,
            "laboratory-results": f"{of_list}results/",
            "laboratory-sheet": f"{of_list}sheet/",
            "laboratory-kept-back": f"{of_group}kept-back/",
            "laboratory-readiness": f"{of_group}readiness/",
        },
        Role.PROTECTION: {
            "screening-group": f"{of_group}screening/",
            "screening-person": f"{her}protection/",
            "screening-new": f"{her}screenings/new/",
            "screening-refer": f"{her}screenings/{row.public_id}/referrals/new/",
        },
        Role.LIAISON: {"halts-served": "/halts/"},
        Role.CONSULAR: {"halts-none": "/halts/"},
    }


@pytest.mark.deep
def test_every_page_is_clean_for_eyes_and_ears(addresses, sign_in, context: BrowserContext, page: Page, live_server):
    found: dict[str, list[str]] = {}
    for role, pages in addresses.items():
        context.clear_cookies()
        session = sign_in(role).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        found |= faults_of_pages(page, pages)
    assert found == {}
