"""A person at the crossing, made in one line."""

from itertools import count

import pytest

from migrants.models import Migrant
from tests.cast import COMMAND, NOW

_numbers = count(100_000)


@pytest.fixture
def mission(organisations):
    return organisations["iom-kz"].offices.get()


@pytest.fixture
def person(group):
    """`person(full_name=…)` stores a migrant of the group with nothing else known."""

    def make(**changed):
        known = {
            "number": str(next(_numbers)), "mission": group.mission, "group": group, "full_name": "Қодиров Умед",
            "registered_at": NOW, "recorded_at": NOW, "by": COMMAND,
        }  # fmt: skip
        return Migrant.objects.create(**known | changed)

    return make
