"""A list is compared with everybody when it is read, and with whoever came since when it is stored."""

import io

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from migrants.entries import PersonEntry
from migrants.models import Migrant
from migrants.registration import register
from returns import manifests
from tests.cast import COMMAND, NOW

EVERYBODY = Migrant.objects.living_records()
LIST = "Full name;Sex;Birth date;Nationality\nҚодиров Умед;m;04.07.1986;Tajikistan\nСафаров Зафар;m;05.08.1991;Tajikistan\n"
UMED = PersonEntry("Qodirov Umed", sex="M", birth_year=1986, birth_month=7, birth_day=4, nationalities=("TJK",))


@pytest.fixture
def staged(transactional_db, group):
    def stage():
        with transaction.atomic():
            content = LIST.encode()
            return manifests.stage(
                group=group, mission=group.mission, file=io.BytesIO(content), name="list.csv", size=len(content),
                within=EVERYBODY.all(), by=COMMAND, at=NOW,
            )  # fmt: skip

    return stage


def confirm(upload):
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        manifests.confirm(upload=upload, decisions={}, within=EVERYBODY.all(), by=COMMAND, at=NOW)
    return [query["sql"] for query in asked if "people_meeting" in query["sql"]]


def arrive(group):
    with transaction.atomic():
        return register(group=group, mission=group.mission, entry=UMED, by=COMMAND, at=NOW)


def test_where_nobody_came_since_nobody_is_compared_again(staged):
    upload = staged()
    assert not confirm(upload)
    assert Migrant.objects.count() == 2


def test_whoever_came_since_is_met(staged, group):
    upload = staged()
    arrive(group)
    assert not confirm(upload), "only the one who came is compared"
    assert Migrant.objects.count() == 2
    assert upload.rows.get(row_number=2).outcome == "decide"


def test_whoever_was_changed_since_is_met(staged, group):
    other = arrive(group)
    with transaction.atomic():
        Migrant.objects.filter(pk=other.pk).update(birth_year=1950, name_keys=[])
    upload = staged()
    assert upload.rows.get(row_number=2).outcome == "create"
    with transaction.atomic():
        Migrant.objects.filter(pk=other.pk).update(birth_year=1986)
        Migrant.objects.filter(pk=other.pk).update(name_keys=["kdr umd"])
    confirm(upload)
    assert upload.rows.get(row_number=2).outcome == "decide"


def test_a_row_that_met_somebody_is_compared_with_everybody_again(staged, group):
    arrive(group)
    upload = staged()
    assert confirm(upload)
    assert Migrant.objects.count() == 2


def test_whoever_reaches_others_compares_with_everybody(staged):
    upload = staged()
    upload.compared["look"]["reach"] = "another"
    upload.save()
    assert confirm(upload)
    assert Migrant.objects.count() == 2


def test_after_too_many_changes_everybody_is_compared(staged, group, monkeypatch):
    monkeypatch.setattr("migrants.changed.MOST_CHANGED", 0)
    upload = staged()
    arrive(group)
    assert confirm(upload)
    assert Migrant.objects.count() == 2
