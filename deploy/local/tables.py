"""`python -m deploy.local.tables FILE`: makes the tables of a throw-away database and keeps them for others of the run.

The history of the tables takes half a minute of work, what it leads to takes two seconds. So the servers of tests and
benchmarks begin with what the environment's HOMEWARD_TABLES names; `migrate` then finds nothing left to do. A lasting home
never begins so: there the migrations run, as in every other place.
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from deploy.local.home import ROOT, write_private
from deploy.local.postgres import APP, OWNER, PLAIN_ENVIRONMENT, packaged
from deploy.local.problems import StartError, code_of

KEPT = "HOMEWARD_TABLES"
TAKE_BACK = "".join(
    f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} IN SCHEMA public REVOKE ALL ON {kind} FROM {APP};\n"
    for kind in ("TABLES", "SEQUENCES")
)
"""Each table of the file says itself what the runtime role may; what later ones give by themselves stands at its end."""
ONCE_ONLY = re.compile(r"^\\(?:un)?restrict .*\n", re.MULTILINE)
"""A word that guards the file while psql reads it, another one at each writing."""


def written(address: str) -> str:
    """Returns the database at the address as SQL: tables, rows and rights."""
    return ONCE_ONLY.sub("", _said("pg_dump", address))


def lay_where_empty(address: str) -> None:
    """Lays the kept tables, if the environment names any, into the database at the address, unless it has tables already."""
    kept = os.environ.get(KEPT)
    if kept and _said("psql", address, "-tAc", "SELECT to_regclass('django_migrations') IS NULL").strip() == "t":
        lay(address, Path(kept).read_text())


def lay(address: str, tables: str) -> None:
    """Lays down what `written` gave, as the owner of the database."""
    _said("psql", address, "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", given=TAKE_BACK + tables)


def _said(program: str, address: str, *arguments: str, given: str = "") -> str:
    """Runs a program of the server's package on the database at the address. Raises StartError with what it complained of."""
    place = urlsplit(address)
    reached = {"PGHOST": place.hostname or "", "PGPORT": str(place.port), "PGDATABASE": place.path.removeprefix("/")}
    reached |= {"PGUSER": unquote(place.username or ""), "PGPASSWORD": unquote(place.password or "")}
    command = [str(packaged() / program), *arguments]
    command += ["--no-psqlrc"] if program == "psql" else []
    ended = subprocess.run(
        command, env=PLAIN_ENVIRONMENT | reached, input=given, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise StartError(f"{program} said:\n{ended.stderr}")
    return ended.stdout


def work(file: Path) -> int:
    """Migrates the database of the environment and writes it into the file; returns 0. Raises StartError."""
    migrated = [sys.executable, "manage.py", "migrate", "--database=owner", "--verbosity=0", "--no-input"]
    ended = subprocess.run(migrated, cwd=ROOT, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise StartError(f"The tables could not be made:\n{ended.stdout}{ended.stderr}")
    write_private(file, written(os.environ["DATABASE_OWNER_URL"]))
    return 0


if __name__ == "__main__":
    sys.exit(code_of(lambda: work(Path(sys.argv[1]))))
