"""What the tests of corridors share: a way to write a change down and to publish it."""

from datetime import timedelta

import pytest

from common import clock
from corridors import requirements, transit
from corridors.enums import Certainty, RequirementSubject, SourceTier
from notifications.alerts import Told
from tests.cast import COMMAND, NOW, OYBEK, TOLD, make_crossing

RAPID = {"rule": {"test": {"kinds": ["pcr", "rapid"], "max_age_hours": 72}}, "exempt": {"age": {"under": 5}}}
PCR = {"rule": {"test": {"kinds": ["pcr"], "max_age_hours": 72}}}


@pytest.fixture
def write(crossing, organisations):
    """`write(content, **changes)` gives a draft on the line of health tests, KAZ → UZB."""

    def written(content=None, **changes):
        asked = {
            "requirement_line": (crossing, "KAZ", "UZB", RequirementSubject.HEALTH_TEST),
            "content": content or RAPID,
            "certainty": Certainty.REPORTED,
            "source_tier": SourceTier.ORAL_POST,
            "source_text": "The shift leader says so.",
            "authority": organisations["uz-border"],
            "applies_from": NOW,
            "by": COMMAND,
            "at": NOW,
        }
        return requirements.draft(**(asked | changes))

    return written


@pytest.fixture
def told(organisations):
    return [Told(organisations[code]) for code in TOLD]


@pytest.fixture
def publish(write, told):
    """`publish(content, hours=3, **changes)` writes and publishes in one go, `hours` after NOW; returns the version."""

    def published(content=None, *, hours=0, by=COMMAND, **changes):
        at = NOW + timedelta(hours=hours)
        draft = write(content, **({"at": at, "applies_from": at, "by": by} | changes))
        return requirements.publish(draft=draft, told=told, by=by, at=at).version

    return published


@pytest.fixture
def oybek(db):
    return make_crossing(*OYBEK)


@pytest.fixture
def corridor(crossing, oybek, organisations):
    """Version 1 of the four-hour way from Zhibek Zholy to Oybek."""
    way = transit.make_corridor(
        code="KZ-TJ-A", name="Zhibek Zholy to Oybek", entry=crossing, exit=oybek, from_country="KAZ",
        transit_country="UZB", to_country="TJK", by=COMMAND, at=NOW,
    )  # fmt: skip
    return transit.make_version(
        corridor=way, longest_transit=timedelta(hours=4), conditions=["sealed buses", "no stop"], head_count_cap=120,
        requested_by=organisations["tj-emb-uz"], document_reference="Note 141", by=COMMAND, at=NOW,
    )  # fmt: skip


@pytest.fixture
def four_hours_later(db):
    """Pages read the clock: it stands four hours after the demand."""
    clock.set_to(NOW + timedelta(hours=4))
