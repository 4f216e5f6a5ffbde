"""The engine in SQL says of everybody what `judge()` says: on random rules, facts, hours, zones and clock changes."""

from datetime import timedelta

import pytest
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from corridors.entering import RequirementError
from corridors.enums import Certainty, RequirementSubject, SourceTier
from corridors.ledger import close_and_carry_on
from corridors.models import AtomSlot, Passage, Requirement, RequirementDraft, RequirementVersion
from corridors.rules import content_to_json, parse_content
from migrants.models import HealthTest
from returns import barriers as barriers_of
from returns import ledgers, publishing, readiness
from returns.engine import slots
from returns.engine.by_hand import bits_by_hand
from returns.engine.conditions import WORD, Numbering, conditions_of
from returns.models import CaseReadiness, ReturnCase, Waiver
from tests import strategies
from tests.cast import COMMAND, LONG_AGO, NOW
from tests.returns.conftest import PASSPORT_RULE, TEST_RULE
from tests.returns.engine_world import (
    DIRECTION,
    World,
    agree,
    another_crossing,
    barriers,
    board,
    contents,
    counted_anew,
    examples,
    forgotten,
    judged,
    people,
    periods,
    publish,
    settle,
    stored,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(crossing, group):
    return World(crossing, group)


@examples(60)
@given(drawn=people, asked=contents, barrier=barriers, new=strategies.contents, data=st.data())
def test_what_is_stored_is_what_judging_says_before_and_after_the_rules_change(
    world, *, drawn, asked, barrier, new, data
):
    with forgotten():
        (old, *_others) = settle(world, drawn, asked, **barrier)
        readiness.check(at=NOW)
        assert stored() == judged(world.people(), NOW)

        later = NOW + timedelta(minutes=5)
        begins, ends = data.draw(periods(barrier["hour"] or NOW), label="when the new rule applies")
        old.refresh_from_db()
        close_and_carry_on([old], begins, ends, known_from=later)
        publish(
            world, new, old.requirement.subject, barrier["zone"], number=2, applies=(begins, ends), known=later
        )  # fmt: skip
        readiness.check(directions=[(world.crossing.pk, *DIRECTION)], at=later)
        agree(world.people(), later)
        readiness.check(people=world.people(), at=later, facts_only=True)
        agree(world.people(), later)
        followed = board()
        assert followed == counted_anew(world.crossing)


@examples(30)
@given(drawn=people, asked=contents, barrier=barriers, result=st.sampled_from(["positive", "pending"]))
def test_counts_of_the_board_follow_facts_without_being_counted_anew(world, *, drawn, asked, barrier, result):
    with forgotten():
        settle(world, drawn, asked, **barrier)
        readiness.check(at=NOW)
        HealthTest.objects.update(result=result)
        Waiver.objects.update(valid_until=LONG_AGO)
        readiness.check(people=world.people(), at=NOW, facts_only=True)

        assert stored() == judged(world.people(), NOW)
        followed = board()
        assert followed == counted_anew(world.crossing)


def test_whoever_is_judged_for_the_first_time_is_counted_where_only_facts_were_said_to_change(world, make_person):
    person = make_person()
    ReturnCase.objects.create(number="E1", person=person, mission=person.mission, opened_at=NOW, by=COMMAND)
    readiness.check(people=[person.pk], at=NOW, facts_only=True)

    assert sum(board().values()) == 1


def test_a_rule_of_the_whole_border_is_judged_at_crossings_that_ask_the_same_and_at_others(world, make_person):
    places = [another_crossing(world, f"KZ-UZ-{number}", make_person) for number in (11, 12, 13)]
    crossings, everybody = (list(each) for each in zip(*places, strict=True))
    keys = [person.pk for people in everybody for person in people]
    publish(World(crossings[1], world.group), parse_content(PASSPORT_RULE), RequirementSubject.TRAVEL_DOCUMENT, "UTC")
    old = publish(World(None, world.group), parse_content(TEST_RULE), RequirementSubject.HEALTH_TEST, "UTC")
    readiness.check(at=NOW)

    later = NOW + timedelta(minutes=5)
    RequirementVersion.objects.filter(pk=old.pk).update(known=(LONG_AGO, later))
    shorter = parse_content({"rule": {"test": {"kinds": ["pcr"], "max_age_hours": 21}}})
    publish(World(None, world.group), shorter, old.requirement.subject, "UTC", number=2, known=later)
    summary = readiness.check(directions=[(crossing.pk, *DIRECTION) for crossing in crossings], at=later)

    assert stored() == judged(keys, later)
    assert (summary.judged, summary.changed) == (6, 6)
    assert {worst for _verdict, worst, _findings in stored().values()} == {"expiring", "missing"}
    followed = board()
    assert followed == counted_anew(*crossings)


def test_a_rule_at_one_crossing_of_many_reaches_whoever_stands_in_the_longest_queue(world, make_person):
    queued = {"hour": NOW - timedelta(hours=23, minutes=50), "queue": 24 * 60}
    place, (tested, untested) = another_crossing(world, "KZ-UZ-11", make_person, **queued)
    elsewhere = [another_crossing(world, f"KZ-UZ-{number}", make_person) for number in (12, 13)]
    publish(World(None, world.group), parse_content(PASSPORT_RULE), RequirementSubject.TRAVEL_DOCUMENT, "UTC")
    readiness.check(at=NOW)

    later = NOW + timedelta(minutes=5)
    publish(World(place, world.group), parse_content(TEST_RULE), RequirementSubject.HEALTH_TEST, "UTC", known=later)
    summary = readiness.check(directions=[(place.pk, *DIRECTION)], at=later)

    others = [person.pk for _place, people in elsewhere for person in people]
    assert stored() == judged([tested.pk, untested.pk, *others], later)
    assert (summary.judged, summary.changed) == (2, 2)


def test_whoever_stands_in_the_queue_when_a_rule_begins_is_stopped_by_it(world, make_person):
    place, (tested, untested) = another_crossing(
        world, "KZ-UZ-11", make_person, hour=NOW - timedelta(hours=1), queue=6 * 60
    )
    publish(World(place, world.group), parse_content(PASSPORT_RULE), RequirementSubject.TRAVEL_DOCUMENT, "UTC")
    readiness.check(at=NOW)

    later = NOW + timedelta(minutes=5)
    begun = publish(
        World(place, world.group), parse_content(TEST_RULE | {"exempt": {"age": {"under": 2}}}),
        RequirementSubject.HEALTH_TEST, "UTC", applies=(later, None), known=later,
    )  # fmt: skip
    readiness.check(directions=[(place.pk, *DIRECTION)], at=later)

    agree([tested.pk, untested.pk], later)
    worst = dict(CaseReadiness.objects.values_list("person_id", "worst"))
    assert worst == {tested.pk: "met", untested.pk: "expiring"}
    assert [row.person_id for row in CaseReadiness.objects.stopped_by(begun.public_id)] == [untested.pk]


def test_a_rule_for_which_a_crossing_has_no_room_is_refused_before_anybody_is_told(world, organisations):
    for subject, hours in zip(RequirementSubject.values[:3], (100, 200, 300), strict=False):
        tests = [{"test": {"kinds": ["pcr"], "max_age_hours": hours + more}} for more in range(40)]
        publish(world, parse_content({"rule": {"any": tests}}), subject, "UTC")
    draft = RequirementDraft.objects.create(
        requirement=Requirement.objects.create(
            crossing=world.crossing, from_country=DIRECTION[0], to_country=DIRECTION[1], subject=RequirementSubject.OTHER
        ),
        content=TEST_RULE, certainty=Certainty.CONFIRMED, source_tier=SourceTier.WRITTEN, source_text="order 13",
        zone="UTC", entered_at=NOW, entered_by=COMMAND, applies_from=LONG_AGO,
    )  # fmt: skip

    with pytest.raises(RequirementError, match=f"At {world.crossing.code} more would be asked"):
        publishing.publish(draft=draft, fingerprint="", by=COMMAND, at=NOW)


@examples(30)
@given(drawn=people, asked=contents, barrier=barriers, new=strategies.contents, data=st.data())
def test_a_preview_says_what_is_stored_when_the_draft_is_published(world, *, drawn, asked, barrier, new, data):
    with forgotten():
        (old, *_others) = settle(world, drawn, asked, **barrier)
        readiness.check(at=NOW)
        begins, ends = data.draw(periods(barrier["hour"] or NOW), label="when the draft applies")
        draft = RequirementDraft.objects.create(
            requirement=old.requirement, replaces=old, content=content_to_json(new), certainty=Certainty.CONFIRMED,
            source_tier=SourceTier.WRITTEN, source_text="order 13", zone=barrier["zone"], entered_at=NOW,
            entered_by=COMMAND, applies_from=begins, applies_until=ends,
        )  # fmt: skip
        seen = readiness.preview(draft, at=NOW)
        before = CaseReadiness.objects.values_list("case", "worst")
        assert {each.case: each.before for each in seen} == dict(before)

        old.refresh_from_db()
        close_and_carry_on([old], begins, ends, known_from=NOW)
        version = publish(
            world, new, old.requirement.subject, barrier["zone"], number=2, applies=(begins, ends), known=NOW
        )  # fmt: skip
        readiness.check(directions=[(world.crossing.pk, *DIRECTION)], at=NOW)
        rows = {row.case_id: row for row in CaseReadiness.objects.select_related("rule_set")}
        assert {each.case: (each.after, each.drafted) for each in seen} == {
            case: (row.worst, row.findings.get(str(version.public_id))) for case, row in rows.items()
        }


@examples(30)
@given(drawn=people, asked=contents, barrier=barriers)
def test_a_condition_that_is_asked_in_python_gets_the_bits_that_its_twin_gives(world, *, drawn, asked, barrier):
    with forgotten():
        settle(world, drawn, asked, **barrier)
        readiness.check(at=NOW)
        passage, bits = Passage.objects.get(), dict(AtomSlot.objects.values_list("atom__canonical", "bit"))
        direction = (passage.crossing_id, passage.from_country, passage.to_country)
        rules = [
            rule
            for each in slots.slices_of(ledgers.known([direction], at=NOW), (direction, ""), at=NOW)
            for rule in each.rules
        ]
        placed = barriers_of.place(Q(person__in=world.people()), at=NOW)
        hand = bits_by_hand(placed, conditions_of(rules), Numbering(bits), at=NOW)

        in_python = sum(1 << bit for text, bit in bits.items() if not text.startswith('["waived"'))
        for place, case in enumerate(hand["hand_cases"]):
            stored_row = CaseReadiness.objects.get(pk=case)
            for word, shift in (("low", 0), ("high", WORD)):
                for truth in ("true", "false", "late_true", "late_false"):
                    kept = getattr(stored_row, f"{truth}_{word}") & (in_python >> shift) & ((1 << WORD) - 1)
                    assert kept == hand[f"hand_{truth}_{word}"][place]
