"""Business time can be moved only in a demonstration."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from common import clock
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def test_the_demonstration_clock_moves_and_runs_on(settings):
    settings.DEMO_CLOCK = True
    assert abs(clock.set_to(NOW) - NOW) < timedelta(seconds=5)
    assert abs(clock.advance(timedelta(minutes=25)) - NOW - timedelta(minutes=25)) < timedelta(seconds=5)
    assert clock.real_now().year > 2020


def test_a_real_place_refuses_to_move_its_clock(settings):
    settings.DEMO_CLOCK = False
    with pytest.raises(clock.ClockError, match="DEMO_CLOCK"):
        clock.set_to(NOW)


@pytest.mark.parametrize(("moment", "zone"), [("yesterday", "Asia/Almaty"), ("2020-10-01T09:00", "Asia/Nowhere")])
def test_the_command_names_what_it_cannot_read(settings, moment, zone):
    settings.DEMO_CLOCK = True
    with pytest.raises(CommandError, match=r"yesterday|Asia/Nowhere"):
        call_command("clock", "set", moment, zone)
