"""The check of a deployment asks the database itself whether everybody with a role must show a second step."""

import os

import psycopg
import pytest
from django.core.checks import run_checks
from django.db import connection

from partners.checks import HELD_BY, TAG
from partners.enums import Role
from tests.support.environment import DATABASE, with_path

pytestmark = pytest.mark.django_db


def found():
    messages = run_checks(tags=[TAG], include_deployment_checks=True, databases=["default"])
    return [(message.id, message.msg) for message in messages]


def test_it_finds_nothing_where_the_database_holds_the_rule(accounts):
    assert accounts[Role.FIELD].must_use_second_factor
    assert found() == []


def test_without_a_database_it_asks_nothing():
    assert run_checks(tags=[TAG], include_deployment_checks=True) == []


@pytest.mark.parametrize(("name", "table"), HELD_BY.items())
@pytest.mark.django_db(transaction=True)
def test_a_rule_that_was_switched_off_in_the_database_is_named(name, table):
    with psycopg.connect(with_path(os.environ["DATABASE_OWNER_URL"], DATABASE), autocommit=True) as owner:
        owner.execute(f"alter table {table} disable trigger {name}")
        try:
            messages = found()
        finally:
            owner.execute(f"alter table {table} enable trigger {name}")
    assert [code for code, _ in messages] == ["homeward.E025"]
    assert name in messages[0][1]


def test_an_account_that_holds_a_role_and_needs_no_second_step_is_counted(accounts, monkeypatch):
    """The database lets no such row be written; the question finds it by what is asked of it."""
    sql = "select count(*) from accounts_user where must_use_second_factor"
    monkeypatch.setattr("partners.checks._WITHOUT", sql)
    with connection.cursor() as cursor:
        cursor.execute(sql)
        many = cursor.fetchone()[0]
        cursor.execute("select set_config('homeward.audience', '', true)")
    assert many > 0
    assert [code for code, _ in found()] == ["homeward.E026"]
    assert str(many) in found()[0][1]
