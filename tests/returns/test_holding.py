"""A hold takes a person off the journey, says nothing why, and asks whether it concerns others of the group (rule 3)."""

import pytest
from django.urls import reverse

from common import clock
from common.models import AuditEntry
from migrants import consents
from migrants.models import Disclosure, HoldQuestion, ProtectionHold
from migrants.protection import ProtectionError
from partners.enums import Role
from returns import holding
from returns.models import Seat
from tests.cast import COMMAND, NOW
from tests.returns.convoy import ENTERED, count_all

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_the_moment(db):
    clock.set_to(NOW)


def hold(person, *against, at=NOW):
    return holding.hold(person=person, reason="fears to return", against=against, by=COMMAND, at=at)


def answer(question, also=(), note="asked each of them"):
    return holding.spread(question=question, also=list(also), note=note, by=COMMAND, at=NOW)


def test_a_hold_frees_the_seat_of_a_movement_that_has_not_left(movement, travellers):
    hold(travellers[0], "TJK")
    assert Seat.objects.get(person=travellers[0]).vehicle is None
    assert not AuditEntry.objects.filter(verb="person left out").exclude(why="").exists()


def test_a_hold_against_a_country_that_is_not_on_the_way_leaves_the_seat(movement, travellers):
    hold(travellers[0], "AFG")
    assert Seat.objects.get(person=travellers[0]).vehicle is not None


def test_a_hold_on_the_road_leaves_what_is_on_the_road(boarded, travellers):
    count_all(boarded, "exited", ENTERED)
    hold(travellers[0], "TJK", at=ENTERED)
    assert Seat.objects.get(person=travellers[0]).vehicle is not None
    assert ProtectionHold.objects.filter(person=travellers[0]).exists()


def test_a_hold_asks_about_the_group_and_holds_nobody_else(movement, travellers):
    hold(travellers[0], "TJK")
    assert HoldQuestion.objects.get().person == travellers[0]
    assert ProtectionHold.objects.count() == 1


def test_a_hold_of_somebody_alone_asks_nothing(make_person):
    hold(make_person(), "TJK")
    assert not HoldQuestion.objects.exists()


def test_whoever_the_answer_names_is_held_against_the_same_countries(movement, travellers, organisations):
    embassy = organisations["tj-emb-uz"]
    asked = {"answer": "yes", "how": "oral", "language": "tg", "recipient": embassy, "purpose": "consulate"}
    consents.record_consent(people=[travellers[1]], by=COMMAND, at=NOW, **asked)
    consents.disclose(people=[travellers[1]], recipient=embassy, purpose="consulate", by=COMMAND, at=NOW)
    hold(travellers[0], "TJK")
    (spread,) = answer(HoldQuestion.objects.get(), [travellers[1]])

    assert (spread.person, spread.against) == (travellers[1], ["TJK"])
    assert Seat.objects.get(person=travellers[1]).vehicle is None
    assert Disclosure.objects.get().valid_until == NOW
    assert HoldQuestion.objects.get().also == travellers[1].number
    assert answer(HoldQuestion.objects.get(), [travellers[2]]) == []


def test_an_answer_needs_a_reason_and_people_of_the_group(movement, travellers, make_person):
    hold(travellers[0], "TJK")
    question = HoldQuestion.objects.get()
    stranger = make_person(group=None)
    for changed, field in (({"note": " "}, "note"), ({"also": [stranger]}, "also")):
        with pytest.raises(ProtectionError) as refusal:
            answer(question, **changed)
        assert refusal.value.field == field
    assert ProtectionHold.objects.count() == 1


def test_the_question_is_answered_on_its_page_and_stands_on_that_of_the_group(movement, travellers, sign_in):
    hold(travellers[0], "TJK")
    client = sign_in(Role.PROTECTION)
    page = reverse("returns:hold_question", args=[travellers[0].public_id, ProtectionHold.objects.get().public_id])
    listed = reverse("returns:group_screening", args=[travellers[0].group.public_id])
    assert page in client.get(listed).content.decode()
    refused = client.post(page, {"numbers": "999999", "note": "x"})
    assert refused.status_code == 422
    assert client.post(page, {"numbers": travellers[1].number, "note": "her sister says the same"}).status_code == 302
    assert page not in client.get(listed).content.decode()
    told = client.get(reverse("returns:person_protection", args=[travellers[0].public_id])).content.decode()
    assert travellers[1].number in told
    assert ProtectionHold.objects.filter(person=travellers[1]).exists()
