"""People for the tests of history."""

import pytest

from migrants.models import Migrant, TravelGroup
from tests.access import world


@pytest.fixture
def registered(group: TravelGroup):
    """`registered(name)` registers a person of that name in the group."""

    def register(name: str, day: int = 1) -> Migrant:
        return world.registered(group, name, day)

    return register
