"""Registering people: the name as written, nothing invented, nobody twice."""

import re

import pytest
from django.conf import settings

from common.countries import STATELESS
from common.models import AuditEntry
from migrants.entries import DocumentEntry, PersonEntry, normalised_phone
from migrants.models import Family, Migrant, ProtectionHold, TravelDocument
from migrants.names.likeness import WEIGHTS
from migrants.registration import RegistrationError, match, register, register_many
from tests.cast import COMMAND, NOW

UMED = PersonEntry(
    full_name="Қодиров Умед Муҳаммадҷонович", sex="M", birth_year=1986, birth_month=7, birth_day=4,
    nationalities=("TJK",), documents=(DocumentEntry(kind="passport", number="005 966-803", issuer="TJK"),),
    phone="+992 95 000 29 60",
)  # fmt: skip


@pytest.fixture
def enter(group, mission):
    def store(*entries, **changed):
        return register_many(group=group, mission=mission, entries=entries, by=COMMAND, at=NOW, **changed)

    return store


def test_a_person_is_stored_as_written_with_a_latin_name_beside(group, mission):
    person = register(group=group, mission=mission, entry=UMED, by=COMMAND, at=NOW)
    assert person.full_name == "Қодиров Умед Муҳаммадҷонович"
    assert person.latin_name.startswith("Qodirov Umed")
    assert re.fullmatch(r"[1-9]\d{5}", person.number)
    assert (person.birth_year, person.birth_month, person.birth_day, person.sex) == (1986, 7, 4, "M")
    assert person.nationalities.get().code == "TJK"
    assert person.documents.get().number == "005 966-803"


def test_numbers_are_random_and_each_its_own(enter):
    numbers = [person.number for person in enter(*[PersonEntry(full_name=f"Name {n}") for n in range(200)])]
    assert len(set(numbers)) == 200
    assert numbers != sorted(numbers)


def test_a_document_number_is_sealed_and_found_by_its_index(enter):
    enter(UMED)
    field = TravelDocument._meta.get_field("number_index")
    found = TravelDocument.objects.get(number_index=field.digest("005966803"))
    assert b"005966803" not in bytes(found.__dict__["number"])


def test_having_no_document_is_told_from_never_asked(enter):
    asked, never = enter(PersonEntry(full_name="Asked", documents_asked=True), PersonEntry(full_name="Never"))
    assert (asked.documents_asked_at, never.documents_asked_at) == (NOW, None)


def test_people_of_one_family_code_belong_together(enter):
    one, two, other = enter(
        *[PersonEntry(full_name=n, family_code=f) for n, f in (("A", "F1"), ("B", "F1"), ("C", ""))]
    )
    assert one.family == two.family == Family.objects.get()
    assert other.family is None


def test_a_code_without_a_country_stops_every_transfer_until_cleared(enter, group):
    (person,) = enter(PersonEntry(full_name="Юсуфзода Фирдавс", nationalities=(STATELESS,)))
    hold = ProtectionHold.objects.get(person=person)
    assert set(hold.against) == {STATELESS, group.to_country}
    assert hold.set_by.kind == "task"


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (PersonEntry(full_name="  "), "full_name"),
        (PersonEntry(full_name="x" * 201), "full_name"),
        (PersonEntry(full_name="A", nationalities=("ZZZ",)), "nationalities"),
    ],
)
def test_an_entry_that_cannot_be_names_its_field_and_stores_nobody(enter, entry, field):
    with pytest.raises(RegistrationError) as caught:
        enter(UMED, entry)
    assert caught.value.field == field
    assert not Migrant.objects.exists()


def test_every_registration_has_its_audit_row(enter):
    enter(UMED, PersonEntry(full_name="Another"))
    assert AuditEntry.objects.filter(verb="person registered").count() == 2


def test_people_and_their_audit_rows_stand_or_fall_together(enter, monkeypatch):
    monkeypatch.setattr("common.audit.record_many", lambda *args, **named: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        enter(UMED)
    assert not Migrant.objects.exists()


@pytest.mark.parametrize(
    ("written", "kept"), [("+992 95 000 29 60", "+992950002960"), ("95 000 29 60", "95 000 29 60"), ("x", "x")]
)
def test_a_phone_is_kept_in_one_form_where_it_is_one(written, kept):
    assert normalised_phone(written) == kept


def test_the_same_person_in_other_letters_is_known(enter):
    enter(UMED)
    again = PersonEntry(
        full_name="KODIROV UMED", sex="M", birth_year=1986, birth_month=7, birth_day=4,
        documents=(DocumentEntry(kind="passport", number="005966803"),),
    )  # fmt: skip
    (met,) = match([again], within=Migrant.objects.living_records())
    assert met.known is not None
    assert "document_same" in {reason.code for reason in met.known.score.reasons}


def test_the_same_document_with_another_name_is_for_a_person_to_decide(enter):
    enter(UMED)
    other = PersonEntry(full_name="Назарова Зебо", documents=(DocumentEntry(kind="passport", number="005966803"),))
    (met,) = match([other], within=Migrant.objects.living_records())
    assert met.is_doubtful


def test_two_lines_of_one_list_that_look_alike_are_for_a_person_to_decide():
    met = match([UMED, UMED], within=Migrant.objects.none())
    assert [each.is_doubtful for each in met] == [False, True]
    assert met[1].twin == 0


def test_who_is_outside_the_scope_is_never_a_candidate(enter):
    enter(UMED)
    (met,) = match([UMED], within=Migrant.objects.none())
    assert met.candidates == ()


def test_a_hundred_people_cost_a_constant_number_of_statements(group, mission, django_assert_max_num_queries):
    entries = [
        PersonEntry(
            full_name=f"Name{n} Other{n}", nationalities=("TJK",), documents=(DocumentEntry("passport", number=f"A{n}"),)
        )
        for n in range(100)
    ]  # fmt: skip
    with django_assert_max_num_queries(45):
        met = match(entries, within=Migrant.objects.living_records())
        register_many(group=group, mission=mission, entries=entries, by=COMMAND, at=NOW)
    assert not any(each.known or each.is_doubtful for each in met)


def test_no_name_makes_an_offer_of_two_people_born_apart():
    for_it = max(WEIGHTS[code] for code in WEIGHTS if code.startswith("name_"))
    for_it += sum(WEIGHTS[code] for code in ("patronymic_same", "sex_same", "nationality_same"))
    assert for_it + WEIGHTS["birth_differs"] < settings.DUPLICATE_OFFERED_FROM
