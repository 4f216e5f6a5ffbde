"""Nobody holds the database for ever: a page, a lock that never comes, a transaction that was forgotten."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction

from common.audience import Audience, asking
from deploy import gunicorn_conf


def limit_of(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"show {name}")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_page_has_its_time_and_a_task_and_a_command_theirs():
    assert limit_of("statement_timeout") == f"{settings.STATEMENT_SECONDS}s"
    with asking(Audience.task("tests")):
        assert limit_of("statement_timeout") == "4min"
    with asking(Audience.command("tests")):
        assert limit_of("statement_timeout") == "0"
    assert gunicorn_conf.timeout > settings.STATEMENT_SECONDS


@pytest.mark.django_db
def test_a_lock_and_a_forgotten_transaction_have_an_end():
    assert limit_of("lock_timeout") == "15s"
    assert limit_of("idle_in_transaction_session_timeout") == "2min"


@pytest.mark.django_db(transaction=True)
def test_what_a_task_may_take_ends_with_its_transaction():
    with asking(Audience.command("tests")):
        pass
    assert limit_of("statement_timeout") == f"{settings.STATEMENT_SECONDS}s"


@pytest.mark.django_db
def test_a_statement_that_takes_longer_is_ended():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = '50ms'")
        with pytest.raises(OperationalError, match="statement timeout"), transaction.atomic():
            cursor.execute("select pg_sleep(5)")


def test_a_head_or_a_line_without_end_is_refused_by_the_server():
    assert 0 < gunicorn_conf.limit_request_line <= 8190
    assert 0 < gunicorn_conf.limit_request_fields <= 100
    assert 0 < gunicorn_conf.limit_request_field_size <= 8190
