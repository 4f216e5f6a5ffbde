"""A corridor through two countries, in the place of the convoy's own. For tests of what happens at each border."""

from datetime import timedelta

import pytest

from corridors import transit
from corridors.legs import LegWording
from tests.cast import COMMAND, NOW, PANJ, make_crossing
from tests.returns.convoy import agreed

HOUR = timedelta(hours=1)


@pytest.fixture
def panj(db):
    """Panji Poyon → Sher Khan Bandar, where the clocks differ by half an hour."""
    return make_crossing(*PANJ)


@pytest.fixture
def corridor_version(crossing, exit_crossing, panj, organisations):
    """Through Uzbekistan in two hours at most, then through Tajikistan in three."""
    corridor = transit.make_corridor(
        code="ZHIBEK-PANJ", name="Zhibek Zholy – Panji Poyon", entry=crossing, exit=panj, from_country="KAZ",
        transit_country="UZB", further_countries=["TJK"], to_country="AFG", by=COMMAND, at=NOW,
    )  # fmt: skip
    legs = [LegWording("UZB", crossing, exit_crossing, 2 * HOUR), LegWording("TJK", exit_crossing, panj, 3 * HOUR)]
    return agreed(corridor, organisations, longest_transit=HOUR, conditions=[], legs=legs)
