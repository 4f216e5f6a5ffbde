"""Pairs are compared anew when something of a person changes: new ones offered, those that no longer hold closed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from common.models import AuditEntry
from migrants import merging
from migrants.comparing import compare_again
from migrants.corrections import correct, fingerprint_of, identity_of
from migrants.documents import record_document
from migrants.entries import DocumentEntry, PersonEntry
from migrants.enums import NameKind, PairState
from migrants.identity import offer_pairs
from migrants.models import DuplicatePair, Migrant
from migrants.registration import register_many
from tests.cast import COMMAND, NOW

LATER = NOW + timedelta(hours=1)
EVERYBODY = Migrant.objects.living_records()


def entry(full_name, **more):
    return PersonEntry(full_name=full_name, birth_year=1986, birth_month=7, birth_day=4, **more)


@pytest.fixture
def two(group, mission):
    entries = [entry("Қодиров Умед"), entry("Kodirov Umed")]
    rows = register_many(group=group, mission=mission, entries=entries, by=COMMAND, at=NOW)
    offer_pairs(people=rows, within=EVERYBODY.all(), by=COMMAND, at=NOW)
    return rows


def corrected(person, name_was=NameKind.MISTAKEN, **right):
    rightly = replace(identity_of(person), **right)
    person, _changed = correct(
        person=person, right=rightly, name_was=name_was, seen=fingerprint_of(person), by=COMMAND, at=LATER
    )
    return compared(person)


def compared(*people):
    return compare_again(people=people, within=EVERYBODY.all(), by=COMMAND, at=LATER)


def test_a_pair_that_no_longer_holds_is_closed_and_the_record_says_so(two):
    corrected(two[1], birth_year=1999, birth_month=1, birth_day=20)

    pair = DuplicatePair.objects.get()
    assert (pair.state, pair.decided_at, pair.decided_by) == (PairState.UNLIKELY, LATER, COMMAND)
    assert AuditEntry.objects.filter(verb="pair no longer likely").count() == 1


def test_a_name_that_was_a_mistake_no_longer_makes_a_pair_but_a_former_one_does(two):
    corrected(two[1], full_name="Сангинов Бежан", latin_name="")
    assert DuplicatePair.objects.get().state == PairState.UNLIKELY

    corrected(two[0], NameKind.FORMER, full_name="Раҳимов Умед", latin_name="")
    corrected(Migrant.objects.get(pk=two[1].pk), full_name="Kodirov Umed", latin_name="")
    assert DuplicatePair.objects.get().state == PairState.OPEN


def test_a_pair_that_holds_again_is_offered_again_with_its_new_reasons(two):
    corrected(two[1], birth_year=1999, birth_month=1, birth_day=20)
    (again,) = corrected(Migrant.objects.get(pk=two[1].pk), birth_year=1986, birth_month=4, birth_day=7)

    assert (again.state, again.decided_at, again.found_at) == (PairState.OPEN, None, LATER)
    assert "birth_swapped" in {reason["code"] for reason in again.reasons}


def test_a_document_makes_a_pair_that_nobody_saw(two, group, mission):
    (other,) = register_many(
        group=group, mission=mission, by=COMMAND, at=NOW,
        entries=[entry("Раҳимов Умед", documents=(DocumentEntry("passport", number="005966803"),))],
    )  # fmt: skip
    assert compared(other) == []

    record_document(person=two[0], document=DocumentEntry("passport", number="005 966 803"), by=COMMAND, at=LATER)
    (pair,) = compared(two[0])
    assert {pair.first_id, pair.second_id} == {two[0].pk, other.pk}


def test_what_was_decided_stays_decided(two):
    merging.decide(pair=DuplicatePair.objects.get(), same=False, by=COMMAND, at=NOW)

    assert corrected(two[1], birth_year=1999) == []
    assert corrected(Migrant.objects.get(pk=two[1].pk), birth_year=1986) == []
    assert DuplicatePair.objects.get().state == PairState.DIFFERENT


def test_nobody_outside_what_the_actor_sees_is_offered(two, group, mission):
    (third,) = register_many(group=group, mission=mission, entries=[entry("Кодиров Умед")], by=COMMAND, at=NOW)
    within = Migrant.objects.filter(pk=third.pk)

    assert compare_again(people=[third], within=within, by=COMMAND, at=LATER) == []


def test_whoever_was_written_with_initials_meets_the_whole_name(group, mission):
    short, whole = register_many(
        group=group, mission=mission, by=COMMAND, at=NOW,
        entries=[entry("Кодиров У."), entry("Қодиров Умед")],
    )  # fmt: skip

    (pair,) = compared(whole)
    assert {pair.first_id, pair.second_id} == {short.pk, whole.pk}


def test_a_letter_that_was_written_wrongly_still_makes_a_pair(two, group, mission):
    (wrong,) = register_many(group=group, mission=mission, entries=[entry("Кодилов Умед")], by=COMMAND, at=NOW)
    assert not any(pair.state != PairState.OPEN for pair in compared(wrong))
