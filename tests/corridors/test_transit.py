"""A corridor leads over crossings that join its countries, and exists only on a request."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from common.models import AuditEntry
from corridors import transit
from corridors.models import CorridorVersion, TransitCorridor
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db


def test_naming_a_corridor_and_its_first_version_is_audited(corridor):
    assert (corridor.number, corridor.longest_transit) == (1, timedelta(hours=4))
    assert set(AuditEntry.objects.values_list("verb", flat=True)) == {"corridor named", "corridor version made"}


def test_the_next_wording_is_the_next_version_without_the_mark(corridor, organisations):
    CorridorVersion.objects.filter(pk=corridor.pk).update(requirement_changed_at=NOW)
    second = transit.make_version(
        corridor=corridor.corridor, longest_transit=timedelta(hours=5), conditions=["escort", " "], head_count_cap=102,
        requested_by=organisations["tj-emb-uz"], document_reference="Note 142", by=COMMAND, at=NOW,
    )  # fmt: skip
    assert (second.number, second.conditions, second.requirement_changed_at) == (2, ["escort"], None)
    assert list(transit.newest_versions()) == [second]


def test_a_crossing_that_does_not_lead_that_way_is_refused(crossing, oybek):
    with pytest.raises(transit.CorridorError) as refused:
        transit.make_corridor(
            code="X", name="Wrong way round", entry=oybek, exit=crossing, from_country="KAZ", transit_country="UZB",
            to_country="TJK", by=COMMAND, at=NOW,
        )  # fmt: skip
    assert (refused.value.field, refused.value.sentence) == (
        "entry", "UZ-TJ-01 does not lead that way. Choose a crossing between the two.",
    )  # fmt: skip
    assert not TransitCorridor.objects.exists()


def test_a_code_is_given_once(corridor, crossing, oybek):
    with pytest.raises(transit.CorridorError, match="KZ-TJ-A already"):
        transit.make_corridor(
            code="KZ-TJ-A", name="Again", entry=crossing, exit=oybek, from_country="KAZ", transit_country="UZB",
            to_country="TJK", by=COMMAND, at=NOW,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"longest_transit": timedelta(0)}, "longest_transit"),
        ({"longest_transit": timedelta(days=8)}, "longest_transit"),
        ({"head_count_cap": 0}, "head_count_cap"),
        ({"document_reference": " "}, "document_reference"),
    ],
)
def test_a_wording_that_cannot_be_is_refused_by_name(corridor, organisations, change, field):
    asked = {
        "corridor": corridor.corridor, "longest_transit": timedelta(hours=4), "conditions": [], "head_count_cap": 1,
        "requested_by": organisations["tj-emb-uz"], "document_reference": "Note", "by": COMMAND, "at": NOW,
    }  # fmt: skip
    with pytest.raises(transit.CorridorError) as refused:
        transit.make_version(**(asked | change))
    assert refused.value.field == field
    assert CorridorVersion.objects.count() == 1


def test_the_database_refuses_a_corridor_for_nobody(corridor):
    with pytest.raises(IntegrityError, match="corridor_cap_is_positive"), transaction.atomic():
        CorridorVersion.objects.filter(pk=corridor.pk).update(head_count_cap=0)
