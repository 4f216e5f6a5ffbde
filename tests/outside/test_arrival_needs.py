"""What has to stand ready where a group arrives: in numbers, for whoever receives, and for nobody else."""

from typing import Any

import pytest

from common import clock
from common.models import AuditEntry
from partners.enums import OrganisationKind, Role
from partners.models import Organisation
from returns import arrival_needs, movements, reception, road_day
from returns.enums import JourneyPaper
from returns.freezing import freeze
from returns.movement_papers import Wanted, print_for
from tests.cast import COMMAND, make_account, sign_in_as
from tests.papers.reading import text_of
from tests.returns.convoy import FROZEN
from tests.two_worlds.journey import the_region

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"by": COMMAND, "at": FROZEN}
READY: dict[str, Any] = {
    "places": 40, "place": "School 4", "transport": "", "ready_from": FROZEN, "name": "R. Karimov", "function": "attaché",
}  # fmt: skip


@pytest.fixture
def coming(movement):
    """Frozen, and two people who lie need a place each."""
    freeze(movement=movement, by=COMMAND, at=FROZEN)
    clock.set_to(FROZEN)
    return arrival_needs.write(movement=movement, needs={"stretcher": 2, "meals": 0}, **BY)


def notice(coming, to):
    wanted = Wanted(JourneyPaper.ADVANCE_NOTICE, to, "tg", "arrival")
    return text_of(print_for(movement=coming, wanted=wanted, **BY)[0].content)


def test_a_coordinator_writes_numbers_and_only_those_that_are_needs(coming, sign_in):
    address = f"/movements/{coming.public_id}/needs/"
    coordinator = sign_in(Role.COORDINATOR)
    assert coordinator.post(address, {"interpreter": "1", "meals": "90"}).status_code == 302
    coming.refresh_from_db()
    assert coming.arrival_needs == {"interpreter": 1, "meals": 90}
    assert "Interpreters" in coordinator.get(f"/movements/{coming.public_id}/announce/").content.decode()
    assert coordinator.post(address, {"meals": "-1"}).status_code == 422
    for needs, field in (({"fear": 1}, "needs"), ({"meals": 1001}, "meals")):
        with pytest.raises(arrival_needs.ArrivalNeedError) as refused:
            arrival_needs.write(movement=coming, needs=needs, **BY)
        assert refused.value.field == field
    movements.call_off(movement=coming, why="no bus", **BY)
    with pytest.raises(arrival_needs.ArrivalNeedError, match="not on its way"):
        arrival_needs.write(movement=coming, needs={"meals": 1}, **BY)
    assert AuditEntry.objects.filter(verb="needs at the arrival written down").count() == 2


def test_an_embassy_sees_them_once_it_has_said_that_it_is_ready(coming, organisations, sign_in):
    embassy, consul = organisations["tj-emb-uz"], sign_in(Role.CONSULAR)
    address = f"/incoming/{coming.public_id}/"
    assert "Places for people lying down" not in consul.get(address).content.decode()
    assert "омода бошад" not in notice(coming, embassy)
    reception.confirm(movement=coming, organisation=embassy, **READY, **BY)
    assert "Places for people lying down" in consul.get(address).content.decode()
    assert "Ҷойҳо барои хобидагон 2" in notice(coming, embassy)


def test_whoever_serves_the_halt_of_arrival_sees_them_on_its_day_and_a_carrier_does_not(coming):
    region = the_region()
    carrier = Organisation.objects.create(
        code="bus-kz", kind=OrganisationKind.CARRIER, country="KAZ", name_en="Coaches"
    )
    first = coming.vehicles.first()
    road_day.choose_carriers(movement=coming, carriers={first.pk: carrier}, **BY)
    assert [journey.needs for journey in road_day.journeys_of([region], at=FROZEN)] == [
        (("places for people lying down", 2),)
    ]
    assert [journey.needs for journey in road_day.journeys_of([carrier], at=FROZEN)] == [()]
    page = sign_in_as(make_account(Role.LIAISON, region)).get("/day/").content.decode()
    assert "Places for people lying down" in page
