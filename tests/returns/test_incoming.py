"""Whom an embassy may expect, and how it acknowledges that a group has arrived."""

from datetime import timedelta

import pytest

from common.audience import asking
from common.models import AuditEntry
from migrants import consents, protection
from migrants.models import Disclosure
from partners.access import viewer_of
from partners.enums import Role
from returns import handover, incoming
from returns.explaining import explain
from returns.models import Checkpoint, Difference, Handover, Reception
from tests.cast import COMMAND, NOW
from tests.returns.convoy import ENTERED, count_all, count_one

pytestmark = pytest.mark.django_db
LEFT = ENTERED + timedelta(hours=4)
RECEIVED = LEFT + timedelta(hours=1)


@pytest.fixture
def embassy(organisations):
    return organisations["tj-emb-uz"]


def agree(people, embassy, answer="yes"):
    consents.record_consent(
        people=people, purpose="consulate", recipient=embassy, answer=answer, how="oral", language="tg", by=COMMAND,
        at=NOW,
    )  # fmt: skip


def show(people, embassy):
    return consents.disclose(people=people, recipient=embassy, purpose="consulate", by=COMMAND, at=NOW)


def expected(embassy, at=NOW):
    return incoming.completed(list(incoming.by_name(incoming.shown_to([embassy], at=at))), at=at)


@pytest.fixture
def shown(travellers, embassy):
    """Five of the six agreed to be shown."""
    agree(travellers[:5], embassy)
    show(travellers, embassy)
    return travellers[:5]


@pytest.fixture
def arrived(boarded, shown):
    """The buses have left the transit country."""
    for kind, at in (("exited", ENTERED), ("entered", ENTERED), ("left", LEFT)):
        count_all(boarded, kind, at)
    return boarded


def receive(movement, embassy, *, heads=6, absent=(), at=RECEIVED, received_at=None, **changed):
    rows = incoming.on_board(movement, [embassy], at=at)
    answers = {row.public_id: "absent" if row.person in absent else "present" for row in rows}
    given = {"answers": answers, "name": "Consul on duty", "function": "consul"} | changed
    return handover.receive(
        movement=movement, receiver=embassy, heads=heads, received_at=received_at or at, by=COMMAND, at=at, **given
    )


def test_only_who_agreed_is_shown_and_only_what_a_consul_needs(shown, embassy):
    rows = expected(embassy)
    assert [row.full_name for row in rows] == [person.full_name for person in shown]
    assert (rows[0].birth_year, rows[0].document, rows[0].vehicle) == (1986, "passport, held", "")


def test_the_movement_goes_on_although_the_receiver_sees_five_of_the_six(arrived, embassy, accounts):
    consul = viewer_of(accounts[Role.CONSULAR], at=RECEIVED)
    with asking(consul.audience):
        receive(arrived, embassy)
    arrived.refresh_from_db()
    assert (arrived.state, arrived.handed_over_at) == ("handed_over", RECEIVED)


def test_a_group_is_received_though_somebody_is_in_hospital_of_which_the_receiver_learns_nothing(
    boarded, shown, embassy, accounts
):
    for kind, at in (("exited", ENTERED), ("entered", ENTERED)):
        count_all(boarded, kind, at)
    for bus, heads in ((1, 2), (2, 2), (3, 1)):
        count_one(boarded, bus, "left", LEFT, heads=heads)
    short = boarded.checkpoints.get(kind="left", vehicle__rank=3)
    explain(checkpoint=short, kind="hospital", heads=1, by=COMMAND, at=LEFT)
    with asking(viewer_of(accounts[Role.CONSULAR], at=RECEIVED).audience):
        receive(boarded, embassy, heads=5)
        assert not Difference.objects.exists()
    assert boarded.manifests.get().stages.filter(stage="handed_over", heads=5).exists()


