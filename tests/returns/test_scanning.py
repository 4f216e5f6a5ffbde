"""At the door of a bus a slip ticks its person once; whoever it is not is named nowhere."""

import json
import uuid
from datetime import timedelta

import pytest

from common import clock
from partners.enums import Role
from returns import freezing, scanning, seating
from returns.movements import MovementError
from returns.slips import end_slips, make_slips
from tests.cast import COMMAND
from tests.returns.convoy import FROZEN, count_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def frozen(movement):
    freezing.freeze(movement=movement, by=COMMAND, at=FROZEN)
    return movement


def scan(movement, scanned, *, manifest=1, vehicle=None):
    said = {"movement": movement, "manifest": manifest, "scanned": scanned, "vehicle": vehicle}
    return scanning.board_by_slip(**said, by=COMMAND, at=FROZEN)


def ticked(movement):
    return movement.seats.filter(boarded_at__isnull=False).count()


def test_a_slip_or_its_number_ticks_one_person_once(frozen, travellers):
    slip = make_slips(people=travellers[:1], movement=frozen, by=COMMAND, at=FROZEN)[0]
    seat, is_new = scan(frozen, slip.token.lower())
    assert (seat.person, is_new) == (travellers[0], True)
    assert scan(frozen, slip.token)[1] is False
    assert scan(frozen, travellers[1].number)[1] is True
    assert ticked(frozen) == 2


def test_a_slip_of_nobody_here_of_another_bus_of_an_old_version_or_too_late_changes_nothing(
    frozen, travellers, make_person
):
    slip = make_slips(people=travellers[:1], movement=frozen, by=COMMAND, at=FROZEN)[0]
    end_slips(people=travellers[:1], by=COMMAND, at=FROZEN)
    sentences = set()
    for written in (slip.token, make_person().number, "nothing"):
        with pytest.raises(MovementError) as refused:
            scan(frozen, written)
        sentences.add(refused.value.sentence)
    assert len(sentences) == 1
    seat = frozen.seats.get(person=travellers[0])
    other = frozen.vehicles.exclude(pk=seat.vehicle_id).first()
    with pytest.raises(MovementError, match="not here"):
        scan(frozen, travellers[0].number, vehicle=other)
    seating.leave_out(movement=frozen, people=[travellers[5]], why="stays", by=COMMAND, at=FROZEN)
    freezing.freeze(movement=frozen, why="one stays", by=COMMAND, at=FROZEN)
    with pytest.raises(MovementError, match="version 2 is in force"):
        scan(frozen, travellers[0].number)
    assert ticked(frozen) == 0


def test_a_slip_that_waited_on_the_phone_keeps_its_hour_and_an_hour_that_cannot_be_is_refused(frozen, travellers):
    said = {"movement": frozen, "manifest": 1, "scanned": travellers[0].number, "by": COMMAND, "at": FROZEN}
    for hours, match in ((1, "lies in the future"), (-25, "more than a day ago")):
        with pytest.raises(MovementError, match=match):
            scanning.board_by_slip(**said, scanned_at=FROZEN + timedelta(hours=hours))
    assert ticked(frozen) == 0
    seat, _is_new = scanning.board_by_slip(**said, scanned_at=FROZEN - timedelta(minutes=40))
    seat.refresh_from_db()
    assert seat.boarded_at == FROZEN - timedelta(minutes=40)


def test_nobody_boards_by_a_slip_once_the_buses_have_left(boarded, travellers):
    count_all(boarded, "exited", FROZEN)
    with pytest.raises(MovementError, match="have left"):
        scan(boarded, travellers[0].number)


def test_a_phone_sends_a_slip_twice_and_a_reader_types_it_into_the_page(frozen, travellers, sign_in):
    clock.set_to(FROZEN)
    field, address = sign_in(Role.FIELD), f"/movements/{frozen.public_id}/scan/"
    early = FROZEN - timedelta(minutes=5)
    body = {"client_id": str(uuid.uuid4()), "manifest": 1, "vehicle": "", "scanned": travellers[0].number}
    body["counted_at"] = early.isoformat().replace("+00:00", ".000Z")
    for status in (201, 200):
        answer = field.post(address, json.dumps(body), content_type="application/json")
        assert (answer.status_code, answer.json()["client_id"]) == (status, body["client_id"])
    assert frozen.seats.get(person=travellers[0]).boarded_at == early
    wrong = field.post(address, json.dumps({**body, "scanned": "nobody"}), content_type="application/json")
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["scanned"])
    assert field.post(address, "[", content_type="application/json").status_code == 422
    page = field.post(address, {**body, "scanned": travellers[1].number}, follow=True)
    assert travellers[1].full_name in page.content.decode()
    assert field.post(address, {**body, "scanned": "nobody"}).status_code == 422
    assert ticked(frozen) == 2


def test_one_page_alone_may_use_the_camera(frozen, sign_in):
    field = sign_in(Role.FIELD)
    said = field.get(f"/movements/{frozen.public_id}/scan/")["Permissions-Policy"]
    assert "camera=(self)" in said
    assert "microphone=()" in said
    assert "camera=()" in field.get(f"/movements/{frozen.public_id}/boarding/")["Permissions-Policy"]
