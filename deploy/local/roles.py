"""The roles and the database of an embedded PostgreSQL, made in a process that ends when they are made.

It reads one JSON object: `{"port", "secrets", "new", "for_tests"}`; see `deploy.local.postgres.make_roles`, which starts it.
"""

import json
import sys
from typing import Any, TypedDict

import psycopg
from psycopg import sql

from deploy.local import postgres
from deploy.local.home import ROOT
from deploy.local.ports import HOST
from deploy.local.problems import StartError, code_of

RIGHTS = ROOT / "deploy" / "database" / "rights.sql"
"""What the runtime role may do with what the owner makes; the container reads the same file."""


class Address(TypedDict):
    """How the superuser reaches the server."""

    host: str
    port: int
    user: str
    password: str


def work(asked: dict[str, Any]) -> int:
    """Does what was asked for and returns 0. Raises StartError when the server was made with other secrets."""
    secrets = asked["secrets"]
    address = Address(host=HOST, port=asked["port"], user="postgres", password=secrets["POSTGRES_PASSWORD"])
    let_in(address)
    if asked["new"]:
        make(address, secrets, for_tests=asked["for_tests"])
    return 0


def let_in(address: Address) -> None:
    """Raises StartError when the server does not know the password."""
    try:
        psycopg.connect(**address, dbname="postgres", connect_timeout=10).close()
    except psycopg.OperationalError as problem:
        if "password authentication failed" in str(problem):
            raise StartError(
                "The database was made with other secrets than those in secrets.env. Bring that file back."
            ) from problem
        raise


def make(address: Address, secrets: dict[str, str], *, for_tests: bool) -> None:
    """Makes the owner, who migrates, the runtime role, who serves, and their database. Can be run again."""
    createdb = sql.SQL("CREATEDB" if for_tests else "NOCREATEDB")
    with psycopg.connect(**address, dbname="postgres", autocommit=True) as server:
        for role, password, right in (
            (postgres.OWNER, secrets["OWNER_PASSWORD"], createdb),
            (postgres.APP, secrets["APP_PASSWORD"], sql.SQL("NOCREATEDB")),
        ):
            exists = server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            verb = sql.SQL("ALTER" if exists else "CREATE")
            server.execute(
                sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS NOREPLICATION {} PASSWORD {}").format(
                    verb, sql.Identifier(role), right, sql.Literal(password)
                )
            )
        if for_tests:
            server.execute(
                sql.SQL("GRANT pg_signal_backend, pg_read_all_stats TO {}").format(sql.Identifier(postgres.OWNER))
            )
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [postgres.DATABASE]).fetchone():
            server.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(
                    sql.Identifier(postgres.DATABASE), sql.Identifier(postgres.OWNER)
                )
            )
    with psycopg.connect(**address, dbname=postgres.DATABASE) as database:
        database.execute(RIGHTS.read_bytes())


if __name__ == "__main__":
    sys.exit(code_of(lambda: work(json.load(sys.stdin))))
