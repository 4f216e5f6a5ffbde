"""`bin/bench [NAME …] [--quick]`: the benchmarks, on throw-away servers with a seeded world of their own."""

import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from deploy.local import front_end
from deploy.local.home import ROOT, Home
from deploy.local.postgres import APP, OWNER, address_of
from deploy.local.problems import StartError, code_of
from deploy.local.processes import end_on_signals
from deploy.local.services import Services

ASKED_WITHOUT_REST = {"RATE_LIMITS": "search=3000/60,search_day=1000000/86400"}
"""A measure asks in a minute what nobody may ask in a day."""
UNWALLED = "homeward_unwalled"
"""Has the rights of the runtime role, but row security does not hold it: the bare limit of the wall."""


def say(line: str) -> None:
    """Speaks beside the results, which have standard output for themselves."""
    print(line, file=sys.stderr, flush=True)


def grant_for_measuring(services: Services) -> str:
    """Lets the owner fill tables without triggers and makes the role without a wall; returns the address of that role."""
    port, password = services.ports["postgres"], secrets.token_urlsafe(24)
    superuser = address_of("postgres", services.secrets["POSTGRES_PASSWORD"], port)
    with psycopg.connect(superuser, autocommit=True) as server:
        owner, app, unwalled = (sql.Identifier(name) for name in (OWNER, APP, UNWALLED))
        server.execute(sql.SQL("GRANT SET ON PARAMETER session_replication_role TO {}").format(owner))
        server.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(unwalled))
        make = sql.SQL("CREATE ROLE {} LOGIN BYPASSRLS NOSUPERUSER INHERIT PASSWORD {} IN ROLE {}")
        server.execute(make.format(unwalled, sql.Literal(password), app))
    return address_of(UNWALLED, password, port)


def run_in(home: Home, arguments: list[str]) -> int:
    """Starts the servers, brings up the demonstration world in them, and lets the benchmarks be run; returns their code."""
    with Services(home, for_tests=True) as services:
        environment = services.environment() | {"PYTHONPATH": str(ROOT)} | ASKED_WITHOUT_REST
        environment["UNWALLED_DATABASE_URL"] = grant_for_measuring(services)
        front_end.build(environment, say)
        say("Making the database …")
        made = [sys.executable, "manage.py", "setup_world"]
        ended = subprocess.run(made, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise StartError(f"The database could not be made:\n{ended.stdout}{ended.stderr}")
        return subprocess.run(
            [sys.executable, "-m", "bench", *arguments], cwd=ROOT, env=environment, check=False
        ).returncode


def main() -> int:
    """Asks the benchmarks whether they understand the arguments before anything starts."""
    end_on_signals()
    arguments = sys.argv[1:]
    asked = subprocess.run([sys.executable, "-m", "bench.arguments", *arguments], cwd=ROOT, check=False)
    if asked.returncode or {"--list", "--help", "-h"} & set(arguments):
        return asked.returncode
    return code_of(lambda: run_in(Home(Path(tempfile.mkdtemp(prefix="homeward-bench-")), lasting=False), arguments))


if __name__ == "__main__":
    sys.exit(main())
