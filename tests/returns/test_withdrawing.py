"""Taking the consent to return back: until departure it frees the seat and closes the case; afterwards it says what is left."""

import pytest
from django.urls import reverse

from common import clock
from migrants import consents
from migrants.models import Consent
from partners.enums import Role
from returns import incoming, withdrawing
from returns.enums import CaseOutcome
from returns.models import ReturnCase, Seat
from returns.withdrawing import WithdrawalError
from tests.cast import COMMAND, NOW
from tests.returns.convoy import ENTERED, FROZEN, count_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def embassy(organisations):
    return organisations["tj-emb-uz"]


def shown(person, embassy, *, at=NOW, **said):
    asked = {"purpose": "consulate", "answer": "yes", "how": "oral", "language": "tg", "recipient": embassy}
    consents.record_consent(people=[person], by=COMMAND, at=at, **asked | said)
    consents.disclose(people=[person], recipient=embassy, purpose="consulate", by=COMMAND, at=at)


def take_back(person, purpose="return", at=FROZEN):
    return withdrawing.take_back(consent=person.consents.get(purpose=purpose), by=COMMAND, at=at)


def test_before_departure_everything_that_rested_on_it_ends_in_the_same_moment(movement, travellers, embassy):
    person = travellers[0]
    shown(person, embassy)
    done = take_back(person)

    assert (done.ended, done.seat_freed, done.case_closed) == (1, True, True)
    assert not incoming.shown_to([embassy], at=FROZEN).exists()
    assert Seat.objects.get(person=person, movement=movement).vehicle is None
    case = ReturnCase.objects.get(person=person)
    assert (case.closed_at, case.outcome) == (FROZEN, CaseOutcome.CHANGED_MIND)


def test_what_would_end_is_said_before_it_ends_and_nothing_else_does(movement, travellers, embassy, sign_in):
    person = travellers[0]
    shown(person, embassy)
    clock.set_to(FROZEN)
    answers = {each.purpose: each.public_id for each in person.consents.all()}
    client = sign_in(Role.FIELD)

    ends = client.get(reverse("returns:consent_withdraw", args=[person.public_id, answers["return"]])).content.decode()
    assert embassy.name in ends
    assert f"The seat in {movement} is free" in ends
    assert "changed mind" in ends
    less = client.get(
        reverse("returns:consent_withdraw", args=[person.public_id, answers["consulate"]])
    ).content.decode()
    assert embassy.name in less
    assert "changed mind" not in less
    assert ReturnCase.objects.open().filter(person=person).exists()
    assert not Consent.objects.filter(withdrawn_at__isnull=False).exists()


def test_whoever_boarded_already_may_still_change_their_mind(boarded, travellers):
    assert take_back(travellers[0]).seat_freed
    assert Seat.objects.get(person=travellers[0]).boarded_at is None


def test_after_departure_it_is_refused_with_what_is_possible(boarded, travellers):
    count_all(boarded, "exited", ENTERED)
    with pytest.raises(WithdrawalError) as refusal:
        take_back(travellers[0], at=ENTERED)
    assert "not travelling" in str(refusal.value.sentence)
    assert Consent.objects.get(person=travellers[0], purpose="return").withdrawn_at is None
    assert ReturnCase.objects.get(person=travellers[0]).closed_at is None


def test_after_departure_being_shown_can_still_be_taken_back(boarded, travellers, embassy):
    shown(travellers[0], embassy)
    count_all(boarded, "exited", ENTERED)
    assert take_back(travellers[0], "consulate", at=ENTERED).ended == 1


def test_the_embassy_sees_no_more_than_was_agreed(boarded, travellers, embassy):
    shown(travellers[0], embassy, categories=["identity"])
    shown(travellers[1], embassy, categories=["identity", "journey"])
    shown(travellers[2], embassy)

    rows = incoming.completed(list(incoming.by_name(incoming.shown_to([embassy], at=FROZEN))), at=FROZEN)
    assert [bool(row.document) for row in rows] == [False, False, True]
    assert [row.movement is not None for row in rows] == [False, True, True]
    aboard = incoming.on_board(boarded, [embassy], at=FROZEN)
    assert {row.person for row in aboard} == {travellers[1], travellers[2]}


def test_the_page_says_what_followed(movement, travellers, sign_in):
    clock.set_to(NOW)
    person = travellers[0]
    client = sign_in(Role.FIELD)
    answer = client.post(
        reverse("returns:consent_withdraw", args=[person.public_id, person.consents.get().public_id]), follow=True
    )
    said = " ".join(str(message) for message in answer.context["messages"])
    assert "seat" in said
    assert "changed mind" in said
