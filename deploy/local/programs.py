"""The three programs of the product: web, worker, beat."""

import http.client
import sys
from collections.abc import Callable
from dataclasses import dataclass

from deploy.local.home import Home
from deploy.local.ports import HOST
from deploy.local.processes import Child


@dataclass(frozen=True)
class Program:
    """What to start, and how to see that it is at work."""

    name: str
    command: list[str]
    is_ready: Callable[[Child], bool]

    def start(self, home: Home, environment: dict[str, str]) -> Child:
        """Starts it; its output goes to a file named after it."""
        log = home.logs / f"{self.name.lower()}.log"
        return Child(f"The {self.name}", self.command, log=log, environment=environment)


def programs(home: Home, port: int) -> list[Program]:
    """Returns the programs of a stack whose pages are served on `port`."""
    python = [sys.executable, "-m"]
    web = ["gunicorn", "config.wsgi", f"--bind={HOST}:{port}", "--workers=2", "--worker-class=gthread", "--threads=4"]
    web += ["--preload", "--no-control-socket", "--graceful-timeout=5", "--timeout=60", "--worker-tmp-dir=/dev/shm"]
    worker = ["celery", "--app=config", "worker", "--concurrency=2", "--without-gossip", "--without-mingle"]
    worker += ["--loglevel=INFO", f"--hostname=homeward-{port}@localhost"]
    beat = ["celery", "--app=config", "beat", "--loglevel=INFO", f"--schedule={home.folder / 'beat-schedule'}"]
    return [
        Program("web", python + web, lambda child: serves(port)),
        Program("worker", python + worker, lambda child: " ready." in child.output()),
        Program("beat", [*python, *beat, f"--pidfile={home.folder / 'beat.pid'}"], lambda child: child.is_running),
    ]


def serves(port: int) -> bool:
    """True if something answers HTTP on the port, whatever it answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
