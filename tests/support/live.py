"""The live process as it is served, on this test process's Redis, and somebody who listens to it."""

import http.client
import os
import sys
from urllib.parse import urlencode

from deploy.local.home import ROOT
from deploy.local.ports import HOST, pick
from deploy.local.processes import Child
from tests.support.environment import FOLDER, WORKER


class LiveProcess:
    """A running one. `key` signs the tickets that it takes."""

    def __init__(self, *, key: str, public_address: str, redis_url: str = "") -> None:
        self.port = pick()
        command = [sys.executable, "-m", "gunicorn", f"--config={ROOT / 'deploy' / 'live_conf.py'}"]
        given = {"LIVE_KEY": key, "PUBLIC_ADDRESS": public_address, "REDIS_URL": redis_url or os.environ["REDIS_URL"]}
        self.child = Child(
            "The live process",
            [*command, f"--bind={HOST}:{self.port}"],
            log=FOLDER / f"live-{WORKER}.log",
            environment={"PATH": os.defpath, "PYTHONPATH": str(ROOT), **given},
        )
        self.child.wait_until(lambda: self.status("/readyz") in (200, 503), seconds=30)

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.port}/live/stream"

    def status(self, path: str, *, method: str = "GET", origin: str = "") -> int:
        """What it answers, or 0 while nobody does."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=5)
        try:
            connection.request(method, path, headers={"Origin": origin} if origin else {})
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def listen(self, ticket: str, *, origin: str = "") -> "Listening":
        return Listening(self.port, ticket, origin)


class Listening:
    """An open stream, read line by line."""

    def __init__(self, port: int, ticket: str, origin: str) -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=10)
        path = f"/live/stream?{urlencode({'ticket': ticket})}"
        self.connection.request("GET", path, headers={"Origin": origin} if origin else {})
        self.socket = self.connection.sock  # which an answer without an end takes over
        self.answer = self.connection.getresponse()
        self.status = self.answer.status

    def next(self, *, seconds: float = 5) -> str:
        """The next word: the kind of a topic, a comment as `: …`, or nothing where the stream has ended."""
        self.socket.settimeout(seconds)
        for line in iter(self.answer.readline, b""):
            said = line.decode().strip()
            if said.startswith(("data: ", ":")):
                return said.removeprefix("data: ")
        return ""

    def close(self) -> None:
        self.answer.close()
        self.connection.close()
