"""A case ends by hand with its outcome, and figures of how cases ended stay when people are erased."""

from datetime import timedelta
from typing import Any

import pytest

from common import clock
from migrants import consents, erasure, protection
from migrants.models import Disclosure
from partners.enums import Role
from returns import cases, ending
from returns.models import ReturnCase, Seat
from returns.outcomes import outcomes_of
from tests.access.arriving import agreed
from tests.cast import COMMAND, NOW
from tests.returns.convoy import ENTERED, FROZEN, count_all

pytestmark = pytest.mark.django_db
WHO: dict[str, Any] = {"by": COMMAND, "at": FROZEN}
YEAR: dict[str, Any] = {"since": NOW - timedelta(days=200), "until": NOW + timedelta(days=50), "at": ENTERED}


def test_a_seat_is_freed_and_showing_ends_with_what_it_was_for(movement, travellers, organisations):
    embassy, (gone, ill) = organisations["tj-emb-uz"], travellers[:2]
    for person in (gone, ill):
        agreed(person, "consulate", embassy)
        consents.disclose(people=[person], recipient=embassy, purpose="consulate", by=COMMAND, at=NOW)
    case = ending.end_case(person=gone, outcome="other_country", why="called from Moscow", **WHO)
    ending.end_case(person=ill, outcome="hospital", why="the ward said so", **WHO)
    assert (case.outcome, case.closed_at) == ("other_country", FROZEN)
    assert not Seat.objects.filter(person=gone, vehicle__isnull=False).exists()
    assert Disclosure.objects.get(person=gone).valid_until == FROZEN
    assert Disclosure.objects.get(person=ill).valid_until is None
    with pytest.raises(ending.EndingError, match="no open case"):
        ending.end_case(person=gone, outcome="home", why="again", **WHO)


def test_nobody_on_the_road_is_closed_by_hand(boarded, travellers):
    count_all(boarded, "exited", ENTERED)
    with pytest.raises(ending.EndingError, match="on the road"):
        ending.end_case(person=travellers[0], outcome="died", why="x", by=COMMAND, at=ENTERED)
    assert ReturnCase.objects.open().count() == 6


def test_figures_stay_after_an_erasure_and_small_ones_are_withheld(make_person):
    people = [make_person() for _ in range(14)]
    opened = cases.open_cases(people=people, by=COMMAND, at=NOW)
    for outcome, these in (("home", opened[:6]), ("changed_mind", opened[6:12]), ("died", opened[12:13])):
        cases.close_cases(cases=these, why="known", outcome=outcome, **WHO)

    def told() -> dict[str, int | None]:
        return {row.outcome.value: row.cases for row in outcomes_of(**YEAR).ended}

    assert outcomes_of(**YEAR).total == 13
    assert told()["died"] is None
    assert sorted([told()["home"] or 0, told()["changed_mind"] or 0]) == [0, 6]  # the sum would give one away
    erasure.erase(people=[people[0]], cause="request", why="asked", by=COMMAND, at=FROZEN)
    assert outcomes_of(**YEAR).total == 13
    protection.set_hold(person=people[1], reason="fear", **WHO)
    assert outcomes_of(**YEAR).total == 12


def test_the_officer_closes_a_case_and_a_programme_officer_reads_figures_alone(movement, travellers, sign_in):
    clock.set_to(FROZEN)
    page, person = sign_in(Role.FIELD), travellers[0]
    address = f"/people/{person.public_id}/case/close/"
    assert address in page.get(f"/people/{person.public_id}/").content.decode()
    assert page.post(address, {"outcome": "not_found"}).status_code == 422
    assert page.post(address, {"outcome": "not_found", "why": "searched for a week"}).status_code == 302
    assert ReturnCase.objects.get(person=person).outcome == "not_found"
    shown = sign_in(Role.PROGRAMME).get("/outcomes/?year=2020").content.decode()
    assert "Closed in 2020" in shown
    assert person.full_name not in shown
    assert sign_in(Role.PROGRAMME).get("/outcomes/?year=nonsense").status_code == 200
