"""Whoever comes by a long list stands in the tables as one who was registered alone: the same rows for the same entry."""

from datetime import date

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common import many_rows
from migrants.entries import DocumentEntry, KinEntry, PersonEntry
from migrants.enums import AloneStatus, BirthBasis, DocumentKind, DocumentState, NameKind, NationalityStatus, Sex
from migrants.models import Migrant, Nationality, NextOfKin, PersonName, PersonPhone, TravelDocument
from migrants.registration import register_many
from migrants.written_names import stand_in
from tests.cast import COMMAND, NOW

OWN = {"id", "public_id", "number", "person_id"}
"""What no two rows share."""
LETTERS = st.characters(categories=("Lu", "Ll"), include_characters=" -ʻ’'", max_codepoint=0x6FF)
NAMES = st.builds(
    "Ам {}".format, st.text(LETTERS, max_size=40).filter(lambda text: "ʼ" not in text and not stand_in(f"Ам {text}"))
)
OTHERS = st.tuples(NAMES, st.sampled_from(NameKind.values))
DAYS = st.none() | st.dates(date(1990, 1, 1), date(2049, 12, 31))
DOCUMENTS = st.builds(
    DocumentEntry,
    kind=st.sampled_from(DocumentKind.values),
    state=st.sampled_from(DocumentState.values),
    number=st.text(st.sampled_from("0123456789AB \\\t№"), max_size=20),
    issuer=st.sampled_from(["", "TJK", "UZB"]),
    expires_on=DAYS,
)
ENTRIES = st.builds(
    PersonEntry,
    full_name=NAMES,
    latin_name=st.just("") | NAMES,
    other_names=st.lists(OTHERS, max_size=3).map(tuple),
    sex=st.sampled_from(Sex.values),
    birth_year=st.none() | st.integers(1930, 2020),
    birth_month=st.none() | st.integers(1, 12),
    birth_day=st.none() | st.integers(1, 31),
    birth_basis=st.sampled_from(BirthBasis.values),
    nationalities=st.lists(st.sampled_from(["TJK", "UZB", "XXA", "KGZ"]), max_size=3).map(tuple),
    nationality_status=st.sampled_from(NationalityStatus.values),
    documents=st.lists(DOCUMENTS, max_size=2).map(tuple),
    documents_asked=st.booleans(),
    family_code=st.sampled_from(["", "F1"]),
    alone=st.sampled_from(AloneStatus.values),
    language=st.sampled_from(["", "tg"]),
    phone=st.sampled_from(["", "+992950002960", "call\tme\\", "+7 701 123 45 67"]),
    other_phones=st.lists(st.sampled_from(["+998901234567", "12"]), max_size=2).map(tuple),
    note=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30),
    other_languages=st.lists(st.sampled_from(["ru", "uz", "tg"]), max_size=3).map(tuple),
    needs_interpreter=st.none() | st.booleans(),
    kin=st.lists(st.builds(KinEntry, name=NAMES, phone=st.sampled_from(["", "+992950002961"])), max_size=1).map(tuple),
)


def rows_of(person):
    """Everything that stands of a person, by column, sealed columns opened."""
    found = [_columns(Migrant.objects.get(pk=person.pk))]
    for model in (PersonName, Nationality, TravelDocument, PersonPhone, NextOfKin):
        found += [_columns(row) for row in model.objects.filter(person=person).order_by("pk")]
    return found


def _columns(row):
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {
        name: bytes(value) if isinstance(value, memoryview) else value
        for name, value in values.items()
        if name not in OWN
    }


def registered(group, entries, *, few):
    usual, many_rows.FEW = many_rows.FEW, few
    try:
        return register_many(group=group, mission=group.mission, entries=entries, by=COMMAND, at=NOW)
    finally:
        many_rows.FEW = usual


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=st.lists(ENTRIES, min_size=1, max_size=3))
def test_a_list_and_a_form_leave_the_same_rows(group, entries):
    with transaction.atomic():
        by_list = registered(group, entries, few=1)
        alone = [registered(group, [entry], few=1_000)[0] for entry in entries]
        assert [rows_of(person) for person in by_list] == [rows_of(person) for person in alone]
        transaction.set_rollback(True)
