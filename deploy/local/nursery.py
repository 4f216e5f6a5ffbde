"""A process that loads the product once and forks each program from itself, so that they share what is loaded.

`deploy.local.product` is that process; here is the launcher's side. They speak over a socket, one JSON object a message:
the launcher asks with `{"name", "command", "log"}` and is told `{"pid"}`; of a program that ends, `{"pid", "code"}`.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.local.processes import Child

MESSAGE_BYTES = 8192
LOADING_SECONDS = 90


class Forked:
    """A forked program, with what `Child` needs of a process."""

    def __init__(self, nursery: "Nursery", args: Sequence[str], pid: int) -> None:
        self.nursery, self.args, self.pid = nursery, args, pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Returns the exit code, or minus the signal that ended it, or None while it runs."""
        if self.returncode is None:
            self.returncode = self.nursery.code_of(self.pid)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Waits for the end. Raises `subprocess.TimeoutExpired`."""
        deadline = time.monotonic() + (timeout or 0)
        while (code := self.poll()) is None:
            if timeout is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
            time.sleep(0.02)
        return code

    def send_signal(self, sig: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, sig)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The launcher's side: starts the process at the first fork, and again when it has ended."""

    def __init__(self, *, log: Path, environment: Mapping[str, str]) -> None:
        self.log, self.environment = log, environment
        self.loaded: Child | None = None
        self.channel: socket.socket | None = None
        self.running: set[int] = set()
        self.forked: list[int] = []
        self.ended: dict[int, int] = {}

    def start_child(self, name: str, command: Sequence[str], *, log: Path) -> Child:
        """Forks a program, as `python -m` with the words of `command` would start it. Raises StartError."""
        loaded, channel = self._process()
        before = log.stat().st_size if log.exists() else 0
        channel.send(json.dumps({"name": name, "command": list(command), "log": str(log)}).encode())
        loaded.wait_until(self._has_forked, seconds=LOADING_SECONDS)
        pid = self.forked.pop()
        self.running.add(pid)
        return Child.of(f"The {name}", Forked(self, command, pid), log=log, log_start=before)

    def code_of(self, pid: int) -> int | None:
        """Returns with what code a program has ended, or None while it runs."""
        self._read()
        if self.loaded is None or not self.loaded.is_running:
            self._forget()
        return self.ended.get(pid)

    def stop(self) -> None:
        if self.loaded is not None:
            self.loaded.stop()
        self._forget()

    def _process(self) -> tuple[Child, socket.socket]:
        if self.loaded is None or self.channel is None or not self.loaded.is_running:
            self._forget()
            self.channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            self.channel.setblocking(False)
            with theirs:
                number = theirs.fileno()
                command = [sys.executable, "-m", "deploy.local.product", str(number)]
                self.loaded = Child(
                    "The product", command, log=self.log, environment=self.environment, keep_open=[number]
                )
        return self.loaded, self.channel

    def _has_forked(self) -> bool:
        self._read()
        return bool(self.forked)

    def _read(self) -> None:
        """Takes in whatever was told since."""
        while self.channel is not None:
            try:
                told = json.loads(self.channel.recv(MESSAGE_BYTES) or b"{}")
            except OSError:
                return
            if not told:
                return
            if "code" in told:
                self.ended[told["pid"]] = told["code"]
                self.running.discard(told["pid"])
            else:
                self.forked.append(told["pid"])

    def _forget(self) -> None:
        """All that were forked ended with the process that has ended."""
        if self.channel is not None:
            self.channel.close()
            self.channel = None
        self.ended.update(dict.fromkeys(self.running, -signal.SIGTERM))
        self.running.clear()
