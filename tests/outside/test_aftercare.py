"""After the return: only whoever agreed is asked how things are, and only who said yes to an organisation is named to it."""

from datetime import date, timedelta
from typing import Any

import pytest

from common import clock
from common.models import AccessEntry
from migrants import consents, erasure, protection
from migrants.models import Consent, Disclosure
from partners.enums import Role
from returns import cases, follow_ups, handover, movements, reintegration
from returns.enums import CaseOutcome
from returns.models import FollowUp, Reintegration, ReturnCase
from tests.access.arriving import agreed
from tests.cast import COMMAND
from tests.returns.convoy import ENTERED, count_all

pytestmark = pytest.mark.django_db
HOME = ENTERED + timedelta(hours=6)
WHO: dict[str, Any] = {"by": COMMAND, "at": HOME}


@pytest.fixture
def closed(boarded, travellers, organisations):
    """Everybody came home; two of six had agreed to be asked afterwards."""
    for person in travellers[:2]:
        agreed(person, "follow_up")
    for kind in ("exited", "entered", "left"):
        count_all(boarded, kind, ENTERED)
    came = ENTERED + timedelta(hours=2)
    handover.receive(
        movement=boarded, receiver=organisations["tj-emb-uz"], heads=6, answers={}, name="Consul", function="consul",
        received_at=came, by=COMMAND, at=came,
    )  # fmt: skip
    return movements.close(movement=boarded, why="all at home", **WHO)


def test_days_are_those_of_the_calendar_of_the_place_of_arrival():
    arrived = date(2020, 10, 2)
    assert [follow_ups.due_on(arrived, stage) for stage in ("week", "month", "quarter")] == [
        date(2020, 10, 9), date(2020, 11, 2), date(2021, 1, 2),
    ]  # fmt: skip
    assert follow_ups.due_on(date(2020, 11, 30), "quarter") == date(2021, 2, 28)


def test_closing_plans_three_follow_ups_for_whoever_agreed_and_for_nobody_else(closed, travellers):
    assert {row.person_id for row in FollowUp.objects.all()} == {person.pk for person in travellers[:2]}
    assert FollowUp.objects.count() == 6
    assert follow_ups.plan(movement=closed, people=travellers, **WHO) == []
    with pytest.raises(follow_ups.FollowUpError, match="not agreed"):
        follow_ups.plan_of(person=travellers[3], **WHO)
    agreed(travellers[3], "follow_up")
    assert len(follow_ups.plan_of(person=travellers[3], **WHO)) == 3


def test_whoever_takes_the_yes_back_is_due_no_more_and_may_not_be_called(closed, travellers):
    week = HOME + timedelta(days=7)
    assert follow_ups.due(FollowUp.objects.all(), today=week.date(), at=week).count() == 2
    row = FollowUp.objects.get(person=travellers[0], stage="week")
    consents.withdraw(consent=Consent.objects.get(person=travellers[0], purpose="follow_up"), by=COMMAND, at=week)
    assert [each.person_id for each in follow_ups.due(FollowUp.objects.all(), today=week.date(), at=week)] == [
        travellers[1].pk
    ]
    with pytest.raises(follow_ups.FollowUpError, match="does not agree"):
        follow_ups.missed(follow_up=row, how="call", tried_at=week, by=COMMAND, at=week)


def test_three_tries_end_it_and_what_belongs_into_the_closed_room_is_refused(closed, travellers):
    first, second = FollowUp.objects.filter(stage="week")
    tried: dict[str, Any] = {"how": "call", "tried_at": HOME, "by": COMMAND, "at": HOME}
    with pytest.raises(follow_ups.FollowUpError, match="closed room"):
        follow_ups.reached(follow_up=first, needs=["trafficking"], **tried)
    done = follow_ups.reached(follow_up=first, needs=["legal", "medical"], note="a doctor", **tried)
    assert (done.state, done.needs) == ("reached", "medical legal")
    with pytest.raises(follow_ups.FollowUpError, match="already"):
        follow_ups.reached(follow_up=first, needs=[], **tried)
    tries = [{**tried, "tried_at": HOME - timedelta(hours=hours)} for hours in (2, 2, 1, 0)]
    states = [follow_ups.missed(follow_up=second, **each) for each in tries]
    assert [(row.tries, row.state) for row in states] == [
        *((1, "waiting"), (1, "waiting"), (2, "waiting"), (3, "unreached"))
    ]


