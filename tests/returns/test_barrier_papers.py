"""What the corridor asks for beside the people: an escort, a medic, two drivers, and papers to be shown at the barrier."""

from typing import Any

import pytest

from corridors.models import CorridorVersion
from returns import crew, evidence, freezing
from returns.evidence import EvidenceError
from returns.models import EvidenceGiven, ReceptionReady
from returns.movements import MovementError
from tests.cast import COMMAND, NOW
from tests.returns.convoy import FROZEN, count_all

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"by": COMMAND, "at": NOW}


def sentences(movement):
    return [stop.sentence for stop in freezing.stops_of(movement, at=FROZEN)]


def agreed(movement, **terms):
    CorridorVersion.objects.filter(pk=movement.corridor_version_id).update(**terms)
    movement.corridor_version.refresh_from_db()


def test_whom_the_corridor_asks_for_is_named_before_the_manifest_is_frozen(movement):
    agreed(movement, listed={"escort": "police", "medic": "", "two_drivers": ""})
    stops = freezing.stops_of(movement, at=FROZEN)
    assert [stop.sentence for stop in stops] == [
        "The corridor asks for an escort, and nobody is named who escorts.",
        "The corridor asks for a medic, and nobody is named.",
        *(f"The corridor asks for two drivers for each bus; Bus {n} has not two." for n in (1, 2, 3)),
    ]
    assert {stop.remedy for stop in stops} == {
        "Write them down under “Crew”, or have a version of the corridor agreed without that condition."
    }
    for role in ("escort", "medic"):
        crew.add_to_crew(movement=movement, role=role, name="N", **BY)
    for bus in movement.vehicles.all():
        for role in ("driver", "relief_driver"):
            member = crew.add_to_crew(
                movement=movement, role=role, name="N", vehicle=bus, document_kind="D", document_number="1", **BY
            )
            crew.check_paper(member=member, **BY)
    assert sentences(movement) == []


def test_a_paper_for_the_barrier_stops_the_manifest_until_it_is_at_hand(movement, organisations):
    agreed(movement, evidence=["manifest", "note", "insurance", "driver_papers", "reception"])
    asked = "The corridor asks to be shown at the barrier: "
    assert sentences(movement) == [
        f"{asked}papers of the drivers.", f"{asked}insurance.", f"{asked}confirmation that they are received."
    ]  # fmt: skip
    given = evidence.give(movement=movement, evidence="insurance", reference=" policy 12 ", **BY)
    assert evidence.give(movement=movement, evidence="insurance", reference="policy 13", **BY) == given
    assert EvidenceGiven.objects.get().reference == "policy 13"
    for bus in movement.vehicles.all():
        member = crew.add_to_crew(
            movement=movement, role="driver", name="N", vehicle=bus, document_kind="D", document_number="1", **BY
        )
        crew.check_paper(member=member, **BY)
    ReceptionReady.objects.create(
        movement=movement, organisation=organisations["tj-emb-uz"], mission=movement.mission, places=9, place="Khujand",
        ready_from=NOW, name="N", function="F", said_at=NOW, by=COMMAND,
    )  # fmt: skip
    assert sentences(movement) == []
    assert freezing.freeze(movement=movement, by=COMMAND, at=FROZEN).number == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [({"evidence": "disinfection"}, "evidence"), ({"evidence": "note"}, "evidence"), ({"reference": " "}, "reference")],
)
def test_what_nobody_asks_for_or_has_no_number_is_not_written_down(movement, said, field):
    agreed(movement, evidence=["insurance", "note"])
    with pytest.raises(EvidenceError) as refused:
        evidence.give(movement=movement, **{"evidence": "insurance", "reference": "12", **said}, **BY)
    assert (refused.value.field, EvidenceGiven.objects.count()) == (field, 0)


def test_nothing_is_written_down_once_the_buses_have_left(movement):
    freezing.freeze(movement=movement, by=COMMAND, at=FROZEN)
    movement.seats.update(boarded_at=FROZEN)
    count_all(movement, "boarded", FROZEN)
    count_all(movement, "exited", FROZEN)
    agreed(movement, evidence=["insurance"])
    with pytest.raises(MovementError, match="left"):
        evidence.give(movement=movement, evidence="insurance", reference="12", **BY)
    assert not EvidenceGiven.objects.exists()
