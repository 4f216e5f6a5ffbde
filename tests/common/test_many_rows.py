"""Many rows are stored as one by one, sealed fields, arrays, defaults and history among them."""

from datetime import date
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from common import many_rows
from common.many_rows import among, as_array, read_many, store_many
from common.models import AuditEntry, HistoryRow
from migrants.enums import DocumentKind
from migrants.identity import digest_of
from migrants.models import Migrant, TravelDocument
from partners.models import Channel
from tests.cast import COMMAND, NOW


@pytest.fixture
def many(monkeypatch):
    monkeypatch.setattr(many_rows, "FEW", 1)


def person(group, number, **given):
    known = {"mission": group.mission, "group": group, "registered_at": NOW, "recorded_at": NOW, "by": COMMAND}
    return Migrant(number=number, full_name=f"Safar {number}", **known | given)


def what_stands(people):
    return [
        (
            each.number, each.full_name, each.name_keys, each.birth_year, each.phone, each.phone_index, each.note,
            each.other_languages, each.by, each.registered_at, each.group_id, each.needs_interpreter, each.script,
        )
        for each in Migrant.objects.filter(pk__in=[each.pk for each in people]).order_by("number")
    ]  # fmt: skip


def test_they_stand_as_if_stored_one_by_one(group, many, monkeypatch):
    given: list[dict[str, Any]] = [
        {"phone": "+992950002960", "name_keys": ["kdr umd", "u"], "birth_year": 1986, "note": "кр\tov\n\\N"},
        {"other_languages": ["ru", "uz"], "needs_interpreter": True},
        {"name_keys": []},
    ]
    copied = store_many([person(group, f"{place}00", **each) for place, each in enumerate(given, 1)])
    copies = what_stands(copied)
    Migrant.objects.all().delete()
    for place, each in enumerate(given, 1):
        person(group, f"{place}00", **each).save()
    alone = what_stands(Migrant.objects.all())
    assert [row[:5] + row[6:] for row in copies] == [row[:5] + row[6:] for row in alone]
    assert [bytes(row[5] or b"") for row in copies] == [bytes(row[5] or b"") for row in alone]


def test_each_has_its_own_key_and_its_history(group, many):
    people = store_many([person(group, str(number)) for number in (7, 5, 6)])
    assert [Migrant.objects.get(pk=each.pk).number for each in people] == ["7", "5", "6"]
    kept = HistoryRow.objects.filter(table_name="migrants_migrant", row_id__in=[each.pk for each in people])
    assert kept.count() == 3


def test_what_is_sealed_stays_sealed_and_is_found(group, many):
    (bearer,) = store_many([person(group, "1")])
    document = TravelDocument(
        person=bearer, mission=group.mission, kind=DocumentKind.PASSPORT, number="0059 66803", recorded_at=NOW, by=COMMAND,
        expires_on=date(2029, 12, 31),
    )  # fmt: skip
    store_many([document])
    found = TravelDocument.objects.get(number_index=digest_of("005966803"))
    assert (found.number, found.expires_on, found.public_id) == ("0059 66803", date(2029, 12, 31), document.public_id)


def test_a_text_that_is_too_long_is_refused_and_not_cut(group, many):
    with pytest.raises(DataError), transaction.atomic():
        store_many([person(group, "1", surname="a" * 101)])
    assert not Migrant.objects.exists()


def test_what_the_table_refuses_is_refused(group, many):
    with pytest.raises(IntegrityError), transaction.atomic():
        store_many([person(group, "1"), person(group, "1")])
    assert not Migrant.objects.exists()


def test_nothing_is_stored_of_nothing():
    assert store_many([]) == []


def test_rows_without_a_number_of_their_own_are_stored_too(many, db):
    with transaction.atomic():
        store_many([AuditEntry(at=NOW, verb=verb, subject="a.b:1", by=COMMAND) for verb in ("seen", "heard")])
    assert sorted(AuditEntry.objects.filter(subject="a.b:1").values_list("verb", flat=True)) == ["heard", "seen"]


def test_rows_are_read_as_the_models_that_a_query_gives(organisations):
    rows = Channel.objects.order_by("pk")
    plain, fast = list(rows.select_related("contact")), read_many(rows, beside="contact")
    fields = [field.attname for field in Channel._meta.concrete_fields]
    assert [[getattr(row, name) for name in fields] for row in fast] == [
        [getattr(row, name) for name in fields] for row in plain
    ]
    assert [row.contact.function for row in fast] == [row.contact.function for row in plain]
    assert {type(row.phone) for row in fast} == {type(row.phone) for row in plain}
    fast[0].rank = 7
    fast[0].save()
    assert Channel.objects.get(pk=fast[0].pk).rank == 7
    assert {row.pk for row in rows.filter(pk__in=among(row.pk for row in fast[:2]))} == {row.pk for row in fast[:2]}


@pytest.mark.parametrize(
    "values",
    [[], [1, 2], ["a", "", "NULL", "{x}", 'he said "no"', "C:\\n", "a,b", "ғ 'ӣ'"], ['"', "\\"], [True, False]],
)
def test_an_array_comes_back_as_it_was_told(db, values):
    kind = {int: "bigint", bool: "boolean"}.get(type(values[0]) if values else str, "text")
    with connection.cursor() as cursor:
        cursor.execute(f"select array(select unnest(%s::{kind}[]))", [as_array(values)])
        assert cursor.fetchone() == (values,)
