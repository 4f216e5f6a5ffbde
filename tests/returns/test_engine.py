"""The engine in SQL says of everybody what `judge()` says: on random rules, facts, hours, zones and clock changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridors.entering import RequirementError
from corridors.enums import Certainty, RequirementSubject, SourceTier
from corridors.ledger import close_and_carry_on
from corridors.models import AtomSlot, BorderCrossing, Passage, Requirement, RequirementDraft, RequirementVersion
from corridors.rules import content_to_json, parse_content
from migrants.models import (
    ChildArrangement,
    CompanyQuestion,
    Consent,
    HealthTest,
    Migrant,
    Nationality,
    Proof,
    ProtectionHold,
    TravelDocument,
    TravelGroup,
)
from returns import barriers as barriers_of
from returns import board_counts, ledgers, publishing, readiness
from returns.engine import slots
from returns.engine.by_hand import bits_by_hand
from returns.engine.conditions import WORD, Numbering, conditions_of
from returns.facts import Facts
from returns.models import BoardCount, CaseReadiness, GroupWaiver, Plan, ReturnCase, Waiver
from tests import strategies
from tests.cast import COMMAND, LONG_AGO, NOW
from tests.returns.conftest import PASSPORT_RULE, TEST_RULE

pytestmark = pytest.mark.django_db
DIRECTION = ("KAZ", "UZB")
ZONES = ("Asia/Almaty", "Asia/Tashkent", "Europe/Berlin", "UTC")
CLOCK_CHANGES = (datetime(2020, 10, 25, 0, 50, tzinfo=UTC), datetime(2021, 3, 28, 0, 50, tzinfo=UTC))
MIDNIGHT = datetime(2020, 10, 3, 17, 59, tzinfo=UTC)
"""In Almaty one minute later it is another day."""
hours = st.one_of(
    st.none(),
    st.sampled_from([*CLOCK_CHANGES, MIDNIGHT]),
    strategies.instants,
)


def examples(usual):
    """`usual` of them in every profile: each judges and stores in the database; thousands would take a quarter of an hour."""
    return settings(max_examples=usual, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True)
class Drawn:
    """One person: facts, and what `Facts` says of our own conditions in other words."""

    facts: Facts
    alone: str = "no"
    arranged: bool = False
    company_asked: bool = False
    held_against: str | None = None


people = st.lists(
    st.builds(
        Drawn,
        strategies.facts,
        st.sampled_from(["no", "no", "unaccompanied"]),
        st.booleans(),
        st.sampled_from([False, False, True]),
        st.sampled_from([None, None, "UZB", "AFG"]),
    ),
    min_size=1,
    max_size=4,
)
barriers = st.fixed_dictionaries(
    {
        "hour": hours,
        "queue": st.sampled_from([0, 30, 240]),
        "zone": st.sampled_from(ZONES),
        "excused": st.one_of(st.none(), st.none(), strategies.instants),
    }
)
contents = st.lists(strategies.contents, min_size=1, max_size=3)


def periods(hour):
    """When a rule applies: always, from the hour at the barrier on, or from or until a moment of the queue."""
    moments = [hour - timedelta(days=1), hour, *(hour + timedelta(minutes=each) for each in (15, 30, 120, 240, 300))]
    return st.one_of(
        st.just((LONG_AGO, None)),
        st.sampled_from(moments).map(lambda begins: (begins, None)),
        st.lists(st.sampled_from(moments), min_size=2, max_size=2, unique=True).map(lambda each: tuple(sorted(each))),
    )


@dataclass
class World:
    """The crossing and the group."""

    crossing: BorderCrossing | None
    group: TravelGroup

    def people(self) -> list[int]:
        return list(Migrant.objects.filter(group=self.group).values_list("pk", flat=True))


@pytest.fixture
def world(crossing, group):
    return World(crossing, group)


@contextmanager
def forgotten() -> Iterator[None]:
    """What one example makes is gone when it ends."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def publish(world, content, subject, zone, *, number=1, applies=(LONG_AGO, None), known=LONG_AGO):
    line, _made = Requirement.objects.get_or_create(
        crossing=world.crossing, from_country=DIRECTION[0], to_country=DIRECTION[1], subject=subject
    )
    return RequirementVersion.objects.create(
        requirement=line, number=number, content=content_to_json(content), certainty=Certainty.CONFIRMED,
        source_tier=SourceTier.WRITTEN, source_text="order 12", zone=zone, entered_at=known, entered_by=COMMAND,
        applies=applies, known=(known, None),
    )  # fmt: skip


