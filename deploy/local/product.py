"""The process that has loaded all that web, worker and live use. They are forks of it, which share what it has loaded.

Each program that loaded the product for itself would take some 35 MB more. It holds no connection and no thread when it
forks. What it is asked and what it tells stands in `deploy.local.nursery`.
"""

import gc
import json
import os
import runpy
import select
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import celery.bin.worker  # noqa: F401
import gunicorn.app.wsgiapp
import gunicorn.workers.gasgi
import gunicorn.workers.gthread  # noqa: F401
from celery import bootsteps
from celery.beat import EmbeddedService
from django.conf import settings
from django.urls import get_resolver
from django.utils.translation import trans_real

import config.live
import config.wsgi  # noqa: F401
from common import countries
from config.celery import app
from deploy.local.nursery import MESSAGE_BYTES
from deploy.local.processes import LIBC, end_with_parent

PR_SET_NAME = 15
LOOK_SECONDS = 0.1


class BeatInThread(bootsteps.StartStopStep):
    """Beat beside the tasks of the only worker. The step that Celery brings forks a process for it, of some 20 MB."""

    label = "Beat in a thread"

    def include_if(self, parent: Any) -> bool:
        """Only for a worker that is told where the schedule is kept; the name that Celery gives it is no whole path."""
        return Path(parent.schedule_filename).is_absolute()

    def create(self, parent: Any) -> Any:
        parent.beat = EmbeddedService(parent.app, schedule_filename=parent.schedule_filename, thread=True)
        return parent.beat


def load() -> None:
    """Loads what is imported late, and leaves everything out of later collections, which would copy it into each fork."""
    app.steps["worker"].add(BeatInThread)
    app.loader.import_default_modules()
    app.finalize()
    get_resolver()._populate()  # else each fork does it at its first link
    for language, _name in settings.LANGUAGES:
        trans_real.translation(language)
    countries.load()
    gc.collect()
    gc.freeze()


def become(name: str, command: Sequence[str], log: Path) -> NoReturn:
    """Makes this fork the program; the kernel lists it, and all that it forks, under `name`."""
    code: int | str | None = 1
    try:
        os.setpgid(0, 0)  # Ctrl-C goes to the launcher alone, which stops the others in order
        end_with_parent(signal.SIGTERM)
        LIBC.prctl(PR_SET_NAME, name.encode(), 0, 0, 0)
        with log.open("ab") as output:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        sys.argv = list(command)
        runpy.run_module(command[0], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as ended:
        code = ended.code
        if isinstance(code, str):
            print(code, file=sys.stderr)
    except BaseException:  # a fork must not go on as the process it came from
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


def serve(channel: socket.socket) -> None:
    """Forks what is asked for and tells what ends, until the launcher hangs up; the programs then end too."""
    running: set[int] = set()
    while True:
        if select.select([channel], [], [], LOOK_SECONDS)[0]:
            message = channel.recv(MESSAGE_BYTES)
            if not message:
                return
            asked = json.loads(message)
            pid = os.fork()
            if not pid:
                become(asked["name"], asked["command"], Path(asked["log"]))
            running.add(pid)
            channel.send(json.dumps({"pid": pid}).encode())
        for pid in list(running):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                running.discard(pid)
                channel.send(json.dumps({"pid": pid, "code": os.waitstatus_to_exitcode(status)}).encode())


if __name__ == "__main__":
    load()
    serve(socket.socket(fileno=int(sys.argv[1])))
