"""The world of the journey: a group that is ready to go (tests/returns/convoy.py), and an embassy to which some agreed."""

import pytest

from migrants.consents import disclose, record_consent
from tests.cast import COMMAND, NOW
from tests.returns.conftest import make_person
from tests.returns.convoy import boarded, corridor_version, exit_crossing, movement, travellers

__all__ = ["boarded", "corridor_version", "exit_crossing", "make_person", "movement", "travellers"]


@pytest.fixture
def embassy(organisations, travellers):
    """Four of six agreed to be shown to it."""
    given = organisations["tj-emb-uz"]
    record_consent(
        people=travellers[:4], purpose="consulate", recipient=given, answer="yes", how="written", language="tg",
        by=COMMAND, at=NOW,
    )  # fmt: skip
    disclose(people=travellers[:4], recipient=given, purpose="consulate", by=COMMAND, at=NOW)
    return given