@pytest.mark.parametrize("nationality", ["AFG", "XXA"])
def test_a_disclosure_of_anybody_else_s_national_shows_nobody(make_person, embassy, nationality):
    person = make_person(nationality=nationality)
    agree([person], embassy)
    assert show([person], embassy) == []
    common = {"mission": person.mission, "recipient": embassy, "purpose": "consulate", "by": COMMAND}
    Disclosure.objects.create(
        person=person, consent=person.consents.first(), valid_from=NOW, recorded_at=NOW, **common
    )  # fmt: skip
    assert expected(embassy) == []


def test_a_hold_against_any_country_takes_a_person_off_the_list_at_once(shown, embassy):
    protection.set_hold(person=shown[0], reason="asylum claim", against=["AFG"], by=COMMAND, at=NOW)
    assert shown[0].full_name not in [row.full_name for row in expected(embassy)]
    assert len(expected(embassy)) == 4


def test_whoever_takes_consent_back_is_shown_no_longer(shown, embassy):
    agree([shown[0]], embassy, answer="no")
    assert len(expected(embassy)) == 4


def test_another_embassy_sees_nobody(shown, organisations):
    assert expected(organisations["uz-border"]) == []


def test_the_list_says_in_which_bus_and_when_they_arrive(boarded, shown, embassy):
    rows = expected(embassy)
    assert {row.vehicle for row in rows} == {"Bus 1", "Bus 2", "Bus 3"}
    assert {row.arrives_at for row in rows} == {boarded.depart_at + timedelta(hours=4)}
    [arrival] = incoming.arrivals([embassy], at=NOW)
    assert (arrival.heads, arrival.shown) == (6, 5)


def test_a_list_of_any_length_takes_three_queries(shown, embassy, django_assert_num_queries):
    rows = list(incoming.shown_to([embassy], at=NOW))
    with django_assert_num_queries(3):
        incoming.completed(rows, at=NOW)


def test_the_embassy_acknowledges_the_heads_and_says_who_was_there(arrived, shown, embassy):
    done = receive(arrived, embassy, absent=shown[:1])
    arrived.refresh_from_db()
    assert (done.heads, arrived.state, arrived.handed_over_at) == (6, "handed_over", RECEIVED)
    assert sorted(Reception.objects.values_list("state", flat=True)) == ["absent", *["present"] * 4]
    assert {row.reception for row in expected(embassy, RECEIVED)} == {"present", "absent"}
    assert AuditEntry.objects.filter(verb="group received").count() == 1


def test_who_was_shown_for_it_is_shown_no_longer_two_days_after_the_handover(arrived, embassy):
    done = receive(arrived, embassy)
    assert done.shown_until == RECEIVED + timedelta(hours=48)
    assert len(expected(embassy, RECEIVED + timedelta(hours=47))) == 5
    assert expected(embassy, RECEIVED + timedelta(hours=48)) == []


def test_a_group_is_received_once(arrived, embassy):
    receive(arrived, embassy)
    with pytest.raises(handover.HandoverError, match=r"already \(Consul on duty\)"):
        receive(arrived, embassy, heads=5)
    assert Handover.objects.get().heads == 6


def test_nobody_receives_a_group_that_is_still_on_the_way(boarded, shown, embassy):
    with pytest.raises(handover.HandoverError, match="has not left the transit country"):
        receive(boarded, embassy)
    assert not Checkpoint.objects.filter(kind="handed_over").exists()


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"name": " "}, "name", "Write who receives"),
        ({"function": ""}, "function", "Write the function"),
        ({"answers": {}}, "answers", "Say of 5 more people"),
        ({"heads": 4}, "heads", "5 are marked as present"),
        ({"heads": 100_000}, "heads", "from 0 to"),
        ({"received_at": RECEIVED + timedelta(minutes=1)}, "received_at", "lies ahead"),
        ({"received_at": LEFT - timedelta(minutes=1)}, "received_at", "still on the way"),
    ],
)
def test_a_handover_that_cannot_be_says_what_to_mend_and_changes_nothing(arrived, embassy, changed, field, sentence):
    with pytest.raises(handover.HandoverError, match=sentence) as refused:
        receive(arrived, embassy, **changed)
    assert refused.value.field == field
    assert not Handover.objects.exists()
    assert not Reception.objects.exists()
