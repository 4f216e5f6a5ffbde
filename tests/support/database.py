"""Real databases for the tests: migrated by the owner, used as the runtime role, copied from a template."""

import os
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase
from psycopg import sql
from pytest_django.plugin import DjangoDbBlocker

from tests.support.environment import DATABASE, FOLDER, OWN_SERVER, TEMPLATE, with_path
from tests.support.waiting import WaitedInVainError, wait_until


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Replaces pytest-django's: one migration on each server, then a copy for this process."""
    with django_db_blocker.unblock():
        migrated = (OWN_SERVER.home.folder if OWN_SERVER else FOLDER) / "template-migrated"
        if not migrated.exists():
            migrate_template()
            migrated.touch()
        restore()
    # A test that commits leaves its rows; the runtime role may not truncate, and what migrations loaded must come back.
    setattr(TransactionTestCase, "_fixture_teardown", lambda case: restore())  # noqa: B010 (hidden from its types)
    yield
    connections.close_all()


def migrate_template() -> None:
    """Migrates the template as its owner."""
    owner = connections["owner"]
    owner.settings_dict["NAME"] = TEMPLATE
    try:
        call_command("migrate", database="owner", verbosity=0)
    finally:
        owner.close()
        owner.settings_dict["NAME"] = DATABASE


def restore(template: str = TEMPLATE) -> None:
    """Makes this process's database a fresh copy of the template; other sessions on it are ended."""
    connections.close_all()
    with server() as rights:
        copy(rights, template, DATABASE)


def keep(name: str, *, patience: float = 180, rest: float = 20) -> str:
    """Keeps this process's database as it is now, under a name made of `name`, for `restore`; returns that name.

    Whoever is at work in it is waited for, `patience` seconds at most; a session that asked nothing for `rest` seconds and
    holds no transaction is only left open, and is ended. Raises WaitedInVainError with what the others are doing.
    """
    connections.close_all()
    kept = f"{DATABASE}_{name}"
    with server() as rights:
        try:
            wait_until(lambda: is_left(rights, rest=rest), "everybody to leave the database", seconds=patience)
        except WaitedInVainError as error:
            there = rights.execute(f"SELECT pid, state, left(query, 200) {THERE}", [DATABASE]).fetchall()
            raise WaitedInVainError(f"{error}: {there}") from error
        copy(rights, DATABASE, kept)
    return kept


THERE = "FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"
RESTING = f"SELECT pg_terminate_backend(pid) {THERE} AND state = 'idle' AND clock_timestamp() - state_change > %s"


def is_left(rights: psycopg.Connection, *, rest: float) -> bool:
    """Tells whether nobody is in the database, and ends the sessions that rest there for so many seconds."""
    rights.execute(RESTING, [DATABASE, timedelta(seconds=rest)])
    return rights.execute(f"SELECT count(*) {THERE}", [DATABASE]).fetchone() == (0,)


def server() -> psycopg.Connection:
    """A session of the owner beside the database of this process."""
    return psycopg.connect(with_path(os.environ["DATABASE_OWNER_URL"], "postgres"), autocommit=True)


def copy(rights: psycopg.Connection, template: str, name: str) -> None:
    """Makes `name` a copy of `template`, whatever it was before."""
    rights.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    make = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    rights.execute(make.format(sql.Identifier(name), sql.Identifier(template)))
