"""A plan names the version of a corridor that its parties were asked about last, and no other (rule 37)."""

from datetime import datetime, timedelta

import pytest

from common import clock
from common.actors import Actor
from common.enums import ActorKind
from corridors import approvals, transit
from corridors.models import CorridorVersion
from corridors.windows import Window
from partners.enums import Role
from returns import cases
from returns.cases import PlanError
from returns.forms.plans import PlanForm
from returns.models import Plan
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def newer(corridor_version, organisations):
    """A second wording, of which nobody was asked yet."""
    return wording(corridor_version.corridor, organisations)


def wording(corridor, organisations):
    window = Window(datetime(2020, 10, 2, 7, 0), datetime(2020, 10, 2, 11, 0), "Asia/Tashkent")
    return transit.make_version(
        corridor=corridor, longest_transit=timedelta(hours=4), conditions=[], head_count_cap=120,
        window=window, requested_by=organisations["tj-emb-uz"], document_reference="note 2", by=COMMAND, at=NOW,
    )  # fmt: skip


def ask(version, organisations):
    approvals.ask_parties(
        version=version, parties=[organisations["uz-border"]], answer_by=NOW + timedelta(hours=9), by=COMMAND, at=NOW
    )


def through(version, group, crossing, at=NOW):
    return cases.set_plan(
        group=group, crossing=crossing, corridor_version=version, local_time=datetime(2020, 10, 2, 8), zone="Asia/Almaty",
        queue_minutes=60, by=COMMAND, at=at,
    )  # fmt: skip


def offered(group, crossing):
    ways = CorridorVersion.objects.filter(corridor__entry=crossing, corridor__from_country=group.from_country)
    form = PlanForm(group=group, crossing=crossing, at=NOW)
    return [way for way in ways if str(way.public_id) in str(form["corridor_version"])]


def test_a_draft_is_refused_and_the_version_that_stands_is_named(newer, corridor_version, group, crossing):
    with pytest.raises(PlanError, match=r"draft.* Version 1 is the one that stands"):
        through(newer, group, crossing)
    assert not Plan.objects.exists()
    assert offered(group, crossing) == [corridor_version]


def test_the_newest_draft_may_be_planned_while_nobody_was_asked(group, crossing, exit_crossing, organisations):
    corridor = transit.make_corridor(
        code="OTHER", name="Other way", entry=crossing, exit=exit_crossing, from_country="KAZ", transit_country="UZB",
        to_country="TJK", by=COMMAND, at=NOW,
    )  # fmt: skip
    first, second = wording(corridor, organisations), wording(corridor, organisations)

    assert offered(group, crossing) == [second]
    assert through(second, group, crossing).corridor_version == second
    with pytest.raises(PlanError, match="Version 2 is the one that stands"):
        through(first, group, crossing)


def test_a_version_is_refused_once_another_was_asked_about(newer, corridor_version, organisations, group, crossing):
    ask(newer, organisations)

    with pytest.raises(PlanError, match=r"replaced by a newer version. Version 2 is the one that stands"):
        through(corridor_version, group, crossing)
    assert offered(group, crossing) == [newer]
    assert through(newer, group, crossing).corridor_version == newer


def test_a_version_that_a_party_rejected_is_refused(newer, corridor_version, organisations, group, crossing):
    ask(newer, organisations)
    approvals.decide(
        approval=newer.approvals.get(), answer="rejected", name="Officer", function="duty", note="no room",
        by=Actor(ActorKind.USER, "officer", "officer", organisation_ref="uz-border"), at=NOW,
    )  # fmt: skip

    with pytest.raises(PlanError, match="rejected"):
        through(newer, group, crossing)
    assert offered(group, crossing) == []


def test_a_suspended_version_may_be_planned_for_the_hour_at_which_it_goes_on(corridor_version, group, crossing):
    approvals.suspend(version=corridor_version, reason="order", by=COMMAND, at=NOW)

    assert through(corridor_version, group, crossing).corridor_version == corridor_version


def test_the_page_refuses_it_in_words_and_changes_nothing(sign_in, newer, corridor_version, organisations, group):
    ask(newer, organisations)
    clock.set_to(NOW)
    client = sign_in(Role.COORDINATOR)
    said = {"local_time": "2020-10-02T08:00", "zone": "Asia/Almaty", "queue_minutes": 60}
    answer = client.post(
        f"/groups/{group.public_id}/plan/", {**said, "corridor_version": str(corridor_version.public_id)}
    )

    assert answer.status_code == 422
    assert "does not stand any more" in answer.content.decode()
    assert not Plan.objects.exists()
