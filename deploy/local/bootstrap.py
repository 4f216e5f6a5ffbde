"""Makes `.venv` from a lock with hashes. Runs under the machine's own Python, so it uses the standard library only.

Usage: `python bootstrap.py run|dev`. Does nothing while the lock is unchanged.
"""

import ast
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "deploy" / "locks"
VENV = ROOT / ".venv"
STAMP = VENV / "homeward.json"
TOOLS = ROOT / ".bootstrap"
UV = TOOLS / "bin" / "uv"
PYTHON: str = getattr(sys, "_base_executable", sys.executable)
"""The machine's own Python, also when this runs inside an environment, which may have no pip."""
NEEDED_MEGABYTES = {"run": 700, "dev": 1200}
"""Measured sizes of the environments with room for the database and the front-end packages."""


class PrepareError(Exception):
    """The environment cannot be made; the message says why and how to mend it."""


def fingerprint(group: str) -> str:
    """Names what the environment was made from: the lock and the Python that runs it."""
    lock = hashlib.sha256((LOCKS / f"{group}.lock").read_bytes()).hexdigest()
    return f"{group} {lock} {sys.version_info[0]}.{sys.version_info[1]}"


def is_prepared(group: str) -> bool:
    """True if `.venv` holds what `group` needs. The dev lock contains the run lock, so it serves both."""
    try:
        made_from = json.loads(STAMP.read_text())["made_from"]
    except (OSError, ValueError, KeyError):
        return False
    wanted = {fingerprint("dev")} | ({fingerprint("run")} if group == "run" else set())
    return made_from in wanted and (VENV / "bin" / "python").exists()


def uv_environment(environment: Mapping[str, str], pip_settings: Mapping[str, str]) -> dict[str, str]:
    """Tells uv what pip already knows of this machine's package index, and to trust the system's certificates.

    Every package is pinned by hash, so it does not matter which of several indexes serves it.
    """
    settings = {"UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1", "UV_INDEX_STRATEGY": "unsafe-best-match"}
    settings |= {"UV_NO_PROGRESS": "1", "UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": str(VENV)}
    for pip_name, uv_name in (("index-url", "UV_DEFAULT_INDEX"), ("extra-index-url", "UV_INDEX")):
        if pip_name in pip_settings:
            settings[uv_name] = " ".join(pip_settings[pip_name].split())
    return {**settings, **environment, "VIRTUAL_ENV": str(VENV)}


def pip_settings() -> dict[str, str]:
    """Reads `pip config list`: the machine's files and PIP_* variables, the more particular last."""
    listed = subprocess.run([PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    found = {}
    for line in listed.stdout.splitlines():
        name, separator, value = line.partition("=")
        section = name.partition(".")[0]
        if separator and section in ("global", "install", ":env:"):
            found[name.partition(".")[2]] = str(ast.literal_eval(value))
    return found


def call(command: Sequence[str], *, remedy: str, environment: Mapping[str, str] | None = None) -> None:
    """Runs a quiet step; when it fails, raises with what it printed and the remedy."""
    ended = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)
    if ended.returncode:
        raise PrepareError(f"{ended.stdout}{ended.stderr}\n{remedy}")


def check_machine(group: str) -> None:
    """Looks before the first download for what would fail in the middle of it."""
    if not os.access(ROOT, os.W_OK):
        raise PrepareError(f"This user may not write in {ROOT}. Use a checkout of your own.")
    free = shutil.disk_usage(ROOT).free // 1_000_000
    if free < NEEDED_MEGABYTES[group]:
        raise PrepareError(f"Only {free} MB are free at {ROOT}; {NEEDED_MEGABYTES[group]} MB are needed.")
    asked = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False)
    if asked.returncode and not UV.exists():
        raise PrepareError(f"{PYTHON} has no pip. On Debian: apt install python3-pip.")


def prepare(group: str) -> None:
    """Installs uv beside the checkout if it is missing, then makes `.venv` be exactly the lock."""
    check_machine(group)
    print("Preparing the Python environment …", file=sys.stderr, flush=True)
    offline = "Are the package index and its certificate reachable? `pip download uv` shows the same error."
    if not UV.exists():
        pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade"]
        lock = str(LOCKS / "bootstrap.lock")
        call([*pip, "--target", str(TOOLS), "--require-hashes", "-r", lock], remedy=offline)
    environment = uv_environment(os.environ, pip_settings())
    if not (VENV / "bin" / "python").exists() or not runs(VENV / "bin" / "python"):
        made = [str(UV), "venv", "--quiet", "--clear", "--python", PYTHON, str(VENV)]
        call(made, remedy="The environment could not be made.", environment=environment)
    # Compiled here, once: a process that compiles while it loads keeps several MB of that for as long as it lives.
    synced = [str(UV), "pip", "sync", "--quiet", "--compile-bytecode", "--require-hashes", str(LOCKS / f"{group}.lock")]
    call(synced, remedy=offline, environment=environment)
    STAMP.write_text(json.dumps({"made_from": fingerprint(group)}))


def runs(python: Path) -> bool:
    """True if the environment's Python still starts and is the version that calls us."""
    shown = subprocess.run(
        [python, "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, text=True, check=False
    )
    return shown.stdout.strip() == str(tuple(sys.version_info[:2]))


def main() -> int:
    group = sys.argv[1]
    if is_prepared(group):
        return 0
    try:
        TOOLS.mkdir(exist_ok=True)
        with (TOOLS / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not is_prepared(group):
                prepare(group)
    except (PrepareError, OSError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
