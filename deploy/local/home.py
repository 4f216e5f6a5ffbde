"""The folder of one stack (`.homeward/`, or a throw-away one): its files, its secrets, its remembered ports."""

import base64
import fcntl
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from deploy.local.problems import StartError

ROOT = Path(__file__).resolve().parents[2]
PRODUCT_SECRETS = ("SECRET_KEY", "LIVE_KEY", "SEALING_KEYS")
"""What the programs of the product read under the same names."""
SECRET_NAMES = (*PRODUCT_SECRETS, "POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD", "VALKEY_PASSWORD")


@dataclass(frozen=True)
class Home:
    """One stack's folder. `lasting` is False for a throw-away one, whose servers need not survive a power cut."""

    folder: Path
    lasting: bool = True

    def __post_init__(self) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            # The database's own user must pass through, not look around.
            self.folder.chmod(0o711)
            self.logs.mkdir(mode=0o700, exist_ok=True)
            self.mail.mkdir(mode=0o700, exist_ok=True)
        except OSError as problem:
            raise StartError(
                f"{self.folder} cannot be used: {problem.strerror}. Is the disk full, or not yours?"
            ) from problem

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def mail(self) -> Path:
        return self.folder / "mail"

    @property
    def running_file(self) -> Path:
        return self.folder / "running.json"


def default_home() -> Home:
    """The lasting stack of this checkout, in `.homeward/` unless HOMEWARD_HOME names another folder."""
    return Home(Path(os.environ.get("HOMEWARD_HOME") or ROOT / ".homeward").absolute())


def write_private(path: Path, text: str) -> None:
    """Replaces a file in one step; only its owner may read it, from its first byte on."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """Returns what the file holds, or nothing if it is missing or broken."""
    try:
        value = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def load_secrets(home: Home) -> dict[str, str]:
    """Returns the secrets, made once and kept in `secrets.env` (mode 600). Losing them loses what they sealed."""
    path = home.folder / "secrets.env"
    known: dict[str, str] = {}
    if path.exists():
        lines = path.read_text().splitlines()
        known = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    missing = [name for name in SECRET_NAMES if name not in known]
    if missing:
        known |= {name: new_secret(name) for name in missing}
        head = "# Keep this file with every copy of the database: without it sealed fields cannot be read.\n"
        write_private(path, head + "".join(f"{name}={value}\n" for name, value in known.items()))
    path.chmod(0o600)
    return known


def new_secret(name: str) -> str:
    """Returns a fresh secret; a sealing key is `id:base64(32 bytes)`, the others are URL-safe text."""
    if name == "SEALING_KEYS":
        return "k1:" + base64.b64encode(secrets.token_bytes(32)).decode()
    return secrets.token_urlsafe(36)


def load_ports(home: Home) -> dict[str, int]:
    """Returns the ports of the last start; they may be taken by now."""
    ports = read_json(home.folder / "state.json").get("ports", {})
    return {name: port for name, port in ports.items() if isinstance(port, int)} if isinstance(ports, dict) else {}


def save_ports(home: Home, ports: dict[str, int]) -> None:
    """Remembers the ports, so that the address stays the same at the next start."""
    write_private(home.folder / "state.json", json.dumps({"ports": load_ports(home) | ports}, indent=1))


def claim(home: Home) -> TextIO:
    """Makes this process the only one that runs the stack, until the returned file is closed or the process ends."""
    lock = (home.folder / "lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        running = read_json(home.running_file)
        where = f" at {running['address']}" if running.get("address") else ""
        stop = (
            f"Stop it with Ctrl-C in its window, or `kill {running['pid']}`."
            if running.get("pid")
            else "Try again in a moment."
        )
        raise StartError(f"Homeward is already running from this checkout{where}. {stop}") from None
    return lock
