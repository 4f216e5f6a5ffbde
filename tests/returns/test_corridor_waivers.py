"""Whoever is planned by a corridor that waives a requirement is excused from it, as long as that holds."""

from datetime import datetime, timedelta

import pytest

from common import clock
from common.actors import Actor
from common.enums import ActorKind
from corridors import approvals, transit
from corridors.waiving import WaiverWording
from corridors.windows import Window
from partners.enums import Role
from returns import cases, waivers
from returns.cases import CaseError
from returns.corridor_waivers import follow_changes
from returns.models import CaseReadiness, GroupWaiver
from returns.road_watch import assess_standing_changes
from tests.cast import COMMAND, NOW
from tests.returns.conftest import PASSPORT_RULE

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(make_person, make_rule):
    """A crossing that asks for a passport, and somebody without one."""
    asked = make_rule(PASSPORT_RULE, "travel_document").requirement
    person = make_person(passport=False)
    person.documents_asked_at = NOW
    person.save()
    cases.open_cases(people=[person], by=COMMAND, at=NOW)
    return asked


@pytest.fixture
def laid(corridor_version, organisations):
    """`laid(*waivers)` lays the next version before the border service of Uzbekistan."""

    def made(*said, number=2):
        version = transit.make_version(
            corridor=corridor_version.corridor, longest_transit=timedelta(hours=4), conditions=[], head_count_cap=120,
            window=Window(datetime(2020, 10, 2, 7), datetime(2020, 10, 2, 11), "Asia/Tashkent"),
            requested_by=organisations["tj-emb-uz"], document_reference=f"note {number}", waivers=said, by=COMMAND, at=NOW,
        )  # fmt: skip
        approvals.ask_parties(
            version=version,
            parties=[organisations["uz-border"]],
            answer_by=NOW + timedelta(hours=9),
            by=COMMAND,
            at=NOW,
        )
        return version

    return made


def approve(version):
    by = Actor(ActorKind.USER, "officer", "officer", organisation_ref="uz-border")
    approvals.decide(
        approval=version.approvals.get(), answer="approved", name="Officer", function="duty", by=by, at=NOW
    )  # fmt: skip


@pytest.fixture
def excusing(laid, line, organisations):
    """A version in which the border service of Uzbekistan waives the passport."""
    return laid(WaiverWording(line, organisations["uz-border"], "order 12", NOW + timedelta(days=3)))


def through(version, group):
    cases.set_plan(
        group=group, crossing=group.crossing, corridor_version=version, local_time=datetime(2020, 10, 2, 8), zone="Asia/Almaty",
        queue_minutes=60, by=COMMAND, at=NOW,
    )  # fmt: skip


def worst():
    return CaseReadiness.objects.get().worst


def test_it_counts_from_the_approval_until_another_version_says_it_no_more(excusing, laid, group):
    version = excusing
    through(version, group)
    assert worst() == "missing"
    approve(version)
    assert assess_standing_changes(by=COMMAND, at=NOW) >= 1
    assert worst() == "waived"
    row = GroupWaiver.objects.get()
    assert (row.reference, row.through) == ("order 12", version.waivers.get())
    assert follow_changes(by=COMMAND, at=NOW) == 0
    laid(number=3)
    assess_standing_changes(by=COMMAND, at=NOW)
    assert worst() == "missing"
    assert GroupWaiver.objects.get().valid_until == NOW


def test_a_plan_on_an_open_version_is_excused_at_once_and_one_elsewhere_no_more(excusing, group):
    version = excusing
    approve(version)
    through(version, group)
    assert worst() == "waived"
    through(None, group)
    assert worst() == "missing"
    through(version, group)
    assert worst() == "waived"


def test_a_waiver_of_the_group_stands_beside_that_of_its_corridor(excusing, line, group, organisations, sign_in):
    version = excusing
    approve(version)
    through(version, group)
    waivers.waive_group(
        group=group, requirement=line, authority=organisations["uz-border"], reference="note 9",
        valid_until=NOW + timedelta(days=2), by=COMMAND, at=NOW,
    )  # fmt: skip
    assert set(GroupWaiver.objects.values_list("reference", flat=True)) == {"order 12", "note 9"}
    with pytest.raises(CaseError, match="part of the corridor"):
        waivers.withdraw_from_group(
            waiver=GroupWaiver.objects.get(reference="order 12"), why="mistake", by=COMMAND, at=NOW
        )
    clock.set_to(NOW)
    page = sign_in(Role.COORDINATOR).get(f"/groups/{group.public_id}/waivers/new/").content.decode()
    assert "by the corridor" in page


def test_a_plan_at_an_hour_at_which_nobody_may_enter_is_said_with_the_next_window(laid, group, sign_in):
    version = laid()
    clock.set_to(NOW)
    said = {
        "local_time": "2020-10-02T06:00", "zone": "Asia/Almaty", "queue_minutes": 60,
        "corridor_version": str(version.public_id),
    }  # fmt: skip
    browser = sign_in(Role.COORDINATOR)
    page = browser.post(f"/groups/{group.public_id}/plan/", said, follow=True).content.decode()
    assert "At that hour nobody may enter by" in page
    assert "It opens next: 2 October 2020, 07:00–11:00 Tashkent" in page
    page = browser.post(f"/groups/{group.public_id}/plan/", said | {"local_time": "2020-10-02T08:30"}, follow=True)
    assert "nobody may enter" not in page.content.decode()
