"""Searching: whom somebody means, by any clue in any script, and why each is shown."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrants.entries import DocumentEntry, PersonEntry
from migrants.models import Migrant
from migrants.registration import register_many
from migrants.searching import MOST, search
from tests.cast import COMMAND, NOW

UMED = PersonEntry(
    full_name="Қодиров Умед Раҳимович", birth_year=1986, sex="M", phone="+992 935 55 01 42",
    other_phones=("+7 701 555 01 42",),
    documents=(DocumentEntry("passport", number="AC 005966803"),),
)  # fmt: skip
NAMESAKE = PersonEntry(full_name="Кодиров Умед Сафарович", birth_year=1991, sex="M")
OTHERS = [
    PersonEntry(full_name=name)
    for name in ("Жақыпов Ерлан", "O‘tkir G‘ulomov", "Абдураҳмон Холов", "رحمانی احمد", "Намуна", "Кодирова Ойгул")
]


@pytest.fixture
def people(group, mission):
    rows = register_many(group=group, mission=mission, entries=[UMED, NAMESAKE, *OTHERS], by=COMMAND, at=NOW)
    return {row.full_name: row for row in rows}


def found(asked):
    names = dict(Migrant.objects.values_list("pk", "full_name"))
    return [(names[each.pk], set(each.why)) for each in search(asked=asked, within=Migrant.objects.living_records())]


@pytest.mark.parametrize(
    ("asked", "name", "why"),
    [
        ("Qodirov Umed Rahimovich", UMED.full_name, "same"),
        ("umed kodirov", NAMESAKE.full_name, "same"),
        ("KADYROV UMED", UMED.full_name, "spelling"),
        ("Қодирзода Умед", UMED.full_name, "ending"),
        ("Қодиров Умедҷон", UMED.full_name, "called"),
        ("Кодиров У.", NAMESAKE.full_name, "initial"),
        ("Jakupov Yerlan", "Жақыпов Ерлан", "spelling"),
        ("Уткир Гуломов", "O‘tkir G‘ulomov", "spelling"),
        ("Abdu Rahmon Kholov", "Абдураҳмон Холов", "same"),
        ("Rahmani Ahmad", "رحمانی احمد", "spelling"),
        ("Abdurahman Holov", "Абдураҳмон Холов", "spelling"),
        ("Абдурахмом Холов", "Абдураҳмон Холов", "close"),
        ("Namuna", "Намуна", "single"),
        ("одиров Ум", UMED.full_name, "part"),
        ("+992935550142", UMED.full_name, "phone"),
        ("992 93 555 01 42", UMED.full_name, "phone"),
        ("+7 701 555 01 42", UMED.full_name, "phone"),
        ("ac005966803", UMED.full_name, "document"),
        ("АС 005966803", UMED.full_name, "document"),  # in Cyrillic letters
        ("ас-005 966 803", UMED.full_name, "document"),
        ("№ AC/005966803", UMED.full_name, "document"),
        ("ＡＣ００５９６６８０３", UMED.full_name, "document"),
        ("AC ۰۰۵۹۶۶۸۰۳", UMED.full_name, "document"),
        ("8 10 992 935-55-01-42", UMED.full_name, "phone"),
        ("8 (701) 555-01-42", UMED.full_name, "phone"),
        ("93 555 01 42", UMED.full_name, "phone"),
        ("00992 935550142", UMED.full_name, "phone"),
    ],
)
def test_a_person_is_found_and_it_is_said_why(people, asked, name, why):
    lines = dict(found(asked))

    assert why in lines[name], lines


def test_a_person_is_found_by_the_number_that_is_called(people):
    umed = people[UMED.full_name]

    assert found(umed.number) == [(umed.full_name, {"number"})]


def test_a_part_of_a_number_or_document_finds_nobody(people):
    assert found("00596680") == []
    assert found(people[UMED.full_name].number[:5]) == []


def test_a_year_beside_the_name_puts_those_first_who_were_born_in_it(people):
    assert found("Кодиров Умед 1986")[0] == (UMED.full_name, {"same", "born"})
    assert found("Кодиров Умед 1991")[0][0] == NAMESAKE.full_name


def test_the_father_tells_namesakes_apart(people):
    assert found("Кодиров Умед Сафарович")[0] == (NAMESAKE.full_name, {"same", "patronymic"})
    assert found("Qodirov Umed Rahim o‘g‘li")[0][0] == UMED.full_name


def test_a_sister_stands_behind_whom_was_meant(people):
    names = [name for name, _why in found("Qodirov Umed")]

    assert names.index(UMED.full_name) == 0 or names.index(NAMESAKE.full_name) == 0


def test_whoever_is_merged_into_another_is_not_shown(people):
    umed, namesake = people[UMED.full_name], people[NAMESAKE.full_name]
    Migrant.objects.filter(pk=namesake.pk).update(merged_into=umed)

    assert [name for name, _why in found("Kodirov Umed")] == [UMED.full_name]


def test_no_more_are_shown_than_somebody_reads(group, mission):
    entries = [PersonEntry(full_name=f"Назаров Далер {father}ович") for father in "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШ"]
    register_many(group=group, mission=mission, entries=entries, by=COMMAND, at=NOW)

    assert len(found("Nazarov Daler")) == MOST


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(asked=st.text(max_size=60) | st.text(alphabet="Қодиров Умед'‘0123+%_\\.-", max_size=40))
def test_whatever_is_asked_is_answered(people, asked):
    assert len(search(asked=asked, within=Migrant.objects.living_records())) <= MOST
