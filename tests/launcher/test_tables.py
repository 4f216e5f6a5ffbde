"""The tables that the servers of the tests begin with are those that the migrations make."""

import os
import re
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from psycopg import sql

from deploy.local import tables
from tests.support.database import server
from tests.support.environment import DATABASE, TEMPLATE, with_path

LAID = f"{DATABASE}_laid"
OWNER = os.environ["DATABASE_OWNER_URL"]


def plain(tables: str) -> list[str]:
    """The lines without what the server writes otherwise when it reads a list of words again: its casts and brackets."""
    return re.sub(r"::(?:character varying|text)(?:\[\])?|[()]", "", tables).splitlines()


@pytest.fixture
def empty() -> Iterator[str]:
    """The address of a database without tables."""
    with server() as rights:
        rights.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(LAID)))
        yield with_path(OWNER, LAID)
        rights.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(LAID)))


@pytest.mark.django_db
def test_what_is_laid_down_is_what_was_migrated_to_the_last_right(empty: str, tmp_path, monkeypatch) -> None:
    migrated = tables.written(with_path(OWNER, TEMPLATE))
    assert "CREATE POLICY" in migrated
    assert "ALTER DEFAULT PRIVILEGES" in migrated
    file = tmp_path / "tables.sql"
    file.write_text(migrated)
    monkeypatch.setenv(tables.KEPT, str(file))
    for _again in range(2):
        tables.lay_where_empty(empty)
    assert plain(tables.written(empty)) == plain(migrated)


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_migrations_find_nothing_to_do_in_what_the_tests_began_with() -> None:
    call_command("migrate", database="owner", check_unapplied=True, verbosity=0)
