"""Receivers beside the embassy: each is shown those who said yes to it, signs once who was there, and is shown nobody after."""

from datetime import timedelta
from typing import Any

import pytest

from common import clock
from migrants import consents, protection
from migrants.models import Disclosure
from partners.enums import Role
from returns import absences, movements, receiving
from returns.handover import SHOWN_FOR
from returns.models import CaseTask, ReceiverAnswer
from tests.access.arriving import agreed
from tests.cast import COMMAND, NOW
from tests.returns.convoy import ENTERED, count_all, count_one

pytestmark = pytest.mark.django_db
CAME = ENTERED + timedelta(hours=2)
WHO: dict[str, Any] = {"by": COMMAND, "at": CAME}
SAID: dict[str, Any] = {"name": "Malika", "function": "duty officer", "received_at": CAME}


@pytest.fixture
def service(organisations):
    """The border service, which takes people in at the post."""
    return organisations["kz-border"]


@pytest.fixture
def arrived(boarded, travellers, service):
    """The buses are out of the transit country; three of six agreed to be shown to the service, one of them is held."""
    for person in travellers[:3]:
        agreed(person, "receive", service)
    consents.disclose(people=travellers, recipient=service, purpose="receive", by=COMMAND, at=NOW)
    protection.set_hold(person=travellers[2], reason="fear", against=["AFG"], by=COMMAND, at=NOW)
    for kind in ("exited", "entered", "left"):
        count_all(boarded, kind, ENTERED)
    return boarded


def answers(movement, service, absent=()):
    rows = receiving.expected_by(movement, [service], at=CAME)
    return {row.public_id: "absent" if row.person in absent else "present" for row in rows}


def test_only_who_said_yes_to_it_is_shown_and_nobody_under_any_hold(arrived, travellers, service, organisations):
    shown = [row.person for row in receiving.expected_by(arrived, [service], at=CAME)]
    assert set(shown) == set(travellers[:2])
    assert not receiving.journeys_with([organisations["uz-border"]], at=CAME).exists()
    embassy = Disclosure.objects.filter(recipient=organisations["tj-emb-uz"])
    assert not embassy.exists()


def test_it_signs_once_for_everybody_shown_and_is_shown_them_for_two_more_days(arrived, travellers, service):
    with pytest.raises(receiving.ReceivingError, match="everybody on the list"):
        receiving.sign(movement=arrived, receiver=service, answers={}, **SAID, **WHO)
    said = answers(arrived, service, absent=[travellers[1]])
    receiving.sign(movement=arrived, receiver=service, answers=said, **SAID, **WHO)
    assert sorted(ReceiverAnswer.objects.values_list("state", flat=True)) == ["absent", "present"]
    ends = Disclosure.objects.filter(recipient=service, person__in=travellers[:2]).values_list("valid_until", flat=True)
    assert set(ends) == {CAME + SHOWN_FOR}
    with pytest.raises(receiving.ReceivingError, match="signed already"):
        receiving.sign(movement=arrived, receiver=service, answers=said, **SAID, **WHO)
    assert [case.person for case in absences.ending_of(arrived).stay_open] == [travellers[1]]
    assert not receiving.journeys_with([service], at=CAME + SHOWN_FOR).exists()


def test_whom_it_missed_after_the_journey_was_closed_the_coordinators_look_for(
    arrived, travellers, service, organisations
):
    other = organisations["uz-border"]
    for person in travellers[:2]:
        agreed(person, "receive", other)
    consents.disclose(people=travellers[:2], recipient=other, purpose="receive", by=COMMAND, at=NOW)
    count_one(arrived, None, "handed_over", CAME, heads=6)
    movements.close(movement=arrived, why="all came", **WHO)
    said = answers(arrived, service, absent=travellers[:2])
    receiving.sign(movement=arrived, receiver=service, answers=said, **SAID, **WHO)
    tasks = CaseTask.objects.open().filter(role="coordinator")
    about = set(tasks.values_list("case__person", "case__outcome"))
    assert about == {(person.pk, "home") for person in travellers[:2]}
    assert all("did not see" in task.title for task in tasks)
    met = answers(arrived, other, absent=[travellers[0]])
    receiving.sign(movement=arrived, receiver=other, answers=met, **SAID, **WHO)
    assert tasks.count() == 2


def test_of_two_receivers_whom_one_colleague_serves_each_signs_for_itself(arrived, travellers, service, organisations):
    other = organisations["uz-border"]
    agreed(travellers[3], "receive", other)
    consents.disclose(people=[travellers[3]], recipient=other, purpose="receive", by=COMMAND, at=NOW)
    turns = []
    for _ in range(2):
        shown = list(receiving.expected_by(arrived, [service, other], at=CAME))
        turns.append(receiving.next_to_sign(arrived, shown))
        said = answers(arrived, turns[-1])
        receiving.sign(movement=arrived, receiver=turns[-1], answers=said, **SAID, **WHO)
    assert {each.code for each in turns} == {"kz-border", "uz-border"}
    assert receiving.next_to_sign(arrived, shown) == shown[0].recipient


def test_nobody_signs_while_the_buses_are_on_the_road(boarded, travellers, service):
    agreed(travellers[0], "receive", service)
    consents.disclose(people=travellers, recipient=service, purpose="receive", by=COMMAND, at=NOW)
    with pytest.raises(receiving.ReceivingError, match="not left the transit country"):
        receiving.sign(movement=boarded, receiver=service, answers=answers(boarded, service), **SAID, **WHO)


def test_the_officer_of_the_service_signs_on_its_page_and_others_find_nothing(arrived, travellers, service, sign_in):
    clock.set_to(CAME)
    page, address = sign_in(Role.LIAISON), f"/day/{arrived.public_id}/"
    day = page.get("/day/").content.decode()
    assert address in day
    assert "please sign" in day
    assert page.get(f"{address}?here=everybody").content.decode().count(" checked") == 2
    shown = page.get(address).content.decode()
    assert "2 people on board agreed to be shown to you" in shown
    assert sign_in(Role.CONSULAR).get(address).status_code == 404
    hour = "2020-10-02T07:00"
    written = {"received_at": hour, "name": "Malika", "function": "duty officer"}
    assert page.post(address, written).status_code == 422
    ticked = {f"here-{key}": state for key, state in answers(arrived, service).items()}
    assert page.post(address, written | ticked).status_code == 302
    assert "Their names are shown to you until" in page.get(address).content.decode()
    assert "please sign" not in page.get("/day/").content.decode()
    assert page.post(address, written | ticked).status_code == 422
