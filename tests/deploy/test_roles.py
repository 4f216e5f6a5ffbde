"""The script that makes the roles in the container, run on a real cluster."""

import os
import subprocess
from pathlib import Path

import psycopg
import pytest

from deploy.local import postgres
from deploy.local.home import ROOT, Home, load_secrets
from deploy.local.ports import HOST, pick
from deploy.local.processes import Child


def test_the_container_makes_the_roles_of_bin_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path / "home", lasting=False)
    secrets = load_secrets(home)
    port = pick()
    with monkeypatch.context() as nothing_made:
        nothing_made.setattr(postgres, "make_roles", lambda *_, **__: None)
        server = postgres.start(home, port=port, secrets=secrets, for_tests=False)
    try:
        run_script(server, tmp_path, port, secrets)
        check_roles(port, secrets)
    finally:
        server.stop()


def run_script(server: Child, folder: Path, port: int, secrets: dict[str, str]) -> None:
    environment = {"PATH": os.environ["PATH"], "PGHOST": HOST, "PGPORT": str(port)}
    environment["PGPASSWORD"] = secrets["POSTGRES_PASSWORD"]
    for role in ("OWNER", "APP"):
        (folder / role).write_text(f"{secrets[f'{role}_PASSWORD']}\n")
        environment[f"{role}_PASSWORD_FILE"] = str(folder / role)
    programs = Path(server.process.args[0]).parent
    environment["PATH"] = f"{programs}:{environment['PATH']}"
    ended = subprocess.run(
        [ROOT / "deploy" / "database" / "roles.sh"], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr


def check_roles(port: int, secrets: dict[str, str]) -> None:
    owner = postgres.address_of(postgres.OWNER, secrets["OWNER_PASSWORD"], port)
    app = postgres.address_of(postgres.APP, secrets["APP_PASSWORD"], port)
    with psycopg.connect(owner) as database:
        database.execute("create extension pg_trgm")
        database.execute("create table entry (id bigint generated always as identity, word text)")
    with psycopg.connect(app, autocommit=True) as database:
        database.execute("insert into entry (word) values ('Қодиров')")
        found = database.execute("select lower(word) from entry").fetchone()
        assert found == ("қодиров",)
        for forbidden in ("create table mine ()", "drop table entry", "create role mine"):
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidSchemaName)):
                database.execute(forbidden)
        rights = database.execute(
            "select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication from pg_roles where rolname = any(%s)",
            [[postgres.OWNER, postgres.APP]],
        ).fetchall()
        assert rights == [(False,) * 5] * 2
