"""The pages of a movement: one next act at a time, phones that send twice, and what is refused with a sentence."""

import uuid

import pytest
from django.urls import reverse

from common import clock
from corridors.models import CorridorVersion
from partners.enums import Role
from returns.models import Checkpoint, Difference, Movement
from tests.returns.convoy import FROZEN, count_all, count_one

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_seven(db):
    clock.set_to(FROZEN)


def page(client, movement, name="movement", *more):
    return client.get(reverse(f"returns:{name}", args=[movement.public_id, *more])).content.decode()


def act(client, movement, name, sent=None, *more):
    address = reverse(f"returns:{name}", args=[movement.public_id, *more])
    return client.post(address, sent or {}, follow=True).content.decode()


def test_a_coordinator_sends_a_group_from_its_page_to_the_road(sign_in, group, travellers):
    coordinator, field = sign_in(Role.COORDINATOR), sign_in(Role.FIELD)
    assert "Prepare the movement" in coordinator.get(reverse("returns:group", args=[group.public_id])).content.decode()
    coordinator.post(reverse("returns:movement_new", args=[group.public_id]))
    movement = Movement.objects.get()
    empty = page(coordinator, movement)
    assert "Which buses come?" in empty
    assert "step-done" not in empty, "a point of the way is counted where no bus comes yet"
    assert "6 people have no seat yet" in act(coordinator, movement, "movement_vehicles", {"how_many": 3, "seats": 3})
    assert "Everybody who has a seat may travel" in act(coordinator, movement, "movement_propose")
    assert "Version 1 is frozen: 6 people" in act(coordinator, movement, "movement_freeze")
    for _bus in range(3):
        seats = [
            str(seat.public_id)
            for seat in movement.seats.filter(boarded_at=None).order_by("vehicle__rank")
            if seat.vehicle == movement.seats.filter(boarded_at=None).order_by("vehicle__rank")[0].vehicle
        ]
        refused = act(field, movement, "movement_boarding", {"manifest": 2, "seat": seats[:1]})
        assert refused.count(" checked>") == 1, "whoever was marked is to be marked again after a refusal"
        assert "people are on board" in act(field, movement, "movement_boarding", {"manifest": 1, "seat": seats})
    assert "Count the heads at the next point" in page(field, movement)
    assert "chip" in page(field, movement, "movement_count")


def test_a_phone_that_sends_a_count_twice_stores_it_once(sign_in, boarded):
    field = sign_in(Role.FIELD)
    body = {
        "client_id": str(uuid.uuid4()), "kind": "exited", "vehicle": str(boarded.vehicles.get(rank=1).public_id),
        "heads": 2, "counted_at": FROZEN.isoformat(),
    }  # fmt: skip
    address = reverse("returns:movement_count", args=[boarded.public_id])
    sent = [field.post(address, body, content_type="application/json").status_code for _ in range(2)]
    assert sent == [201, 200]
    changed = field.post(address, body | {"heads": 1}, content_type="application/json")
    assert changed.status_code == 409
    assert field.post(address, "nonsense", content_type="application/json").status_code == 400
    early = field.post(
        address, body | {"client_id": str(uuid.uuid4()), "kind": "left"}, content_type="application/json"
    )
    assert (early.status_code, "kind" in early.json()["errors"]) == (422, True)
    assert Checkpoint.objects.filter(kind="exited").count() == 1


def test_a_difference_is_shown_first_and_explained_on_its_page(sign_in, boarded):
    count_all(boarded, "exited", FROZEN)
    field = sign_in(Role.FIELD)
    bus = boarded.vehicles.get(rank=2)
    sent = {"client_id": str(uuid.uuid4()), "kind": "entered", "vehicle": str(bus.public_id), "heads": 1}
    shown = act(field, boarded, "movement_count", sent)
    assert "did not come" in shown
    assert "born on the way" not in shown
    assert "Bus 2: 1 counted at" in page(field, boarded)
    row = Checkpoint.objects.get(kind="entered")
    said = {"kind": "hospital", "heads": 1, "note": ""}
    assert "The difference is explained." in act(field, boarded, "movement_explain", said, row.public_id)
    assert Difference.objects.get().kind == "hospital"


def test_what_comes_too_late_is_refused_with_a_sentence(sign_in, boarded):
    count_all(boarded, "exited", FROZEN)
    coordinator = sign_in(Role.COORDINATOR)
    assert "The buses have left" in act(coordinator, boarded, "movement_freeze", {"why": "late"})
    assert "The buses have left" in act(coordinator, boarded, "movement_call_off", {"why": "snow"})
    boarded.refresh_from_db()
    assert boarded.state == "exited"


def test_a_decision_that_is_refused_comes_back_as_it_was_written(sign_in, boarded):
    count_one(boarded, 1, "exited", FROZEN)
    address = reverse("returns:movement_decide", args=[boarded.public_id])
    said = {"answer": "go_on", "why": "the road is open", "reference": "call of 07:10"}
    refused = sign_in(Role.COORDINATOR).post(address, said)
    words = refused.content.decode()
    assert refused.status_code == 422
    assert "Choose the party of the corridor that said the buses may go on." in words
    assert 'value="call of 07:10"' in words
    assert not boarded.decisions.exists()


def test_the_page_of_the_crew_says_which_paper_is_missing_and_takes_its_number(sign_in, movement):
    CorridorVersion.objects.update(evidence=["insurance"])
    field = sign_in(Role.FIELD)
    assert "Have it at hand, and write its number or date down" in page(field, movement, "movement_crew")
    without = act(field, movement, "movement_evidence", {"evidence": "insurance", "reference": " "})
    assert "This field is required" in without or "Write the number" in without
    assert "it is at hand" in act(
        field, movement, "movement_evidence", {"evidence": "insurance", "reference": "policy 12"}
    )
    assert "policy 12" in page(field, movement, "movement_crew")
    assert "asks to be shown" not in page(sign_in(Role.COORDINATOR), movement)
