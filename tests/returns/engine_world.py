"""Small worlds for the engine: drawn people, rules and barriers, written as rows, and what is stored of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from corridors.enums import Certainty, RequirementSubject, SourceTier
from corridors.models import BorderCrossing, Requirement, RequirementVersion
from corridors.rules import content_to_json
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
from returns import board_counts, readiness
from returns.facts import Facts
from returns.models import BoardCount, CaseReadiness, GroupWaiver, Plan, ReturnCase, Waiver
from tests import strategies
from tests.cast import COMMAND, LONG_AGO, NOW

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
