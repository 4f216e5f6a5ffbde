"""Facts of people at a time, in a constant number of queries."""

from datetime import date, timedelta

import pytest

from migrants.facts import KnownDocument, KnownTest, facts_of
from migrants.models import ChildArrangement, Consent, HealthTest, Nationality, ProtectionHold, TravelDocument
from tests.cast import COMMAND, NOW

HOUR = timedelta(hours=1)


@pytest.fixture
def add(group):
    def store(model, **values):
        known = {"mission": group.mission, "recorded_at": NOW, "by": COMMAND}
        return model.objects.create(**known | values)

    return store


def test_of_somebody_just_registered_nothing_is_known(person):
    facts = facts_of([person().pk], at=NOW).popitem()[1]
    assert (facts.documents, facts.tests, facts.consent_form) == (None, (), None)
    unknown = (facts.nationalities, facts.hold_against, facts.child_alone, facts.child_arranged)
    assert not any(unknown)


def test_who_was_asked_and_has_no_document_is_told_from_who_was_never_asked(person):
    assert facts_of([person(documents_asked_at=NOW).pk], at=NOW).popitem()[1].documents == ()


def test_documents_tests_and_nationalities_are_told(person, add):
    who = person()
    add(TravelDocument, person=who, kind="passport", state="held", expires_on=date(2027, 4, 1))
    add(TravelDocument, person=who, kind="passport", state="replaced")
    add(HealthTest, person=who, kind="pcr", result="negative", sampled_at=NOW - HOUR)
    add(Nationality, person=who, code="TJK")
    facts = facts_of([who.pk], at=NOW)[who.pk]
    assert facts.documents == (KnownDocument("passport", "held", date(2027, 4, 1)),)
    assert facts.tests == (KnownTest("pcr", "negative", NOW - HOUR),)
    assert facts.nationalities == {"TJK"}


def test_what_was_recorded_later_was_not_known_before(person, add):
    who = person()
    add(TravelDocument, person=who, kind="passport", recorded_at=NOW + HOUR)
    assert facts_of([who.pk], at=NOW)[who.pk].documents is None
    assert facts_of([who.pk], at=NOW + HOUR)[who.pk].documents is not None


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True),
        ({"form_signed": False}, False),
        ({"answer": "not_now"}, False),
        ({"withdrawn_at": NOW}, False),
        ({"withdrawn_at": NOW + HOUR}, True),
        ({"expires_at": NOW}, False),
        ({"purpose": "consulate"}, None),
    ],
)
def test_only_a_standing_yes_with_a_signed_form_is_consent(person, add, changed, expected):
    who = person()
    values = {"purpose": "return", "answer": "yes", "how": "written", "language": "tg", "form_signed": True}
    add(Consent, person=who, answered_at=NOW, **values | changed)
    assert facts_of([who.pk], at=NOW)[who.pk].consent_form is expected


def test_the_latest_answer_counts(person, add):
    who = person()
    for hours, answer in ((2, "yes"), (1, "no")):
        add(
            Consent, person=who, purpose="return", answer=answer, how="oral", language="tg", form_signed=True,
            answered_at=NOW - hours * HOUR,
        )  # fmt: skip
    assert facts_of([who.pk], at=NOW)[who.pk].consent_form is False


def test_holds_that_stand_are_added_up(person, group):
    who = person()
    for against, cleared_at in ((["AFG"], None), (["TJK"], None), (["UZB"], NOW)):
        ProtectionHold.objects.create(
            person=who, mission=group.mission, against=against, reason="…", set_at=NOW - HOUR, set_by=COMMAND,
            cleared_at=cleared_at, cleared_by=None if cleared_at is None else {"kind": "user", "ref": "another"},
        )  # fmt: skip
    assert facts_of([who.pk], at=NOW)[who.pk].hold_against == {"AFG", "TJK"}


@pytest.mark.parametrize(
    ("alone", "year", "expected"),
    [("unaccompanied", 2004, True), ("separated", None, True), ("unaccompanied", 1990, False), ("no", 2010, False)],
)
def test_who_may_be_a_child_and_is_alone_is_told(person, alone, year, expected):
    who = person(alone=alone, birth_year=year)
    assert facts_of([who.pk], at=NOW)[who.pk].child_alone is expected


def test_a_child_is_arranged_for_with_all_three_parts(person, add):
    whole, half = person(alone="unaccompanied"), person(alone="unaccompanied")
    for who, escort in ((whole, "aunt"), (half, "")):
        add(
            ChildArrangement, person=who, outcome="return", best_interests_on=NOW.date(), escort=escort,
            receiver="father",
        )  # fmt: skip
    facts = facts_of([whole.pk, half.pk], at=NOW)
    assert (facts[whole.pk].child_arranged, facts[half.pk].child_arranged) == (True, False)


def test_a_hundred_people_cost_no_more_queries_than_one(person, django_assert_num_queries):
    keys = [person().pk for _ in range(100)]
    with django_assert_num_queries(9):
        assert len(facts_of(keys, at=NOW)) == 100