def test_an_organisation_is_named_somebody_only_by_their_own_yes_and_until_it_is_done(
    closed, travellers, organisations
):
    helper, person = organisations["uz-border"], travellers[4]
    asked: dict[str, Any] = {"person": person, "organisation": helper, "service": "work", "referred_at": HOME, **WHO}
    with pytest.raises(reintegration.ReintegrationError, match="Ask the person"):
        reintegration.refer(**asked)
    agreed(person, "reintegration", helper)
    row = reintegration.refer(**asked)
    shown = Disclosure.objects.get(person=person, recipient=helper)
    assert (shown.purpose, shown.valid_until) == ("reintegration", None)
    with pytest.raises(reintegration.ReintegrationError, match="asked of them already"):
        reintegration.refer(**asked)
    with pytest.raises(reintegration.ReintegrationError, match="not accepted"):
        reintegration.finish(referral=row, outcome="has work", **WHO)
    reintegration.answer(referral=row, said="accepted", **WHO)
    with pytest.raises(reintegration.ReintegrationError, match="answered already"):
        reintegration.answer(referral=row, said="declined", note="no", **WHO)
    assert reintegration.finish(referral=row, outcome="has work", **WHO).outcome == "has work"
    shown.refresh_from_db()
    assert shown.valid_until == HOME


def test_what_a_person_no_longer_wants_is_closed_once_the_organisation_was_told(
    closed, travellers, organisations, sign_in
):
    person, helper = travellers[0], organisations["kz-border"]
    agreed(person, "reintegration", helper)
    row = reintegration.refer(person=person, organisation=helper, service="work", referred_at=HOME, **WHO)
    with pytest.raises(reintegration.ReintegrationError, match="has not taken the yes back"):
        reintegration.stop(referral=row, note="the desk", **WHO)
    consents.withdraw(consent=row.consent, **WHO)
    with pytest.raises(reintegration.ReintegrationError, match="Tell it to stop"):
        reintegration.answer(referral=row, said="accepted", **WHO)
    clock.set_to(HOME)
    page, address = sign_in(Role.PROTECTION), f"/people/{person.public_id}/reintegration/{row.public_id}/"
    assert "tell them to stop" in page.get("/aftercare/").content.decode()
    assert "tell it to stop" in page.get(address).content.decode()
    assert page.post(address, {"note": ""}).status_code == 422
    assert page.post(address, {"note": "the desk, by telephone"}).status_code == 302
    row.refresh_from_db()
    assert row.closed_at is not None
    assert (row.answer, row.answer_note) == ("", "the desk, by telephone")
    with pytest.raises(reintegration.ReintegrationError, match="closed already"):
        reintegration.stop(referral=row, note="again", **WHO)


def test_the_day_on_which_somebody_is_due_is_that_of_whoever_asks(closed):
    night = HOME.replace(hour=21) + timedelta(days=6)
    assert follow_ups.today_of(("Asia/Tashkent", "Europe/Berlin"), at=night) == night.date() + timedelta(days=1)
    assert follow_ups.today_of((), at=night) == night.date()


def test_nobody_under_a_hold_is_named_to_anybody_of_that_country(closed, travellers, organisations):
    helper, person = organisations["uz-border"], travellers[5]
    agreed(person, "reintegration", helper)
    protection.set_hold(person=person, reason="fear", against=[helper.country], **WHO)
    with pytest.raises(reintegration.ReintegrationError, match="Nothing can be shared"):
        reintegration.refer(person=person, organisation=helper, service="work", referred_at=HOME, **WHO)


