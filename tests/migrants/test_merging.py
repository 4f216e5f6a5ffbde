"""Two records of one person: offered with reasons, decided by a human, merged whole, and undone whole."""

from datetime import timedelta

import pytest
from django.apps import apps

from common.models import AuditEntry
from migrants import merging
from migrants.entries import DocumentEntry, PersonEntry
from migrants.enums import PairState
from migrants.identity import offer_pairs
from migrants.models import Consent, DuplicatePair, HealthTest, Migrant, Nationality, ProtectionHold, TravelDocument
from migrants.registration import register_many
from returns.models import ReturnCase
from tests.cast import COMMAND, NOW

CYRILLIC = PersonEntry(
    full_name="Қодиров Умед", birth_year=1986, birth_month=7, birth_day=4, nationalities=("TJK",),
    documents=(DocumentEntry(kind="passport", number="005966803"),),
)  # fmt: skip
LATIN = PersonEntry(
    full_name="KODIROV UMED", sex="M", birth_year=1986, birth_month=7, birth_day=4, nationalities=("TJK", "KGZ"),
    documents=(DocumentEntry(kind="passport", number="005966803"),), language="tg", phone="+992950002960",
)  # fmt: skip
SISTER = PersonEntry(full_name="Қодирова Ойгул", birth_year=1988, birth_month=7, birth_day=4, nationalities=("TJK",))


@pytest.fixture
def two(group, mission):
    """One passport written twice."""
    return register_many(group=group, mission=mission, entries=[CYRILLIC, LATIN], by=COMMAND, at=NOW)


@pytest.fixture
def pair(two):
    (offered,) = offer_pairs(people=two, within=Migrant.objects.living_records(), by=COMMAND, at=NOW)
    return offered


def test_two_entries_of_one_person_are_offered_with_reasons(pair):
    assert pair.state == PairState.OPEN
    assert {"document_same", "birth_same"} <= {reason["code"] for reason in pair.reasons}


def test_siblings_are_not_offered(two, group, mission):
    sister = register_many(group=group, mission=mission, entries=[SISTER], by=COMMAND, at=NOW)
    assert offer_pairs(people=sister, within=Migrant.objects.living_records(), by=COMMAND, at=NOW) == []


def test_a_pair_is_offered_once(pair, two):
    assert offer_pairs(people=two, within=Migrant.objects.living_records(), by=COMMAND, at=NOW) == []
    assert DuplicatePair.objects.count() == 1


def test_every_key_to_a_person_of_every_app_is_moved_or_stays_for_a_reason():
    keys = {
        merging.label(field)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is Migrant
    }
    covered = {merging.label(relation) for relation in merging.relations_to_a_person()}
    assert covered == keys
    assert set(merging.STAYING) < keys
    assert all(merging.STAYING.values())


def test_a_merge_moves_everything_to_the_record_that_is_kept(pair, two, mission):
    kept, absorbed = two
    known = {"mission": mission, "recorded_at": NOW, "by": COMMAND}
    HealthTest.objects.create(person=absorbed, kind="pcr", result="negative", sampled_at=NOW, **known)
    Consent.objects.create(
        person=absorbed, purpose="return", answer="yes", how="oral", language="tg", answered_at=NOW, **known
    )
    ReturnCase.objects.create(person=absorbed, mission=mission, number="c-1", opened_at=NOW, by=COMMAND)
    ProtectionHold.objects.create(
        person=absorbed, mission=mission, against=["TJK"], reason="…", set_at=NOW, set_by=COMMAND
    )
    merging.decide(pair=pair, same=True, by=COMMAND, at=NOW)
    kept.refresh_from_db()
    assert kept.documents.count() == 2
    assert {row.code for row in kept.nationalities.all()} == {"TJK", "KGZ"}
    assert (kept.tests.count(), kept.consents.count(), kept.holds.count()) == (1, 1, 1)
    assert ReturnCase.objects.get().person == kept
    assert (kept.sex, kept.language, kept.phone) == ("M", "tg", "+992950002960")
    assert kept.names.get().full_name == "KODIROV UMED"
    assert list(Migrant.objects.living_records()) == [kept]


def test_what_both_have_stays_with_the_record_out_of_sight(pair, two, mission):
    for number, person in enumerate(two):
        ReturnCase.objects.create(person=person, mission=mission, number=f"c-{number}", opened_at=NOW, by=COMMAND)
    merging.decide(pair=pair, same=True, by=COMMAND, at=NOW)
    assert {case.person_id for case in ReturnCase.objects.all()} == {person.pk for person in two}
    assert Nationality.objects.filter(person=two[1]).get().code == "TJK"


def test_a_merge_can_be_undone_whole(pair, two, mission):
    before = [_picture(person) for person in two]
    merge = merging.decide(pair=pair, same=True, by=COMMAND, at=NOW)
    assert merge is not None
    merging.unmerge(merge=merge, why="two cousins", by=COMMAND, at=NOW + timedelta(hours=1))
    assert [_picture(person) for person in two] == before
    pair.refresh_from_db()
    assert pair.state == PairState.OPEN
    assert AuditEntry.objects.filter(verb="merge undone", why="two cousins").exists()


def _picture(person):
    person = Migrant.objects.get(pk=person.pk)
    fields = ("number", "full_name", "name_keys", "sex", "language", "phone", "merged_into_id", "birth_year")
    return (
        [getattr(person, name) for name in fields],
        sorted(TravelDocument.objects.filter(person=person).values_list("pk", flat=True)),
        sorted(Nationality.objects.filter(person=person).values_list("code", flat=True)),
        list(person.names.values_list("full_name", flat=True)),
    )


def test_both_records_have_an_audit_row_of_a_merge(pair, two):
    merging.decide(pair=pair, same=True, by=COMMAND, at=NOW)
    subjects = set(AuditEntry.objects.filter(verb__contains="person").values_list("subject", flat=True))
    assert {f"migrants.migrant:{person.public_id}" for person in two} <= subjects


def test_two_people_stay_two(pair, two):
    assert merging.decide(pair=pair, same=False, by=COMMAND, at=NOW) is None
    assert Migrant.objects.living_records().count() == 2
    pair.refresh_from_db()
    assert pair.state == PairState.DIFFERENT


def test_the_same_decision_twice_merges_once(pair):
    first = merging.decide(pair=pair, same=True, by=COMMAND, at=NOW)
    assert merging.decide(pair=pair, same=True, by=COMMAND, at=NOW) == first


def test_a_merge_is_not_overruled_without_undoing_it(pair):
    merging.decide(pair=pair, same=True, by=COMMAND, at=NOW)
    with pytest.raises(merging.MergeError):
        merging.decide(pair=pair, same=False, by=COMMAND, at=NOW)


def test_a_record_is_merged_neither_with_itself_nor_twice(pair, two, person):
    merging.decide(pair=pair, same=True, by=COMMAND, at=NOW)
    with pytest.raises(merging.MergeError):
        merging.merge(kept=person(), absorbed=two[1], by=COMMAND, at=NOW)
    with pytest.raises(merging.MergeError):
        merging.merge(kept=two[0], absorbed=two[0], by=COMMAND, at=NOW)


def test_a_merge_that_fails_leaves_nothing_half_done(pair, two, monkeypatch):
    monkeypatch.setattr("migrants.merging._keep_name", lambda *args, **named: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        merging.decide(pair=pair, same=True, by=COMMAND, at=NOW)
    assert Migrant.objects.living_records().count() == 2
    assert TravelDocument.objects.filter(person=two[1]).count() == 1
    pair.refresh_from_db()
    assert pair.state == PairState.OPEN
