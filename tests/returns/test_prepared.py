"""Statements that a session keeps: the same answers as without, few of them, and whatever becomes of the transaction."""

import pytest
from django.db import DataError, connection, transaction

from returns.engine import prepared

pytestmark = pytest.mark.django_db
SUM = "select %(first)s::int + %(second)s::int * %(first)s::int, '5 %%'"


def asked(statement, parameters):
    with connection.cursor() as cursor:
        prepared.run(cursor, statement, parameters)
        return cursor.fetchall()


def kept():
    with connection.cursor() as cursor:
        cursor.execute(
            "select name, statement from pg_prepared_statements where name like 'judging%' order by prepare_time"
        )
        return dict(cursor.fetchall())


def test_parameters_may_come_twice_and_in_any_order():
    assert asked(SUM, {"second": 3, "first": 2, "left out": 9}) == [(8, "5 %")]
    assert asked("select %(people)s::bigint[]", {"people": [3, 1]}) == [([3, 1],)]


def test_a_statement_is_read_once():
    asked(SUM, {"first": 1, "second": 1})
    before = kept()
    assert asked(SUM, {"first": 5, "second": 2}) == [(15, "5 %")]
    assert kept() == before


def test_a_session_keeps_few_and_forgets_what_was_not_asked_for_longest():
    for number in range(prepared.MOST):
        asked(f"select {number} + %(one)s::int", {"one": 1})
    asked("select 0 + %(one)s::int", {"one": 1})
    asked("select 100 + %(one)s::int", {"one": 1})
    texts = [text.split(" as ")[1] for text in kept().values()]
    assert len(texts) == prepared.MOST
    assert "select 0 + $1::int" in texts
    assert "select 1 + $1::int" not in texts


def test_what_was_read_stays_when_the_transaction_is_undone():
    with transaction.atomic():
        asked(SUM, {"first": 1, "second": 1})
        transaction.set_rollback(True)
    assert asked(SUM, {"first": 1, "second": 2}) == [(3, "5 %")]


def test_what_cannot_be_read_is_not_kept():
    for _turn in range(2):
        with pytest.raises(DataError), transaction.atomic():
            asked("select %(one)s::int / 0 + 'x'::int", {"one": 1})
    assert asked(SUM, {"first": 1, "second": 1}) == [(2, "5 %")]