def test_an_erasure_empties_words_and_keeps_what_is_counted(closed, travellers, organisations):
    person, helper = travellers[0], organisations["uz-border"]
    row = FollowUp.objects.get(person=person, stage="week")
    follow_ups.reached(follow_up=row, how="call", needs=["medical"], note="a doctor", tried_at=HOME, **WHO)
    agreed(person, "reintegration", helper)
    reintegration.refer(
        person=person, organisation=helper, service="work", note="a welder", referred_at=HOME, **WHO
    )  # fmt: skip
    erasure.erase(people=[person], by=COMMAND, at=HOME + timedelta(days=1), why="asked", cause="request")
    row.refresh_from_db()
    asked = Reintegration.objects.get(person=person)
    assert (row.state, row.needs, row.note) == ("reached", None, None)
    assert (asked.service, asked.note) == ("work", None)
    assert ReturnCase.objects.filter(outcome=CaseOutcome.HOME).count() == 6


def test_the_officer_finds_who_is_due_writes_it_down_and_asks_for_help(closed, travellers, organisations, sign_in):
    clock.set_to(HOME + timedelta(days=7))
    page, person = sign_in(Role.FIELD), travellers[0]
    row = FollowUp.objects.get(person=person, stage="week")
    address = f"/people/{person.public_id}/follow-ups/{row.public_id}/"
    assert address in page.get("/aftercare/").content.decode()
    assert AccessEntry.objects.filter(person=person.public_id, page="returns:aftercare").exists()
    tried = {"how": "visit", "tried_at": "2020-10-09T08:00"}
    assert page.post(address, tried).status_code == 422
    assert page.post(address, {**tried, "result": "reached", "needs": ["legal"]}).status_code == 302
    assert "legal advice" in page.get(f"/people/{person.public_id}/").content.decode()
    assert address not in page.get("/aftercare/").content.decode()
    new = f"/people/{person.public_id}/reintegration/new/"
    asked = {"organisation": "uz-border", "service": "work", "referred_at": "2020-10-09T08:00"}
    assert page.post(new, asked).status_code == 422
    answered = {
        "purpose": "reintegration",
        "recipient": "uz-border",
        "answer": "yes",
        "how": "written",
        "language": "tg",
    }
    assert (
        page.post(f"/people/{person.public_id}/consents/new/", {**answered, "categories": "identity"}).status_code
        == 302
    )
    assert page.post(new, asked).status_code == 302
    of = f"/people/{person.public_id}/reintegration/{Reintegration.objects.get().public_id}/"
    assert page.post(of, {"said": "accepted"}).status_code == 302
    assert "What came of it" in page.get(of).content.decode()
    assert page.post(of, {"outcome": "has work"}).status_code == 302
    assert "has work" in page.get(f"/people/{person.public_id}/").content.decode()


def test_the_family_of_whoever_died_is_not_called(closed, travellers):
    person, week = travellers[0], HOME + timedelta(days=7)
    cases.reopen_cases(cases=list(person.cases.all()), why="the hospital called", **WHO)
    cases.close_cases(cases=list(person.cases.all()), why="the hospital called", outcome=CaseOutcome.DIED, **WHO)
    assert [row.person_id for row in follow_ups.due(FollowUp.objects.all(), today=week.date(), at=week)] == [
        travellers[1].pk
    ]


def test_nobody_is_called_who_was_erased(closed, travellers, organisations):
    person, helper, week = travellers[0], organisations["uz-border"], HOME + timedelta(days=7)
    agreed(person, "reintegration", helper)
    reintegration.refer(person=person, organisation=helper, service="work", referred_at=HOME, **WHO)
    assert reintegration.waiting(Reintegration.objects.all()).exists()
    erasure.erase(people=[person], by=COMMAND, at=HOME + timedelta(days=1), why="asked", cause="request")
    assert [row.person_id for row in follow_ups.due(FollowUp.objects.all(), today=week.date(), at=week)] == [
        travellers[1].pk
    ]
    assert not reintegration.waiting(Reintegration.objects.all()).exists()
    with pytest.raises(cases.CaseError, match="was erased"):
        cases.reopen_cases(cases=list(ReturnCase.objects.filter(person=person)), why="a mistake", by=COMMAND, at=week)
