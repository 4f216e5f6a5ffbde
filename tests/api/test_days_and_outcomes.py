"""The day of a carrier and of whoever receives, and how cases ended, over the API as on the pages."""

import pytest

from common import clock
from partners.enums import Role
from returns import arrival_needs, road_day
from returns.freezing import freeze
from tests.cast import COMMAND, NOW
from tests.returns.conftest import make_person
from tests.returns.convoy import FROZEN, corridor_version, exit_crossing, movement, travellers

__all__ = ["corridor_version", "exit_crossing", "make_person", "movement", "travellers"]
pytestmark = pytest.mark.django_db


def test_a_liaison_officer_reads_the_journeys_of_the_day_and_nobody_else_does(ask, movement, organisations, travellers):
    freeze(movement=movement, by=COMMAND, at=FROZEN)
    clock.set_to(FROZEN)
    arrival_needs.write(movement=movement, needs={"meals": 6}, by=COMMAND, at=FROZEN)
    assert ask(Role.LIAISON).get("/api/v1/day/").json() == []
    border = organisations["kz-border"]
    border.kind = "carrier"
    border.save()
    first = movement.vehicles.first()
    road_day.choose_carriers(movement=movement, carriers={first.pk: border}, by=COMMAND, at=FROZEN)
    answer = ask(Role.LIAISON).get("/api/v1/day/")
    [journey] = answer.json()
    assert journey["buses"] == [{"name": "Bus 1", "plate": "", "seats": 3, "heads": None}]
    assert (journey["is_received"], journey["heads"], journey["needs"]) == (False, None, [])
    assert not [person for person in travellers if person.full_name in answer.content.decode()]
    border.interests.update_or_create(subject="crossing:UZ-TJ-01", defaults={"serves_halt": True})
    border.country = "TJK"
    border.save()
    assert ask(Role.LIAISON).get("/api/v1/day/").json()[0]["needs"] == [{"what": "meals", "how_many": 6}]
    assert ask(Role.CONSULAR).get("/api/v1/day/").status_code == 404


def test_how_cases_ended_is_told_by_year_to_whoever_sees_the_board(ask):
    clock.set_to(NOW)
    said = ask(Role.PROGRAMME).get("/api/v1/outcomes/?year=2020").json()
    assert said["total"] == 0
    assert {row["outcome"] for row in said["ended"]} >= {"home", "hospital"}
    assert {row["cases"] for row in said["ended"]} == {0}
    assert ask(Role.PROGRAMME).get("/api/v1/outcomes/?year=1").status_code == 400
    assert ask(Role.LIAISON).get("/api/v1/outcomes/").status_code == 404
