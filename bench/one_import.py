"""One import in a process of its own, as the command does it, so that its memory is its own: told as one JSON object."""

from __future__ import annotations

import gc
import io
import json
import logging
import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import django


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
    gc.collect()
    gc.freeze()  # as the worker does that works lists off
    began = now()
    import_run.run(run, file=io.BytesIO(content), name=path.name, group=group, dry_run=shown, partial=True)
    ended = now()
    stored = ends[0] if ends else ended
    peak = sum(resource.getrusage(each).ru_maxrss for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    took = Imported(stored[0] - began[0], ended[0] - stored[0], stored[1] - began[1], peak)
    sys.stdout.write(json.dumps(asdict(took)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
