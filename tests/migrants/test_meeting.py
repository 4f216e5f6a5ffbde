"""Whom a list meets: the same people as one look-up after the other would find, in a few statements."""

import random

from bench.people import namings
from migrants.entries import DocumentEntry, PersonEntry
from migrants.identity import candidates_for, sought
from migrants.meeting import candidates_of_all
from migrants.models import Migrant
from migrants.registration import register_many
from tests.cast import COMMAND, NOW

BIRTHS = (
    (1986, 7, 4), (1986, 4, 7), (1986, 7, 5), (1986, 9, 20), (1986, 1, 1), (1986, 7, None), (1986, None, None),
    (1968, 7, 4), (1991, 2, 2), (None, None, None),
)  # fmt: skip


def test_a_list_meets_whom_each_of_its_people_would_meet_alone(group, django_assert_max_num_queries):
    chance = random.Random(5)
    names = list(namings(12, seed=5))
    entries = [
        PersonEntry(
            full_name=each.full_name,
            sex=chance.choice(("M", "F", "U")),
            birth_year=year,
            birth_month=month,
            birth_day=day,
            nationalities=chance.choice(((), ("TJK",), ("UZB", "TJK"))),
            documents=chance.choice(((), (DocumentEntry("passport", number=f"40000{chance.randint(0, 9)}"),))),
        )
        for each in names
        for year, month, day in BIRTHS
    ]
    register_many(group=group, mission=group.mission, entries=entries[::2], by=COMMAND, at=NOW)
    everybody, wanted = Migrant.objects.living_records(), [sought(entry) for entry in entries]
    with django_assert_max_num_queries(2):
        met = candidates_of_all(wanted, within=everybody)
    alone = [candidates_for([each], within=everybody)[0] for each in wanted]
    assert [[(each.person.pk, each.score.value, each.same_document) for each in found] for found in met] == [
        [(each.person.pk, each.score.value, each.same_document) for each in found] for found in alone
    ]
    assert any(met)


def test_nobody_outside_the_scope_is_met(group):
    entry = PersonEntry("Қодиров Умед", birth_year=1986, birth_month=7, birth_day=4)
    register_many(group=group, mission=group.mission, entries=[entry], by=COMMAND, at=NOW)
    assert candidates_of_all([sought(entry)], within=Migrant.objects.filter(pk=0)) == [[]]
