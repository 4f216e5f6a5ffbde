"""The counts of the board follow differences: what has changed is added and taken away, and it is what a full count says."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction

from migrants.group_moves import Going
from migrants.heads import heads_of
from migrants.models import DuplicatePair, HealthTest, Migrant, TravelGroup
from returns import board_counts, cases, moving, readiness, registering
from returns.models import BoardCount
from tests.cast import COMMAND, NOW
from tests.returns.convoy import FROZEN, count_all
from tests.returns.test_moving import other

__all__ = ["other"]
pytestmark = pytest.mark.django_db


def board():
    return {
        (row.crossing_id, row.from_country, row.to_country, row.verdict): (row.people, row.unregistered)
        for row in BoardCount.objects.exclude(people=0)
    }


@pytest.fixture
def follows():
    """`follows()` gives how many people the board counts, and holds that counting everybody anew says the same."""

    def compare():
        followed = board()
        groups = TravelGroup.objects.values_list("crossing", "from_country", "to_country")
        board_counts.refresh(set(groups))
        assert followed == board()
        return sum(people for people, _unregistered in followed.values())

    return compare


def test_each_act_moves_the_counts_by_what_it_changed(group, other, make_person, count_heads, follows):
    count_heads(9)
    board_counts.count_heads(group)
    assert follows() == 9
    people = [make_person() for _n in range(4)]
    made = cases.open_cases(people=people, by=COMMAND, at=NOW)
    assert follows() == 9, "whoever is registered was a head among others before"
    HealthTest.objects.create(
        person=people[0],
        mission=group.mission,
        kind="pcr",
        result="positive",
        sampled_at=NOW,
        recorded_at=NOW,
        by=COMMAND,
    )
    readiness.check(people=[people[0].pk], at=NOW, facts_only=True)
    follows()
    going = Going((people[0], people[1]), 1)
    moving.move(from_group=group, to_group=other, going=going, why="seats", by=COMMAND, at=NOW + timedelta(hours=1))
    assert follows() == 9
    cases.close_cases(cases=made[:2], why="home", by=COMMAND, at=NOW + timedelta(hours=2))
    follows()


def test_nobody_else_is_counted_anew_when_somebody_comes(group, make_person):
    cases.open_cases(people=[make_person()], by=COMMAND, at=NOW)
    BoardCount.objects.update(people=500)
    cases.open_cases(people=[make_person(), make_person()], by=COMMAND, at=NOW)
    assert [people for people, _unregistered in board().values()] == [502]


def test_whoever_goes_comes_back_or_is_one_with_another_is_carried_along(
    group, other, make_person, count_heads, follows
):
    count_heads(9)
    board_counts.count_heads(group)
    people = [make_person() for _n in range(4)]
    made = cases.open_cases(people=people, by=COMMAND, at=NOW)
    asked: dict[str, Any] = {"by": COMMAND, "at": NOW + timedelta(hours=1)}
    split = moving.split(from_group=group, going=Going(tuple(people[:2]), 1), why="seats", **asked)
    assert follows() == 9
    moving.move_back(row=split.move, **asked)
    assert follows() == 9
    joined = moving.join(from_group=group, into=other, why="one bus", **asked)
    assert follows() == 9
    moving.move_back(row=joined.move, **asked)
    assert follows() == 9
    first, second = sorted(people[:2], key=lambda person: person.pk)
    pair = DuplicatePair.objects.create(first=first, second=second, mission=group.mission, score=0.9, found_at=NOW)
    everybody = Migrant.objects.living_records()
    merge = registering.decide_pair(pair=pair, same=True, keep=None, within=everybody, **asked)
    assert merge is not None
    assert follows() == 9, "whoever was registered twice is once among the heads, and somebody is not registered yet"
    registering.undo_merge(merge=merge, **asked)
    assert follows() == 9
    cases.close_cases(cases=made[:1], why="a mistake", **asked)
    follows()
    cases.reopen_cases(cases=made[:1], why="it was one", **asked)
    assert follows() == 9
    moving.close(group=group, why="nobody waits", **asked)
    assert follows() == 0


def test_whoever_leaves_in_a_bus_and_whoever_stays_behind_are_carried_along(boarded, follows):
    count_all(boarded, "exited", FROZEN)
    assert follows() == 0


def test_where_nobody_goes_nobody_else_is_counted_anew(group, other, make_person):
    people = [make_person() for _n in range(3)]
    cases.open_cases(people=people, by=COMMAND, at=NOW)
    BoardCount.objects.update(people=500)
    moving.move(from_group=group, to_group=other, going=Going((people[0],)), why="seats", by=COMMAND, at=NOW)
    assert [people for people, _unregistered in board().values()] == [500], "from here to here"


@pytest.mark.django_db(transaction=True)
def test_two_lists_stored_at_once_lose_no_difference(group, make_person, count_heads, follows):
    count_heads(50)
    with transaction.atomic():
        board_counts.count_heads(group)
    both, said = threading.Barrier(2), []

    def work(number):
        try:
            both.wait()
            for turn in range(3):
                with transaction.atomic():
                    people = [make_person(number=f"7{number}{turn}{n}", sort_key=f"{n}") for n in range(2)]
                    cases.open_cases(people=people, by=COMMAND, at=NOW)
        except BaseException as error:
            said.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == []
    assert heads_of([group.pk])[group.pk].registered == 12
    with transaction.atomic():
        assert follows() == 50
