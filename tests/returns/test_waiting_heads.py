"""The heads that the board adds up are those that the product counts, whoever wrote the rows and how."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.db.utils import ProgrammingError

from migrants.heads import heads_of
from migrants.models import GroupMove, HeadCount, Migrant, TravelGroup
from returns.models import WaitingHeads
from tests.cast import COMMAND, NOW
from tests.returns.test_moving import other

__all__ = ["other"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def holds():
    """`holds()` compares every stored row with what is counted from the rows behind it."""

    def compare():
        now = heads_of(TravelGroup.objects.values_list("pk", flat=True))
        stored = {row.group_id: (row.expected, row.registered) for row in WaitingHeads.objects.all()}
        assert {key: stored.get(key, (0, 0)) for key in now} == {
            key: (heads.expected or 0, heads.registered) for key, heads in now.items()
        }
        return stored

    return compare


def moved(from_group, to_group, heads, at):
    return GroupMove.objects.create(
        mission=from_group.mission, from_group=from_group, to_group=to_group, kind="moved", heads=heads, why="seats",
        moved_at=at, by=COMMAND,
    )  # fmt: skip


def test_registering_moving_merging_and_erasing_people_is_counted(group, other, make_person, holds):
    people = [make_person() for _n in range(6)]
    assert holds()[group.pk] == (0, 6)
    Migrant.objects.filter(pk__in=[person.pk for person in people[:2]]).update(group=other)
    assert holds()[other.pk] == (0, 2)
    Migrant.objects.filter(pk=people[2].pk).update(merged_into=people[3])
    Migrant.objects.filter(pk=people[4].pk).update(group=None)
    assert holds()[group.pk] == (0, 2)
    Migrant.objects.filter(pk=people[2].pk).update(merged_into=None, group=other)
    Migrant.objects.filter(pk=people[4].pk).update(group=other, latin_name="Another")
    assert holds()[other.pk] == (0, 4)


def test_many_people_in_one_statement_are_counted_once_each(group, other, make_person, holds):
    make_person()
    with connection.cursor() as cursor:
        cursor.execute("update migrants_migrant set sex = sex")
        cursor.execute("update migrants_migrant set group_id = %s", [other.pk])
    assert holds()[other.pk] == (0, 1)


def test_counts_and_moves_say_how_many_heads_should_be_there(group, other, count_heads, holds):
    count_heads(38, at=NOW)
    count_heads(12, at=NOW - timedelta(hours=2))
    assert holds()[group.pk] == (38, 0), "the latest count holds, not the one that came in last"
    moved(group, other, 5, NOW - timedelta(hours=1))
    move = moved(group, other, 8, NOW + timedelta(hours=1))
    assert holds()[group.pk] == (30, 0)
    GroupMove.objects.filter(pk=move.pk).update(heads=50)
    assert holds()[group.pk] == (0, 0)
    HeadCount.objects.filter(group=group).update(total=60)
    assert holds()[group.pk] == (10, 0)


def test_nobody_but_the_database_writes_them(group, make_person):
    make_person()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        WaitingHeads.objects.update(registered=7)


@pytest.mark.django_db(transaction=True)
def test_two_who_register_and_count_at_once_lose_nobody(group, make_person, count_heads, holds):
    both, said = threading.Barrier(2), []

    def work(total):
        try:
            both.wait()
            with transaction.atomic():
                make_person(number=f"7000{total}", sort_key=f"{total}")
                count_heads(total, at=NOW + timedelta(minutes=total))
        except BaseException as error:
            said.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(total,)) for total in (40, 41)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == []
    assert holds()[group.pk] == (41, 2)
