"""The programs of the product: web, the worker with beat, and live, which tells open pages that something changed."""

import http.client
from collections.abc import Callable
from dataclasses import dataclass

from deploy.local.home import ROOT, Home
from deploy.local.nursery import Nursery
from deploy.local.ports import HOST
from deploy.local.processes import Child


@dataclass(frozen=True)
class Program:
    """What to start, and how to see that it is at work."""

    name: str
    command: list[str]
    """What follows `python -m`."""
    is_ready: Callable[[Child], bool]

    def start(self, home: Home, nursery: Nursery) -> Child:
        """Starts it; its output goes to a file named after it."""
        return nursery.start_child(self.name, self.command, log=home.logs / f"{self.name}.log")


def programs(home: Home, port: int, live_port: int) -> list[Program]:
    """Returns the programs of a stack whose pages are served on `port`, and told on `live_port` that something changed."""
    web = ["deploy.local.alone", f"--config={ROOT / 'deploy' / 'gunicorn_conf.py'}", f"--bind={HOST}:{port}"]
    worker = ["celery", "--app=config", "worker", "--pool=solo", "--without-gossip", "--without-mingle"]
    worker += ["--loglevel=INFO", f"--hostname=homeward-{port}@localhost"]
    # One task at a time in the process itself: a child for it would hold everything twice (docs/adr/0005).
    # Of beat, which is a thread of the only worker (`product.BeatInThread`).
    worker += [f"--schedule={home.folder / 'beat-schedule'}"]
    live = ["deploy.local.alone", f"--config={ROOT / 'deploy' / 'live_conf.py'}", f"--bind={HOST}:{live_port}"]
    return [
        Program("web", web, lambda child: serves(port)),
        Program("worker", worker, lambda child: " ready." in child.output()),
        Program("live", live, lambda child: serves(live_port)),
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
