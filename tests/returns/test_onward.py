"""What is asked at the crossings after the first stops the manifest and the buses, by the same judgement as at the first."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from corridors.enums import Certainty, SourceTier
from corridors.models import Requirement, RequirementVersion
from returns import cases, freezing, readiness
from returns.departing import stops_before_exit
from returns.enums import Verdict
from returns.models import CaseReadiness, FrozenFinding, Plan, Waiver
from returns.movements import MovementError
from returns.onward import asked_onward
from tests.cast import COMMAND, LONG_AGO, NOW
from tests.returns.conftest import PASSPORT_RULE, TEST_RULE
from tests.returns.convoy import ENTERED, FROZEN, count_one
from tests.returns.two_countries import corridor_version, panj

__all__ = ["corridor_version", "panj"]
pytestmark = pytest.mark.django_db


def asks(crossing, from_country, to_country, content, subject="health_test"):
    line = Requirement.objects.create(
        crossing=crossing, from_country=from_country, to_country=to_country, subject=subject
    )
    return RequirementVersion.objects.create(
        requirement=line, number=1, content=content, certainty=Certainty.CONFIRMED, source_tier=SourceTier.WRITTEN,
        source_text="order 12", zone="Asia/Tashkent", entered_at=LONG_AGO, entered_by=COMMAND,
        applies=(LONG_AGO, None), known=(LONG_AGO, None),
    )  # fmt: skip


def test_what_a_border_further_on_asks_stops_the_manifest_and_says_which_and_what(
    movement, panj, travellers, take_test
):
    asks(panj, "TJK", "AFG", TEST_RULE)
    asks(panj, "AFG", "TJK", PASSPORT_RULE, "travel_document")
    assert set(CaseReadiness.objects.values_list("verdict", flat=True)) == {"ready"}
    for person in travellers[1:]:
        take_test(person, NOW)
    (stop,) = freezing.stops_of(movement, at=FROZEN)
    assert stop.person == travellers[0]
    assert stop.sentence.startswith("At Panji Poyon → Sher Khan Bandar: ")
    assert "test" in stop.sentence.lower()
    take_test(travellers[0], NOW)
    manifest = freezing.freeze(movement=movement, by=COMMAND, at=FROZEN)
    kept = FrozenFinding.objects.filter(entry__manifest=manifest, requirement_version__isnull=False)
    assert list(kept.values_list("verdict", flat=True)) == ["met"] * 6


def test_a_test_that_is_too_old_at_the_second_border_counts_as_none_though_it_holds_at_the_first(
    movement, panj, crossing, travellers, take_test
):
    taken = FROZEN + timedelta(hours=3) - timedelta(hours=72)
    asks(crossing, "KAZ", "UZB", TEST_RULE)
    for person in travellers:
        take_test(person, taken)
    assert freezing.stops_of(movement, at=FROZEN) == []
    asks(panj, "TJK", "AFG", TEST_RULE)
    assert len(freezing.stops_of(movement, at=FROZEN)) == 6


def test_a_bus_does_not_leave_when_somebody_would_be_held_up_further_on(boarded, panj, travellers):
    line = asks(panj, "TJK", "AFG", TEST_RULE).requirement
    with pytest.raises(MovementError, match="held up at Panji Poyon → Sher Khan Bandar"):
        count_one(boarded, 1, "exited", FROZEN)
    assert {stop.person for stop in stops_before_exit(boarded, at=FROZEN)} == set(travellers)
    for person in travellers:
        Waiver.objects.create(
            case=person.cases.get(), mission=person.mission, requirement=line, authority=boarded.mission.organisation,
            reference="note 7", valid_until=ENTERED + timedelta(days=2), recorded_at=NOW, by=COMMAND,
        )  # fmt: skip
    assert stops_before_exit(boarded, at=FROZEN) == []


def test_the_engine_in_sql_says_the_same_of_whoever_stands_at_that_border_at_that_hour(
    movement, panj, exit_crossing, travellers, take_test
):
    group, corridor_version = movement.group, movement.corridor_version
    asks(panj, "TJK", "AFG", TEST_RULE)
    asks(exit_crossing, "UZB", "TJK", PASSPORT_RULE, "travel_document")
    for person in travellers[:3]:
        take_test(person, NOW - timedelta(hours=45))
    travellers[5].documents.all().delete()
    for leg, hours in ((0, 2), (1, 5)):
        found = asked_onward(corridor_version, [person.pk for person in travellers], at=NOW)
        border = list(corridor_version.legs.all())[leg]
        onward = {each.case.person: each.finding.verdict for each in found if each.leg.number == border.number}
        Plan.objects.update(
            crossing=border.exit, from_country=border.country, to_country=border.to_country,
            cross_at=movement.depart_at + timedelta(hours=hours),
        )  # fmt: skip
        readiness.check(at=NOW)
        stored = dict(CaseReadiness.objects.values_list("case__person", "worst"))
        assert stored == {person: verdict.value for person, verdict in onward.items()}
        Plan.objects.update(crossing=group.crossing, from_country="KAZ", to_country="UZB", cross_at=movement.depart_at)
    assert Verdict.MISSING in onward.values()


def test_as_many_queries_for_many_as_for_six(movement, panj, corridor_version, travellers, make_person):
    asks(panj, "TJK", "AFG", TEST_RULE)
    with CaptureQueriesContext(connection) as few:
        told = [each.sentence for each in asked_onward(corridor_version, [one.pk for one in travellers], at=FROZEN)]
    more = [make_person() for _ in range(20)]
    cases.open_cases(people=more, by=COMMAND, at=NOW)
    with CaptureQueriesContext(connection) as many:
        found = asked_onward(corridor_version, [one.pk for one in (*travellers, *more)], at=FROZEN)
        assert len([each.sentence for each in found]) == len(told) + 20
    assert len(many) == len(few)
