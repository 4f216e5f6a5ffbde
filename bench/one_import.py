"""One import in a process of its own, as the command does it, so that its memory is its own: told as one JSON object."""

from __future__ import annotations

import gc
import io
import json
import logging
import os
import re
import resource
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Thread

import django

WATCHED_EACH = 0.1
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What it cost until the people were stored, what it cost to judge their cases after that, and memory at most (MB).

    Seconds of work: of this process, of the one that opens workbooks, and of the server's process of its session. Memory: of
    the first two, each at its most.
    """

    stored: float
    judged: float
    elapsed: float
    peak: float


def imported(file: Path, *, group: str, kept: bool = True) -> Imported:
    """Import a file for a group (its code) in a process of its own; unless it is `kept`, it is only shown."""
    asked = [sys.executable, "-m", "bench.one_import", str(file), group, "kept" if kept else "shown"]
    ended = subprocess.run(asked, env=os.environ, capture_output=True, text=True, check=True)
    return Imported(**json.loads(ended.stdout.splitlines()[-1]))


def worked(server: int) -> float:
    """Seconds that a process of the database server has worked, as the kernel counts them."""
    return int(Path(f"/proc/{server}/schedstat").read_text().split()[0]) / 1e9


def work_of(server: int) -> float:
    """Seconds that this process, those that it has started, and a process of the server have worked."""
    started = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + started.ru_utime + started.ru_stime + worked(server)


def most_memory(pid: int) -> float:
    """MB that a running process has held at its most.

    Not what `getrusage` says: that begins with what the process held from which it was started.
    """
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def watch_children(most: dict[int, float]) -> None:
    """Keep in `most`, by process, the MB that each child has held at its most, while this process runs."""
    while True:
        for listed in Path("/proc/self/task").glob("*/children"):
            with suppress(OSError):  # a thread or a child has just ended
                most |= {int(pid): most_memory(int(pid)) for pid in listed.read_text().split()}
        time.sleep(WATCHED_EACH)


def main() -> int:
    """Import what is named, and print how long it took."""
    path, group, shown = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "shown"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    logging.disable(logging.INFO)
    from django.db import connection  # noqa: PLC0415 (needs the settings)

    from common import clock  # noqa: PLC0415
    from common.actors import Actor  # noqa: PLC0415
    from common.audience import Audience, asking  # noqa: PLC0415
    from returns import import_run  # noqa: PLC0415

    ends: list[tuple[float, float]] = []
    with asking(Audience.command("bench")):
        server = connection.connection.info.backend_pid

    def now() -> tuple[float, float]:
        return work_of(server), time.monotonic()

    def say(done: int, total: int, words: str) -> None:
        if words == "stored" and done == total:
            ends.append(now())

    run = import_run.Run(
        by=Actor.command("bench"),
        at=clock.now(),
        real_at=clock.real_now(),
        within=lambda: asking(Audience.command("bench")),
        say=say,
    )
    content = path.read_bytes()
    children: dict[int, float] = {}
    Thread(target=watch_children, args=[children], daemon=True).start()
    gc.collect()
    gc.freeze()  # as the worker does that works lists off
    began = now()
    import_run.run(run, file=io.BytesIO(content), name=path.name, group=group, dry_run=shown, partial=True)
    ended = now()
    stored = ends[0] if ends else ended
    peak = most_memory(os.getpid()) + max(children.values(), default=0)
    took = Imported(stored[0] - began[0], ended[0] - stored[0], stored[1] - began[1], peak)
    sys.stdout.write(json.dumps(asdict(took)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
