"""Who has left waits at no crossing any more, and is judged no more for an hour that has come."""

from datetime import timedelta

import pytest
from django.urls import reverse

from common import clock
from partners.enums import Role
from partners.models import Interest
from returns import assessing, seating
from returns.board import board_of
from returns.halts import served_by
from returns.models import BoardCount, CaseReadiness
from tests.cast import COMMAND, NOW
from tests.returns.convoy import ENTERED, FROZEN, count_all

pytestmark = pytest.mark.django_db


def test_a_group_that_has_left_is_no_longer_counted_as_waiting(boarded, viewers):
    viewer = viewers[Role.COORDINATOR]
    assert board_of(viewer, at=FROZEN).waiting == 6
    count_all(boarded, "exited", FROZEN)
    board = board_of(viewer, at=FROZEN)
    assert (board.waiting, sum(row.people for row in BoardCount.objects.all())) == (0, 0)
    assert [moving.movement for moving in board.moving] == [boarded]
    count_all(boarded, "entered", ENTERED)
    (moving,) = board_of(viewer, at=ENTERED + timedelta(hours=1)).moving
    assert (moving.left, moving.is_late) == (timedelta(hours=3), False)


def test_whom_they_fed_is_gone_from_the_halts_of_an_organisation_and_the_group_has_waited(boarded, viewers, sign_in):
    liaison = viewers[Role.LIAISON]
    Interest.objects.update_or_create(
        organisation=liaison.organisations[0], subject=f"crossing:{boarded.group.crossing.code}",
        defaults={"serves_halt": True},
    )  # fmt: skip
    assert [halt.code for halt in served_by(liaison, at=FROZEN).halts] == [boarded.group.code]
    count_all(boarded, "exited", FROZEN)
    assert served_by(liaison, at=FROZEN).halts == ()
    clock.set_to(ENTERED)
    page = sign_in(Role.COORDINATOR).get(reverse("returns:group", args=[boarded.group.public_id])).content.decode()
    head = page.partition('class="page-head"')[2].partition("</header>")[0]
    assert "waited" in head
    assert "waiting " not in head


def test_whoever_stays_behind_goes_on_waiting(movement, travellers, viewers):
    seating.leave_out(movement=movement, people=travellers[:1], by=COMMAND, at=NOW)
    movement.exited_at = FROZEN
    movement.save(update_fields=["exited_at"])
    assert [line.groups for line in board_of(viewers[Role.FIELD], at=FROZEN).lines] == [1]


def test_the_last_judgement_stands_once_the_planned_hour_has_come_on_the_road(boarded):
    count_all(boarded, "exited", FROZEN)
    assessing.recheck_due(at=ENTERED + timedelta(hours=3))
    assert set(CaseReadiness.objects.values_list("verdict", flat=True)) == {"ready"}


def test_the_board_shows_what_is_left_of_the_transit_to_those_who_may_see_movements(boarded, sign_in):
    count_all(boarded, "exited", FROZEN)
    count_all(boarded, "entered", ENTERED)
    clock.set_to(ENTERED + timedelta(hours=3, minutes=34, seconds=30))
    assert "in transit, 25 min left" in sign_in(Role.FIELD).get("/").content.decode()
    assert "On the road" not in sign_in(Role.PROGRAMME).get("/").content.decode()
