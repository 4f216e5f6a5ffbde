"""Waivers of an authority: for one or for many by name, with a paper, until a time; taken back; on the page."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from common import clock
from common.models import AuditEntry
from partners.models import Organisation
from returns import cases, waivers
from returns.cases import CaseError
from returns.matrix import matrix_of
from returns.models import CaseReadiness, GroupWaiver, Waiver
from tests.cast import COMMAND, NOW
from tests.returns.conftest import PASSPORT_RULE, TEST_RULE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixed_hour(db):
    """The demonstration clock stands at NOW, as far as a clock stands."""
    clock.set_to(NOW)


@pytest.fixture
def asked(make_person, make_rule, plan, organisations):
    """Two people without a passport at a crossing that asks for one, and what a waiver says."""
    line = make_rule(PASSPORT_RULE, "travel_document").requirement
    people = [make_person(passport=False), make_person(passport=False)]
    for person in people:
        person.documents_asked_at = NOW
        person.save()
    opened = cases.open_cases(people=people, by=COMMAND, at=NOW)
    paper = {
        "requirement": line, "authority": organisations["uz-border"], "reference": "note 7",
        "valid_until": plan.cross_at + timedelta(days=1),
    }  # fmt: skip
    return opened, paper


def worst():
    return sorted(CaseReadiness.objects.values_list("worst", flat=True))


def test_one_paper_excuses_several_people_who_are_judged_at_once(asked):
    opened, paper = asked
    waivers.waive(cases=opened, **paper, by=COMMAND, at=NOW)
    assert worst() == ["waived", "waived"]
    assert AuditEntry.objects.filter(verb="waiver recorded").count() == 2


def test_a_second_waiver_replaces_the_first(asked):
    opened, paper = asked
    waivers.waive(cases=opened[:1], **paper, by=COMMAND, at=NOW)
    waivers.waive(cases=opened, **paper | {"reference": "note 8"}, by=COMMAND, at=NOW)
    assert set(Waiver.objects.values_list("reference", flat=True)) == {"note 8"}
    assert Waiver.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "word"), [({"reference": " "}, "reference"), ({"valid_until": NOW}, "run out"), ({"cases": []}, "at least one")]
)  # fmt: skip
def test_a_waiver_that_cannot_be_is_refused_and_excuses_nobody(asked, changed, word):
    opened, paper = asked
    with pytest.raises(CaseError, match=word):
        waivers.waive(**{"cases": opened, **paper, "by": COMMAND, "at": NOW} | changed)
    assert not Waiver.objects.exists()


def test_of_a_closed_case_nobody_of_the_paper_is_excused(asked):
    opened, paper = asked
    cases.close_cases(cases=opened[:1], why="changed her mind", by=COMMAND, at=NOW)
    opened[0].refresh_from_db()
    with pytest.raises(CaseError, match="closed"):
        waivers.waive(cases=opened, **paper, by=COMMAND, at=NOW)
    assert not Waiver.objects.exists()


def test_a_waiver_is_taken_back_with_a_reason_and_the_case_judged_without_it(asked):
    opened, paper = asked
    waiver = waivers.waive(cases=opened[:1], **paper, by=COMMAND, at=NOW)[0]
    with pytest.raises(CaseError, match="why"):
        waivers.withdraw(waiver=waiver, why=" ", by=COMMAND, at=NOW)
    waivers.withdraw(waiver=waiver, why="the authority took it back", by=COMMAND, at=NOW + timedelta(minutes=1))
    assert "waived" not in worst()
    with pytest.raises(CaseError, match="run out already"):
        waivers.withdraw(waiver=waiver, why="again", by=COMMAND, at=NOW + timedelta(minutes=2))


def test_the_page_excuses_everybody_who_lacks_it_and_takes_one_back(asked, group, sign_in):
    opened, paper = asked
    client, url = sign_in("coordinator"), reverse("returns:group_waive", args=[group.public_id])
    given = {
        "requirement": paper["requirement"].public_id, "authority": paper["authority"].code, "reference": "note 12",
        "valid_until": "2020-10-09T10:00",
    }  # fmt: skip
    assert client.post(url, given).status_code == 422, "nobody is chosen"
    assert client.post(url, given | {"everybody": "on"}).status_code == 302
    assert worst() == ["waived", "waived"]
    waiver = Waiver.objects.get(case=opened[0])
    taken_back = reverse("returns:waiver_withdraw", args=[group.public_id, waiver.public_id])
    assert str(waiver.public_id) in client.get(url).content.decode()
    assert client.post(taken_back, {"why": "by mistake"}).status_code == 302
    assert "waived" in worst()
    assert worst() != ["waived", "waived"]


def test_whoever_joins_an_excused_group_is_excused_until_it_is_taken_back(asked, make_person, group):
    _opened, paper = asked
    whole = waivers.waive_group(group=group, **paper, by=COMMAND, at=NOW)
    assert worst() == ["waived", "waived"]
    late = make_person(passport=False)
    late.documents_asked_at = NOW
    late.save()
    cases.open_cases(people=[late], by=COMMAND, at=NOW)
    assert worst() == ["waived", "waived", "waived"]
    with pytest.raises(CaseError, match="why"):
        waivers.withdraw_from_group(waiver=whole, why=" ", by=COMMAND, at=NOW)
    waivers.withdraw_from_group(waiver=whole, why="taken back", by=COMMAND, at=NOW)
    assert worst() == ["missing", "missing", "missing"]


def test_heads_of_an_excused_group_that_nobody_registered_are_not_charged(asked, make_rule, count_heads, group):
    paper = {**asked[1], "reference": "note 8", "requirement": make_rule(TEST_RULE, "health_test").requirement}
    count_heads(50)
    zone = ZoneInfo("Asia/Tashkent")
    charged = {row.reason.value: row.quantity for row in matrix_of(group, zone=zone, at=NOW).cost.lines}
    assert charged["unregistered"] == 48
    waivers.waive_group(group=group, **paper, by=COMMAND, at=NOW)
    assert "unregistered" not in {row.reason for row in matrix_of(group, zone=zone, at=NOW).cost.lines}


def test_the_page_excuses_the_whole_group_and_takes_it_back(sign_in, asked, group):
    _opened, paper = asked
    client, page = sign_in("coordinator"), reverse("returns:group_waive", args=[group.public_id])
    said = {
        "whole_group": "on", "requirement": paper["requirement"].public_id, "authority": paper["authority"].code,
        "reference": "note 9", "valid_until": "2020-10-20T09:00",
    }  # fmt: skip
    assert client.post(page, said).status_code == 302
    whole = GroupWaiver.objects.get()
    assert "note 9" in client.get(page).content.decode()
    end = reverse("returns:waiver_withdraw", args=[group.public_id, whole.public_id])
    assert client.post(end, {"why": "taken back"}).status_code == 302
    assert worst() == ["missing", "missing"]


@pytest.mark.parametrize(
    ("authority", "days", "words"),
    [("iom-uz", 1, "excuses nobody from what a border asks"), ("uz-border", 400, "more than a year ahead")],
)
def test_a_waiver_is_of_an_authority_and_until_a_time_that_can_be_meant(asked, authority, days, words):
    opened, paper = asked
    paper |= {"authority": Organisation.objects.get(code=authority), "valid_until": NOW + timedelta(days=days)}

    with pytest.raises(CaseError, match=words):
        waivers.waive_group(group=opened[0].person.group, **paper, by=COMMAND, at=NOW)
