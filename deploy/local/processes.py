"""Child processes that end with their parent and keep their output in a file."""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from deploy.local.problems import StartError

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1
GIVING_BACK = {"MALLOC_MMAP_THRESHOLD_": "131072", "MALLOC_TRIM_THRESHOLD_": "131072"}
"""Environment in which a process gives back what one large need took, from so many bytes on; else it keeps it for good."""


class Process(Protocol):
    """What is asked of a process, however it was started."""

    args: Any
    pid: int
    returncode: Any

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int) -> None: ...
    def kill(self) -> None: ...


class Child:
    """One server. Start it from the main thread: the kernel ends it when the thread that started it ends."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        environment: Mapping[str, str],
        user: pwd.struct_passwd | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        folder: Path | None = None,
        keep_open: Collection[int] = (),
    ) -> None:
        self.name, self.log, self.stop_signal = name, log, stop_signal
        with log.open("ab") as output:
            self.log_start = output.tell()
            self.process: Process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder or Path(__file__).resolve().parents[2],
                env=dict(environment),
                preexec_fn=lambda: end_with_parent(stop_signal),  # noqa: PLW1509
                process_group=0,  # Ctrl-C goes to the parent alone, which stops the others in order
                pass_fds=keep_open,
                **as_user(user),
            )

    @classmethod
    def of(cls, name: str, process: "Process", *, log: Path, log_start: int) -> "Child":
        """Returns the child for a process that somebody else has started."""
        child = cls.__new__(cls)
        child.name, child.process, child.log, child.log_start = name, process, log, log_start
        child.stop_signal = signal.SIGTERM
        return child

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def output(self) -> str:
        """Returns what this start has written so far."""
        with self.log.open("rb") as file:
            file.seek(self.log_start)
            return file.read().decode(errors="replace")

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Waits for the server to answer; raises with the end of its log when it ends or takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            late = time.monotonic() > deadline
            if late or not self.is_running:
                happened = (
                    f"did not answer within {seconds:.0f} s" if late else f"ended with code {self.process.returncode}"
                )
                last = "\n".join(self.output().splitlines()[-15:])
                raise StartError(f"{self.name} {happened}. The end of {self.log}:\n{last}")
            time.sleep(0.03)

    def ask_to_stop(self) -> None:
        """Sends the signal on which the server ends in order, and does not wait."""
        if self.is_running:
            self.process.send_signal(self.stop_signal)

    def kill_group(self) -> None:
        """Ends at once whatever the server has started and left behind."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self, *, seconds: float = 15) -> None:
        """Asks the server to end and, when it does not, kills its process group."""
        if self.is_running:
            self.ask_to_stop()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill_group()
                self.process.wait()


def end_with_parent(number: int) -> None:
    """Has the kernel send this signal to the calling process when its parent ends."""
    LIBC.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


def as_user(user: pwd.struct_passwd | None) -> dict[str, Any]:
    """Returns the arguments of Popen that run a program as somebody else and with none of our groups."""
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def end_on_signals() -> None:
    """Makes SIGTERM and a closed terminal end this process as Ctrl-C does, so that it stops what it started.

    Ctrl-C itself is among them: a shell that starts us in the background has it ignored.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, raise_interrupt)


def raise_interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
