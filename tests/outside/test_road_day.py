"""A carrier and the country of arrival see what they need for the day, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from common import clock
from migrants.models import HeadCount
from partners.enums import OrganisationKind, Role
from partners.models import Office, Organisation
from returns import road_day
from tests.cast import COMMAND, NOW, make_account, sign_in_as
from tests.returns.convoy import ENTERED, FROZEN, count_one
from tests.two_worlds.journey import the_region

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"by": COMMAND, "at": NOW}


@pytest.fixture
def carrier(organisations):
    made = Organisation.objects.create(code="bus-kz", kind=OrganisationKind.CARRIER, country="KAZ", name_en="A carrier")
    Office.objects.create(organisation=made, name="A carrier", zone="Asia/Almaty")
    return made


def test_a_carrier_sees_its_own_bus_and_no_other(movement, travellers, carrier):
    first = movement.vehicles.get(rank=1)
    clock.set_to(FROZEN)
    driver = sign_in_as(make_account(Role.LIAISON, carrier))
    assert "Bus 1" not in driver.get("/day/").content.decode()
    assert road_day.choose_carriers(movement=movement, carriers={first.pk: carrier}, **BY) == 1
    page = driver.get("/day/").content.decode()
    assert "Bus 1" in page
    assert "Bus 2" not in page
    assert "no stop" in page
    assert not any(person.full_name in page for person in travellers)
    clock.set_to(movement.depart_at + timedelta(days=1, minutes=1))
    assert "Bus 1" not in driver.get("/day/").content.decode()


def test_the_country_of_arrival_sees_heads_as_they_were_counted_and_no_bus(boarded, carrier):
    HeadCount.objects.create(
        group=boarded.group, mission=boarded.mission, counted_at=NOW, recorded_at=NOW, total=7, by=COMMAND
    )
    [journey] = road_day.journeys_of([the_region()], at=FROZEN)
    assert (journey.heads, journey.buses, journey.is_received) == (6, (), True)
    count_one(boarded, 1, "exited", ENTERED, heads=1)
    [journey] = road_day.journeys_of([Organisation.objects.get(code="tj-region")], at=FROZEN)
    assert journey.heads == 5
    assert road_day.journeys_of([carrier], at=FROZEN) == []


def test_only_a_carrier_drives_and_the_coordinator_says_which_bus(movement, organisations, carrier, sign_in):
    first = movement.vehicles.get(rank=1)
    with pytest.raises(road_day.CarrierError, match="Only a carrier"):
        road_day.choose_carriers(movement=movement, carriers={first.pk: organisations["kz-border"]}, **BY)
    address = f"/movements/{movement.public_id}/carriers/"
    coordinator = sign_in(Role.COORDINATOR)
    assert "nobody yet" in coordinator.get(address).content.decode()
    assert coordinator.post(address, {f"bus-{first.public_id}": "kz-border"}).status_code == 422
    assert coordinator.post(address, {f"bus-{first.public_id}": "bus-kz"}).status_code == 302
    first.refresh_from_db()
    assert first.carrier == carrier
