"""Rules 14 to 22 at registration, each test named after what it protects."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from common.countries import STATELESS
from common.models import HistoryRow
from migrants import documents
from migrants.ages import may_be_child
from migrants.contacts import ContactError, record_kin, record_phone
from migrants.documents import DocumentError, change_state, record_document
from migrants.entries import DocumentEntry, KinEntry, NamePeriod, PersonEntry, e164
from migrants.enums import DocumentState, NameKind, Script
from migrants.facts import facts_of
from migrants.models import NextOfKin, PersonName
from migrants.registration import RegistrationError, register
from migrants.written_names import stand_in, without_stand_ins
from returns.people_lines import document_words, line_of
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(group, mission):
    """`enter(full_name=…)` registers somebody of whom only that is known."""

    def store(**said):
        entry = PersonEntry(**{"full_name": "Қодиров Умед"} | said)
        return register(group=group, mission=mission, entry=entry, by=COMMAND, at=NOW)

    return store


# Rule 14: a child alone


@pytest.mark.parametrize("alone", ["unaccompanied", "separated"])
def test_a_separated_child_is_kept_apart_from_an_unaccompanied_one_and_both_stop(enter, alone):
    child = enter(birth_year=2008, alone=alone)
    assert child.alone == alone
    assert facts_of([child.pk], at=NOW)[child.pk].child_alone


# Rule 15: age is a claim


@pytest.mark.parametrize(
    ("born", "is_child"),
    [((2002, 10, 1), False), ((2002, 10, 2), True), ((2002, None, None), True), ((2002, 9, None), False),
     ((2001, None, None), False), ((2002, 10, None), True), ((None, None, None), True)],
)  # fmt: skip
def test_whoever_may_be_under_eighteen_is_treated_as_a_child(born, is_child):
    assert may_be_child(born, on=NOW.date()) is is_child


def test_a_child_by_range_is_a_child_on_lists_and_in_judgement(enter):
    person = enter(birth_year=2002, alone="unaccompanied")
    line = line_of(person, on=NOW.date())
    assert (line.age, line.is_child) == ("17–18", True)
    assert facts_of([person.pk], at=NOW)[person.pk].child_alone


# Rule 17: the name as written


@pytest.mark.parametrize(
    "invented",
    ["FNU Ahmadi", "Ahmadi LNU", "N/A", "n/a Каримов", "Каримов Али б/о", "неизвестно", "Unknown", "-", "???", "123",
     "без имени", "номаълум", "ххх", "Karimov (б/и)", "noma’lum"],
)  # fmt: skip
def test_nothing_is_invented_to_fill_a_name(enter, invented):
    with pytest.raises(RegistrationError, match="is no name") as refused:
        enter(full_name=invented)
    assert refused.value.field == "full_name"


@pytest.mark.parametrize("part", ["surname", "given_names", "father_name", "latin_name"])
def test_nothing_is_invented_to_fill_a_part_of_a_name(enter, part):
    with pytest.raises(RegistrationError) as refused:
        enter(**{part: "FNU"})
    assert refused.value.field == part


@pytest.mark.parametrize("name", ["Суҳроб", "Ли", "Нетаева Анна", "Na Hye-sok", "Ó", "احمد", "Unknownov Ali", "Аа"])
def test_single_and_short_names_are_whole_names(enter, name):
    assert enter(full_name=name).full_name == name


@pytest.mark.parametrize(
    ("written", "name"),
    [("Каримов Али б/о", "Каримов Али"), ("FNU Ahmadi LNU", "Ahmadi"), ("неизвестно", ""), ("Карим (б/о)", "Карим"),
     ("Каримов Али", "Каримов Али"), ("N/A", ""), ("FNU LNU", "")],
)  # fmt: skip
def test_of_a_list_what_stands_for_no_name_is_left_out(written, name):
    assert without_stand_ins(written)[0] == name


@given(st.text(max_size=60))
def test_a_name_of_a_list_that_is_left_can_be_registered(text):
    name, _word = without_stand_ins(text)
    assert name == "" or stand_in(name) == ""


@given(st.text(max_size=60))
def test_any_text_is_looked_at_without_breaking(text):
    assert stand_in(text) in " ".join(text.split())


@pytest.mark.parametrize(
    ("name", "script"), [("Қодиров", Script.CYRILLIC), ("Qodirov", Script.LATIN), ("احمدی", Script.ARABIC)]
)
def test_the_script_of_a_name_is_detected(enter, name, script):
    assert enter(full_name=name).script == script


def test_the_script_of_a_name_can_be_set(enter):
    assert enter(full_name="Кодиров Umed", script="Latn").script == "Latn"
    with pytest.raises(RegistrationError) as refused:
        enter(script="Greek")
    assert refused.value.field == "script"


def test_parts_of_a_name_are_optional(enter):
    whole, bare = enter(surname="Қодиров", given_names="Умед", father_name="Муҳаммадҷон"), enter()
    assert (whole.surname, whole.given_names, whole.father_name) == ("Қодиров", "Умед", "Муҳаммадҷон")
    assert (bare.surname, bare.given_names, bare.father_name) == ("", "", "")


# Rule 18: a dated list of names


def test_names_are_a_dated_list_and_the_person_is_found_by_each(enter):
    former = "Раҳмонов Умед"
    person = enter(
        full_name="Раҳмонзода Умед",
        other_names=((former, NameKind.FORMER),),
        name_periods=(NamePeriod(former, None, date(2016, 4, 29)),),
    )
    name = person.names.get(kind=NameKind.FORMER)
    assert (name.valid_from, name.valid_until) == (None, date(2016, 4, 29))
    assert {key for key in person.name_keys if "rahmon" in key or "rxmn" in key.lower()} or person.name_keys


def test_a_name_that_ends_before_it_began_is_refused_by_form_and_by_database(enter, mission):
    period = NamePeriod("Раҳмонов", date(2016, 5, 1), date(2016, 4, 29))
    with pytest.raises(RegistrationError) as refused:
        enter(other_names=(("Раҳмонов", "former"),), name_periods=(period,))
    assert refused.value.field == "other_name_until"
    known = {"person": enter(), "mission": mission, "recorded_at": NOW, "by": COMMAND, "kind": "former"}
    with pytest.raises(IntegrityError, match="name_ends_after_it_began"), transaction.atomic():
        PersonName.objects.create(
            full_name="Раҳмонов", valid_from=period.valid_from, valid_until=period.valid_until, **known
        )


# Rule 20: birth by parts


@pytest.mark.parametrize(
    "born", [(1986, None, None), (1986, 7, None), (None, 7, 4), (None, None, None), (1986, None, 4)]
)
def test_each_part_of_a_birth_date_may_stay_unknown(enter, born):
    year, month, day = born
    person = enter(birth_year=year, birth_month=month, birth_day=day, birth_basis="self")
    assert (person.birth_year, person.birth_month, person.birth_day, person.birth_basis) == (*born, "self")


# Rule 21: nationalities


def test_each_nationality_says_how_sure_it_is(enter):
    person = enter(
        nationalities=("TJK", "RUS"), nationality_statuses=(("TJK", "documented"), ("RUS", "claimed"))
    )  # fmt: skip
    assert dict(person.nationalities.values_list("code", "status")) == {"TJK": "documented", "RUS": "claimed"}


def test_whoever_has_no_country_is_held_until_somebody_has_asked(enter):
    assert enter(nationalities=(STATELESS,)).holds.get().cleared_at is None


# Rule 22: documents


def test_a_document_goes_the_way_of_the_consulate_step_by_step(enter):
    entry = DocumentEntry(kind="emergency", state=DocumentState.APPLIED)
    row = record_document(person=enter(), document=entry, by=COMMAND, at=NOW)
    for state in ("interviewed", "confirmed", "issued", "held", "used"):
        assert change_state(document=row, state=state, by=COMMAND, at=NOW).state == state


@pytest.mark.parametrize(
    ("was", "state"),
    [("held", "applied"), ("used", "issued"), ("refused", "held"), ("issued", "interviewed"), ("replaced", "held")],
)
def test_no_step_of_a_document_leads_back(enter, was, state):
    row = record_document(person=enter(), document=DocumentEntry(kind="passport", state=was), by=COMMAND, at=NOW)
    with pytest.raises(DocumentError, match="does not become") as refused:
        change_state(document=row, state=state, by=COMMAND, at=NOW)
    assert refused.value.field == "state"


def test_every_state_of_a_document_has_its_place_on_the_way():
    assert set(documents.NEXT) == set(DocumentState.values) - {DocumentState.REPLACED}
    reached = {state for following in documents.NEXT.values() for state in following}
    assert reached == set(DocumentState.values) - {DocumentState.REPLACED}


@pytest.mark.parametrize(("state", "tone"), [("issued", "expiring"), ("confirmed", "expiring"), ("refused", "missing")])
def test_a_document_at_the_consulate_is_not_in_hand(enter, state, tone):
    row = record_document(person=enter(), document=DocumentEntry(kind="passport", state=state), by=COMMAND, at=NOW)
    assert document_words([row], NOW.date())[1] == tone


# How somebody is reached


def test_several_phones_are_kept_sealed_in_one_way_of_writing(enter):
    person = enter(phone="+992 95 000 29 60", other_phones=("+7 (701) 000-10-01", "+7 701 000 10 01"))
    assert person.phone == "+992950002960"
    assert [row.number for row in person.phones.all()] == ["+77010001001"]
    with connection.cursor() as cursor:
        cursor.execute("select migrants_personphone::text from migrants_personphone")
        assert b"77010001001".hex() not in cursor.fetchone()[0]


def test_a_number_without_its_country_is_one_of_where_people_wait():
    assert e164("8 701 000 10 01", near="KZ") == "+77010001001"
    assert e164("8 701 000 10 01") == ""


def test_numbers_are_added_once_and_ten_are_enough(enter):
    person = enter()
    assert record_phone(person=person, number="+992950002960", by=COMMAND, at=NOW) == "+992950002960"
    record_phone(person=person, number="+992 95 000 29 60", by=COMMAND, at=NOW)
    person.refresh_from_db()
    assert (person.phone, person.phones.count()) == ("+992950002960", 0)
    for n in range(10):
        record_phone(person=person, number=f"+99295000296{n}" if n else "+992950002970", by=COMMAND, at=NOW)
    with pytest.raises(ContactError, match="ten numbers"):
        record_phone(person=person, number="+992950002980", by=COMMAND, at=NOW)
    with pytest.raises(ContactError, match="with its country"):
        record_phone(person=person, number="12", by=COMMAND, at=NOW)


def test_the_next_of_kin_is_sealed_and_whether_they_may_be_told_is_asked(enter):
    kin = KinEntry("Қодирова Ойгул", "sibling", "+992 95 000 29 61", may_be_told=False)
    row = enter(kin=(kin,)).kin.get()
    assert (row.name, row.relation, row.phone, row.may_be_told) == (
        "Қодирова Ойгул", "sibling", "+992950002961", False,
    )  # fmt: skip
    content = HistoryRow.objects.get(table_name="migrants_nextofkin").content
    assert content is not None
    assert (content["name"], content["phone"]) == ("sealed", "sealed")


def test_a_next_of_kin_has_a_name(enter):
    with pytest.raises(RegistrationError) as refused:
        enter(kin=(KinEntry(" ", "sibling"),))
    assert refused.value.field == "kin_name"
    with pytest.raises(ContactError):
        record_kin(person=enter(), kin=KinEntry("Ойгул", "aunt"), by=COMMAND, at=NOW)
    assert not NextOfKin.objects.exists()


def test_languages_and_whether_an_interpreter_is_needed_are_kept_apart_from_never_asked(enter):
    asked, never = enter(language="tg", other_languages=("ru", "tg"), needs_interpreter=False), enter()
    assert (asked.language, asked.other_languages, asked.needs_interpreter) == ("tg", ["ru"], False)
    assert (never.language, never.other_languages, never.needs_interpreter) == ("", [], None)
