"""Where the buses were counted last stands on a map, by names while they are few; without coordinates there is none."""

from datetime import timedelta

import pytest

from corridors.models import BorderCrossing
from returns.movement_picture import picture_of
from returns.road_map import road_map_of
from tests.returns.convoy import ENTERED, FROZEN, count_all, count_one

pytestmark = pytest.mark.django_db


def labels(movement, at):
    found = type(movement).objects.get(pk=movement.pk)
    drawn = road_map_of(picture_of(found, at=at))
    return drawn and [(dot.label, dot.look) for dot in drawn.dots]


def test_each_bus_stands_at_the_crossing_of_its_last_count_and_late_ones_look_so(boarded):
    assert labels(boarded, FROZEN) is None
    BorderCrossing.objects.filter(code="KZ-UZ-01").update(latitude="41.42", longitude="69.17")
    BorderCrossing.objects.filter(code="UZ-TJ-01").update(latitude="40.24", longitude="69.33")
    count_all(boarded, "exited", FROZEN)
    count_all(boarded, "entered", ENTERED)
    assert labels(boarded, ENTERED) == [("KZ-UZ-01 3 buses", "met"), ("UZ-TJ-01", "none")]
    count_one(boarded, 2, "left", ENTERED + timedelta(hours=2))
    late = ENTERED + timedelta(hours=5)
    assert labels(boarded, late) == [("KZ-UZ-01 Bus 1, Bus 3", "missing"), ("UZ-TJ-01 Bus 2", "missing")]