def register(world, drawn, number):
    facts = drawn.facts
    person = Migrant.objects.create(
        number=f"{200_000 + number}", mission=world.group.mission, group=world.group, full_name="Шахс", latin_name="Shakhs",
        sort_key="shakhs", birth_year=facts.birth_year, birth_month=facts.birth_month, birth_day=facts.birth_day, sex="F",
        alone=drawn.alone, registered_at=NOW, recorded_at=LONG_AGO, by=COMMAND,
        documents_asked_at=None if facts.documents is None else LONG_AGO,
    )  # fmt: skip
    own = {"person": person, "mission": person.mission}
    known = {**own, "recorded_at": LONG_AGO, "by": COMMAND}
    for code in sorted(facts.nationalities):
        Nationality.objects.create(code=code, **known)
    for paper in facts.documents or ():
        TravelDocument.objects.create(kind=paper.kind, state=paper.state, expires_on=paper.expires_on, **known)
    for test in facts.tests or ():
        if test.sampled_at is not None:
            HealthTest.objects.create(kind=test.kind, result=test.result, sampled_at=test.sampled_at, **known)
    for proof in facts.proofs or ():
        if proof.begins_on is None or proof.last_on is None or proof.begins_on <= proof.last_on:
            Proof.objects.create(**{name: getattr(proof, name) for name in proof.__dataclass_fields__}, **known)
    if facts.consent_form is not None:
        Consent.objects.create(
            purpose="return", answer="yes", how="written", language="tg", form_signed=facts.consent_form,
            answered_at=LONG_AGO, **known,
        )  # fmt: skip
    if drawn.arranged:
        ChildArrangement.objects.create(
            outcome="to the aunt", best_interests_on=NOW.date(), escort="IOM", receiver="aunt", **known
        )
    if drawn.company_asked:
        CompanyQuestion.objects.create(raised_at=LONG_AGO, by=COMMAND, **own)
    if drawn.held_against:
        ProtectionHold.objects.create(against=[drawn.held_against], reason="x", set_at=LONG_AGO, set_by=COMMAND, **own)
    return ReturnCase.objects.create(number=f"E{number}", opened_at=NOW, by=COMMAND, **own)


def waive(case, line, until):
    Waiver.objects.create(
        case=case, requirement=line, mission=case.mission, reference="note 7", valid_until=until, recorded_at=NOW,
        authority=case.mission.organisation, by=COMMAND,
    )  # fmt: skip


def settle(world, drawn, asked, *, hour, queue, zone, excused=None):
    """Register everybody, publish every rule, set the plan; waivers, each person's and that of the group until `excused`, are
    of the first rule.
    """
    versions = [
        publish(world, content, subject, zone)
        for content, subject in zip(asked, RequirementSubject.values, strict=False)
    ]
    for number, each in enumerate(drawn):
        case = register(world, each, number)
        if each.facts.waived_until is not None:
            waive(case, versions[0].requirement, each.facts.waived_until)
    if excused is not None:
        GroupWaiver.objects.create(
            group=world.group, requirement=versions[0].requirement, mission=world.group.mission, reference="note 8",
            valid_until=excused, recorded_at=NOW, authority=world.group.mission.organisation, by=COMMAND,
        )  # fmt: skip
    if hour is not None:
        Plan.objects.create(
            group=world.group, mission=world.group.mission, crossing=world.crossing, from_country=DIRECTION[0],
            to_country=DIRECTION[1], cross_at=hour, local_time=hour, zone="Asia/Almaty", queue_minutes=queue, set_at=NOW,
            by=COMMAND,
        )  # fmt: skip
    return versions


def stored():
    rows = CaseReadiness.objects.select_related("rule_set")
    return {row.case_id: (row.verdict, row.worst, row.findings) for row in rows}


def agree(people, at):
    """What is stored is what judging says; what begins only when their queue is over it does not name, and stored is met."""
    said = judged(people, at)
    kept = {
        case: (verdict, worst, {key: each for key, each in findings.items() if key in said[case][2] or each != "met"})
        for case, (verdict, worst, findings) in stored().items()
    }
    assert kept == said


def board():
    rows = BoardCount.objects.exclude(people=0)
    return {(row.crossing_id, row.from_country, row.to_country, row.verdict): row.people for row in rows}


def counted_anew(*crossings):
    board_counts.refresh([(crossing.pk, *DIRECTION) for crossing in crossings])
    return board()


def judged(people, at):
    return {
        case.placed.case: (
            case.verdict.value,
            case.worst.value,
            {key: finding.verdict.value for key, finding in case.findings.items()},
        )
        for case in readiness.explain(people, at=at).cases
    }


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


def another_crossing(world, code, make_person, *, hour=NOW + timedelta(hours=20), queue=120):
    """One more crossing with a group, a plan and two people, of whom one has a test."""
    place = BorderCrossing.objects.create(code=code, modes=["road"])
    group = TravelGroup.objects.create(
        code=code, mission=world.group.mission, crossing=place, from_country=DIRECTION[0], to_country=DIRECTION[1],
        waiting_since=NOW, recorded_at=NOW, by=COMMAND,
    )  # fmt: skip
    Plan.objects.create(
        group=group, mission=group.mission, crossing=place, from_country=DIRECTION[0], to_country=DIRECTION[1],
        cross_at=hour, local_time=hour, zone="Asia/Almaty", queue_minutes=queue, set_at=NOW, by=COMMAND,
    )  # fmt: skip
    made = [make_person(in_group=group), make_person(in_group=group, born=2018)]
    for person in made:
        ReturnCase.objects.create(
            number=f"E{person.number}", person=person, mission=person.mission, opened_at=NOW, by=COMMAND
        )
    HealthTest.objects.create(
        person=made[0], mission=group.mission, kind="pcr", result="negative", sampled_at=NOW, recorded_at=NOW, by=COMMAND
    )  # fmt: skip
    return place, made


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
