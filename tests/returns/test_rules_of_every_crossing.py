"""People are judged by what the whole border asks, and by what is asked of their mode of travel alone."""

import pytest

from corridors import requirements
from corridors.enums import Mode, RequirementSubject
from corridors.models import BorderCrossing, CrossingSide, Requirement
from migrants.models import HeadCount, TravelGroup
from partners.models import Interest
from returns import assessing, cases, readiness
from returns.impact import impact_of
from returns.models import CaseReadiness
from returns.publishing import publish
from tests.cast import COMMAND, NOW
from tests.returns.conftest import TEST_RULE, TOMORROW_AT_TEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def border_draft(crossing, organisations):
    def make(**changes):
        asked = {
            "requirement_line": (None, "KAZ", "UZB", RequirementSubject.HEALTH_TEST), "content": TEST_RULE,
            "certainty": "reported", "source_tier": "oral_authority", "source_text": "by phone from Tashkent",
            "authority": organisations["uz-border"], "applies_from": NOW, "by": COMMAND, "at": NOW,
        }  # fmt: skip
        return requirements.draft(**(asked | changes))

    return make


def worst():
    return list(CaseReadiness.objects.order_by("case").values_list("worst", flat=True))


def test_preview_and_result_of_a_line_of_a_border_agree(make_person, plan, border_draft):
    cases.open_cases(people=[make_person(), make_person(born=2016)], by=COMMAND, at=NOW)
    draft = border_draft()
    impact = impact_of(draft, at=NOW)
    publish(draft=draft, fingerprint=impact.fingerprint, by=COMMAND, at=NOW)
    assessing.assess_changes(by=COMMAND, at=NOW)

    assert (impact.stopped, impact.after) == (1, {"missing": 1, "exempt": 1})
    assert worst() == ["missing", "exempt"]


def test_an_organisation_reads_the_heads_of_the_halts_that_it_serves_and_of_no_other(
    crossing, group, organisations, count_heads, border_draft
):
    elsewhere = BorderCrossing.objects.create(code="KZ-UZ-02", modes=["road"])
    for rank, country in enumerate(("KAZ", "UZB"), start=1):
        CrossingSide.objects.create(crossing=elsewhere, country=country, zone="Asia/Almaty", rank=rank)
    other = TravelGroup.objects.create(
        code="ZZ-2", mission=group.mission, crossing=elsewhere, from_country="KAZ", to_country="UZB", waiting_since=NOW,
        recorded_at=NOW, by=COMMAND,
    )  # fmt: skip
    HeadCount.objects.create(group=other, mission=group.mission, counted_at=NOW, recorded_at=NOW, total=7, by=COMMAND)
    count_heads(5)
    Interest.objects.filter(organisation__code="iom-kz").update(subject="crossing:KZ-UZ-02")
    told = {reached.organisation.code: reached.head_count for reached in impact_of(border_draft(), at=NOW).told}

    assert told == {"iom-kz": 7, "kz-border": 5, "tj-emb-uz": None}


def test_a_line_of_everybody_who_enters_stops_whoever_waits_to(make_person, plan, border_draft):
    cases.open_cases(people=[make_person()], by=COMMAND, at=NOW)

    assert impact_of(border_draft(requirement_line=(None, "", "UZB", "health_test")), at=NOW).stopped == 1
    assert impact_of(border_draft(requirement_line=(None, "UZB", "", "health_test")), at=NOW).cases == 0


def test_a_group_on_foot_is_not_asked_what_buses_are_asked(group, crossing, make_person, make_rule, plan):
    make_rule(TEST_RULE)
    Requirement.objects.update(mode=Mode.BUS)
    cases.open_cases(people=[make_person()], by=COMMAND, at=NOW)
    assert worst() == ["missing"], "while nobody has said by what they cross, everything is asked"

    said = {
        "group": group,
        "crossing": crossing,
        "corridor_version": None,
        "queue_minutes": 120,
        "by": COMMAND,
        "at": NOW,
    }
    cases.set_plan(**said, local_time=TOMORROW_AT_TEN, zone="Asia/Almaty", mode=Mode.FOOT)
    assert worst() == ["met"]
    assert readiness.explain(group.people.values_list("pk", flat=True), at=NOW).rules == []

    cases.set_plan(**said, local_time=TOMORROW_AT_TEN, zone="Asia/Almaty", mode=Mode.BUS)
    assert worst() == ["missing"]


def test_a_mode_that_nobody_knows_is_refused(group, crossing):
    with pytest.raises(cases.PlanError, match="by what they cross"):
        cases.set_plan(
            group=group, crossing=crossing, corridor_version=None, local_time=TOMORROW_AT_TEN, zone="Asia/Almaty",
            queue_minutes=120, mode="camel", by=COMMAND, at=NOW,
        )  # fmt: skip
