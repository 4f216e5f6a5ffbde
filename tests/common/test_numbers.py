"""Numbers of people and cases: each once, whoever registers at the same moment, and telling nothing."""

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier

import psycopg
import pytest
from django.db import connection

from common import numbers
from migrants.models import Migrant
from tests.cast import COMMAND, NOW

PEOPLE, COUNTER = "migrants_migrant", "numbers_of_migrants_migrant_given"


@pytest.fixture
def as_owner():
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as session:
        yield session.execute


@pytest.fixture
def given(as_owner):
    """`given(n)` says that n numbers were given already; afterwards it is as before."""
    stood = as_owner("select last_value from numbers_of_migrants_migrant_given").fetchone()[0]
    yield lambda how_many: as_owner("select setval(%s, %s, false)", [COUNTER, how_many + 1])
    as_owner("select setval(%s, %s)", [COUNTER, stood])


@pytest.mark.django_db
def test_a_number_tells_neither_order_nor_count():
    drawn = [int(number) for number in numbers.draw(PEOPLE, 2000)]
    assert len(set(drawn)) == 2000
    assert {len(str(number)) for number in drawn} == {6}
    steps = [after - before for before, after in pairwise(drawn)]
    assert 0.4 < sum(step > 0 for step in steps) / len(steps) < 0.6
    assert len(set(steps)) > 1980
    tenths = [sum(number // 100_000 == first for number in drawn) for first in range(1, 10)]
    assert min(tenths) > 150


@pytest.mark.django_db
def test_numbers_grow_by_a_digit_once_half_of_a_length_is_given(given):
    last_of_six = numbers.lengths(6)[0][1]
    given(last_of_six - 500)
    drawn = numbers.draw(PEOPLE, 1000)
    assert {len(number) for number in drawn} == {6, 7}
    assert len(set(drawn)) == 1000


@pytest.mark.django_db
def test_a_length_is_used_up_without_a_number_given_twice(given):
    given(0)
    drawn = numbers.draw(PEOPLE, 100_000)
    assert len(set(drawn)) == 100_000
    assert {len(number) for number in drawn} == {6}


@pytest.mark.django_db(transaction=True)
def test_a_number_that_somebody_has_is_passed_over_also_where_nobody_reaches_that_person(given, group):
    given(0)
    first = numbers.draw(PEOPLE, 50)
    Migrant.objects.bulk_create(
        Migrant(
            number=number, mission=group.mission, group=group, full_name="Somebody", registered_at=NOW, recorded_at=NOW,
            by=COMMAND,
        )
        for number in first
    )  # fmt: skip
    given(0)
    with connection.cursor() as cursor:
        cursor.execute("select set_config('homeward.audience', '{}', false)")
        assert not Migrant.objects.exists()
        again = numbers.draw(PEOPLE, 50)
    assert not set(first) & set(again)


@pytest.mark.django_db(transaction=True)
def test_two_who_draw_at_once_never_meet():
    gate = Barrier(4)

    def draw(_worker):
        try:
            gate.wait(10)
            return [number for _turn in range(5) for number in numbers.draw(PEOPLE, 2000)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        drawn = [number for part in threads.map(draw, range(4)) for number in part]
    assert len(set(drawn)) == len(drawn) == 40_000


@pytest.mark.django_db
def test_how_many_were_given_is_not_for_whoever_serves():
    with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("select last_value from numbers_of_migrants_migrant_given")
