"""Whom a list meets: the same people as one look-up after the other would find, in a few statements."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.people import namings
from migrants.entries import DocumentEntry, PersonEntry
from migrants.identity import candidates_for, likely, sought, sought_person
from migrants.meeting import candidates_of_all
from migrants.models import Migrant
from migrants.registration import register_many
from tests.cast import COMMAND, NOW

BIRTHS = (
    (1986, 7, 4), (1986, 4, 7), (1986, 7, 5), (1986, 9, 20), (1986, 1, 1), (1986, 7, None), (1986, None, None),
    (1968, 7, 4), (1991, 2, 2), (None, None, None), (1987, 7, 4), (1886, 7, 4), (2086, 4, 7), (1986, 9, 4),
)  # fmt: skip


def listed(*, people: int) -> list[PersonEntry]:
    """Some names, each with every birth, and all else by chance."""
    chance = random.Random(5)
    return [
        PersonEntry(
            full_name=each.full_name,
            sex=chance.choice(("M", "F", "U")),
            birth_year=year,
            birth_month=month,
            birth_day=day,
            nationalities=chance.choice(((), ("TJK",), ("UZB", "TJK"))),
            documents=chance.choice(((), (DocumentEntry("passport", number=f"40000{chance.randint(0, 9)}"),))),
        )
        for each in namings(people, seed=5)
        for year, month, day in BIRTHS
    ]


def test_a_list_meets_whom_each_of_its_people_would_meet_alone(group, django_assert_max_num_queries):
    entries = listed(people=3)
    register_many(group=group, mission=group.mission, entries=entries[::2], by=COMMAND, at=NOW)
    everybody, wanted = Migrant.objects.living_records(), [sought(entry) for entry in entries]
    with django_assert_max_num_queries(2):
        met = candidates_of_all(wanted, within=everybody)
    alone = [candidates_for([each], within=everybody)[0] for each in wanted]
    assert [[(each.person.pk, each.score.value, each.same_document) for each in found] for found in met] == [
        [(each.person.pk, each.score.value, each.same_document) for each in found] for found in alone
    ]
    assert any(met)


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.6, 0.8])
def test_the_database_leaves_nobody_out_whom_a_comparison_would_offer(group, settings, threshold, monkeypatch):
    """Whatever the threshold is set to: what cannot be offered is weighed by the same weights in both places."""
    settings.DUPLICATE_OFFERED_FROM = threshold
    monkeypatch.setattr("migrants.identity.MOST_CANDIDATES", 1000)
    entries = listed(people=8)
    register_many(group=group, mission=group.mission, entries=entries[::2], by=COMMAND, at=NOW)
    people = Migrant.objects.prefetch_related("names", "documents", "nationalities")
    pool = [(person.pk, sought_person(person)) for person in people]
    wanted = [sought(entry) for entry in entries]
    met = candidates_of_all(wanted, within=Migrant.objects.living_records())
    offered = [
        {
            pk
            for pk, other in pool
            if (each.name_keys & other.name_keys or each.digests & other.digests) and likely(each, other)
        }
        for each in wanted
    ]
    assert [{each.person.pk for each in found} for found in met] == offered
    assert any(met)


def test_nobody_outside_the_scope_is_met(group):
    entry = PersonEntry("Қодиров Умед", birth_year=1986, birth_month=7, birth_day=4)
    register_many(group=group, mission=group.mission, entries=[entry], by=COMMAND, at=NOW)
    assert candidates_of_all([sought(entry)], within=Migrant.objects.filter(pk=0)) == [[]]


def test_namesakes_with_papers_of_their_own_stay_in_the_database(group):
    """Born in one year on other days, each with a passport: nobody would be asked about them, so they are not fetched."""

    def born(month: int, day: int, number: str) -> PersonEntry:
        return PersonEntry(
            full_name="Қодиров Умед",
            sex="M",
            birth_year=1986,
            birth_month=month,
            birth_day=day,
            nationalities=("TJK",),
            documents=(DocumentEntry("passport", number=number),),
        )

    everybody = [born(month, 10 + month, f"40000{month}") for month in range(2, 7)]
    register_many(group=group, mission=group.mission, entries=everybody, by=COMMAND, at=NOW)
    with CaptureQueriesContext(connection) as asked:
        assert candidates_of_all([sought(born(9, 25, "500001"))], within=Migrant.objects.living_records()) == [[]]
    [question] = [query["sql"] for query in asked if "people_meeting" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(question)
        assert cursor.fetchall() == []
