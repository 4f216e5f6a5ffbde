"""`bin/bench [NAME …] [--quick]`: the benchmarks, on throw-away servers with a seeded world of their own."""

import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from bench.arguments import BENCHES, listed, parsed
from deploy.local import front_end
from deploy.local.home import ROOT, Home
from deploy.local.postgres import APP, DATABASE, OWNER, address_of
from deploy.local.problems import StartError, code_of
from deploy.local.processes import end_on_signals
from deploy.local.services import Services

ASKED_WITHOUT_REST = {"RATE_LIMITS": "search=3000/60,search_day=1000000/86400"}
"""A measure asks in a minute what nobody may ask in a day."""
ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL", "UNWALLED_DATABASE_URL")
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


def run_in(home: Home, arguments: list[str], worlds: dict[str, list[str]]) -> int:
    """Starts the servers, makes the database, and lets the benchmarks of each world be run in a copy of it; returns their code.

    `worlds` names the benchmarks of each kind of world, `arguments` is the rest.
    """
    with Services(home, for_tests=True) as services:
        environment = services.environment() | {"PYTHONPATH": str(ROOT)} | ASKED_WITHOUT_REST
        environment["UNWALLED_DATABASE_URL"] = grant_for_measuring(services)
        front_end.build(environment, say)
        say("Making the database …")
        made = [sys.executable, "manage.py", "setup_world"]
        ended = subprocess.run(made, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise StartError(f"The database could not be made:\n{ended.stdout}{ended.stderr}")
        code = 0
        for world, names in worlds.items():
            own, few = copied(services, environment, world), copied(services, environment, f"{world}_few")
            command = [sys.executable, "-m", "bench", *names, *arguments]
            held = environment | own | {f"FEW_{name}": address for name, address in few.items()}
            code = max(code, subprocess.run(command, cwd=ROOT, env=held, check=False).returncode)
        return code


def copied(services: Services, environment: dict[str, str], world: str) -> dict[str, str]:
    """Copies the database for one world; returns the addresses of the copy, by the names of those of the original."""
    name = f"{DATABASE}_{world}"
    superuser = address_of("postgres", services.secrets["POSTGRES_PASSWORD"], services.ports["postgres"])
    with psycopg.connect(superuser.removesuffix(DATABASE) + "postgres", autocommit=True) as server:
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}")
        server.execute(copy.format(*map(sql.Identifier, (name, DATABASE, OWNER))))
    return {key: address.removesuffix(DATABASE) + name for key, address in environment.items() if key in ADDRESSES}


def main() -> int:
    """Reads the arguments before anything starts, and sorts the benchmarks asked for by the world that they need."""
    end_on_signals()
    asked = parsed(sys.argv[1:])
    if asked.list:
        return listed()
    worlds: dict[str, list[str]] = {}
    for name in asked.names:
        worlds.setdefault(BENCHES[name].world, []).append(name)
    arguments = [f"--people={asked.people}", *(["--quick"] if asked.quick else [])]
    return code_of(
        lambda: run_in(Home(Path(tempfile.mkdtemp(prefix="homeward-bench-")), lasting=False), arguments, worlds)
    )


if __name__ == "__main__":
    sys.exit(main())
