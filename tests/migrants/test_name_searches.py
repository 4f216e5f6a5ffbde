"""Hard searches: names as they are asked for in haste, with a letter wrong where it hurts most. Every name is invented."""

import csv
from pathlib import Path

import pytest

from migrants.entries import PersonEntry
from migrants.models import Migrant
from migrants.names import initial_keys, keys, match_names, slipped_keys
from migrants.registration import register_many
from migrants.searching import search
from tests.cast import COMMAND, NOW

FIXTURE = Path(__file__).parents[1] / "fixtures" / "name_searches.csv"
with FIXTURE.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['what']}: {row['asked']}")
def test_a_name_asked_for_in_haste_finds_whom_it_means(row):
    asked = row["asked"]

    assert (keys(asked) | initial_keys(asked) | slipped_keys(asked)) & keys(row["written"])


def test_among_all_of_them_each_stands_first_for_whoever_asks(group, mission):
    entries = [PersonEntry(full_name=row["written"]) for row in ROWS]
    register_many(group=group, mission=mission, entries=entries, by=COMMAND, at=NOW)
    names = dict(Migrant.objects.values_list("pk", "full_name"))
    within = Migrant.objects.living_records()

    first = {row["asked"]: next(iter(search(asked=row["asked"], within=within)), None) for row in ROWS}

    wrong = {row["asked"] for row in ROWS if (hit := first[row["asked"]]) is None or names[hit.pk] != row["written"]}
    assert wrong == set()


@pytest.mark.parametrize(
    ("asked", "order"),
    [
        ("Саидзода Навруз Бежанулы", ("Саидов Навруз Бежанулы", "Саидзода Навруз", "Саидзода Навруз Фаррухулы")),
        ("Сейитзода Отабек", ("Сейитзода Отабек", "Сейитов Отабек", "Сейитзода Бибибегим Отабек")),
        ("Ализода Айбек", ("Ализода Айбек", "Ализода Айбек Ҷамшедович", "Алиев Айбек Ҷамшедович")),
    ],
)
def test_the_father_and_what_is_left_over_say_who_is_likelier(asked, order, group, mission):
    entries = [PersonEntry(full_name=name) for name in reversed(order)]
    register_many(group=group, mission=mission, entries=entries, by=COMMAND, at=NOW)
    names = dict(Migrant.objects.values_list("pk", "full_name"))

    assert tuple(names[each.pk] for each in search(asked=asked, within=Migrant.objects.living_records())) == order


def test_what_is_left_over_of_a_name_is_told_from_a_father_s_name():
    father, given = (match_names("Сейитов Отабек", name) for name in ("Сейитов Отабек Умед", "Сейитов Умед Отабек"))

    assert (father.over, father.is_father_over, given.over, given.is_father_over) == (1, True, 1, False)
