"""`bin/test [--all] [PATHS AND PYTEST OPTIONS]`: every check of the project on throw-away servers."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deploy.local import front_end, tables
from deploy.local.home import ROOT, Home
from deploy.local.problems import StartError, code_of
from deploy.local.processes import end_on_signals
from deploy.local.services import Services

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_OPTIONS = (
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page that a test shows from what was sent has no address of this machine, and would be kept from listening to it.
    "--disable-features=LocalNetworkAccessChecks",
)
STEPS = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "floors": ["lint-imports"],
    "security": ["bandit", "--quiet", "--recursive", "--configfile", "pyproject.toml", "deploy", *front_end.APPS],
    "migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
}
STEPS_AT_ONCE = 2
SCRIPTS = ["npm", "--prefix", "frontend", "run", "check"]


def run_step(name: str, command: list[str], environment: dict[str, str]) -> bool:
    """Runs one check, prints one line about it and, when it fails, everything it said."""
    began = time.monotonic()
    own = ROOT / ".venv" / "bin" / command[0]
    program = str(own) if own.exists() else shutil.which(command[0], path=environment.get("PATH")) or command[0]
    ended = subprocess.run(
        [program, *command[1:]], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    passed = ended.returncode == 0
    print(f"{'ok  ' if passed else 'FAIL'} {name:<12} {time.monotonic() - began:5.1f} s", flush=True)
    if not passed:
        print(f"{ended.stdout}{ended.stderr}", flush=True)
    return passed


def templates() -> list[str]:
    """Returns every template of the project for djade."""
    found = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("*/templates/**/*.html")]
    return sorted(str(path.relative_to(ROOT)) for path in found)


def which_browser() -> str | None:
    """Returns the program of this machine's Chromium, if it has one."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def browser_options() -> list[str]:
    """Returns how to call it: quiet, and for root without a sandbox, which root may not have."""
    return [*BROWSER_OPTIONS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def find_browser() -> None:
    """Makes sure that there is a Chromium, with apt where this user may."""
    if which_browser():
        return
    apt = shutil.which("apt-get")
    if os.geteuid() != 0 or not apt:
        raise StartError("The browser tests need Chromium. Let an administrator run: apt install chromium")
    print("Installing Chromium with apt …", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        ended = subprocess.run([apt, "-q", *arguments], env=quiet, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise StartError(
                f"Chromium could not be installed:\n{ended.stdout}{ended.stderr}\nTry: apt install chromium"
            )


def pytest_command(arguments: list[str], *, deep: bool) -> list[str]:
    """Returns the call of pytest: everything on two processes that share the work, a selection on one, which starts faster."""
    command = [str(ROOT / ".venv" / "bin" / "pytest")]
    command += ["--hypothesis-profile=deep"] if deep else ["-m", "not deep"]
    return [*command, *arguments] if arguments else [*command, "-n", "2", "--dist", "worksteal"]


def run_all(arguments: list[str], *, deep: bool, home: Home) -> int:
    """Runs the checks (only pytest when there is a selection), pytest last, so that its summary closes."""
    with Services(home, for_tests=True) as services:
        environment = services.environment()
        environment |= {"HOMEWARD_TEST_FOLDER": str(home.folder), "PYTHONPATH": str(ROOT)}
        front_end.build(environment, lambda line: print(line, flush=True), for_tests=True)
        steps: dict[str, list[str]] = {}
        if not arguments:
            kept = home.folder / "tables.sql"
            steps = {"tables": ["python", "-m", "deploy.local.tables", str(kept)], **STEPS}
            steps |= {"templates": ["djade", "--check", *templates()], "scripts": SCRIPTS}
            environment |= front_end.npm_environment()
        with ThreadPoolExecutor(STEPS_AT_ONCE) as pool:
            passed = list(pool.map(lambda name: run_step(name, steps[name], environment), steps))
        failed = [name for name, well in zip(steps, passed, strict=True) if not well]
        if failed:
            print(f"Failed before the tests: {', '.join(failed)}", flush=True)
        environment |= {} if arguments or "tables" in failed else {tables.KEPT: str(kept)}
        tested = subprocess.run(pytest_command(arguments, deep=deep), cwd=ROOT, env=environment, check=False)
    return tested.returncode or len(failed)


def main() -> int:
    arguments = [argument for argument in sys.argv[1:] if argument != "--all"]
    end_on_signals()
    return code_of(lambda: run_asked(arguments, deep="--all" in sys.argv[1:]))


def run_asked(arguments: list[str], *, deep: bool) -> int:
    """Runs everything, or what the arguments name, on servers of its own; returns the exit code."""
    if not arguments:
        find_browser()
    return run_all(arguments, deep=deep, home=Home(Path(tempfile.mkdtemp(prefix="homeward-")), lasting=False))


if __name__ == "__main__":
    sys.exit(main())
