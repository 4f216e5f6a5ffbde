"""`bin/run` as a person meets it: a real stack in a throw-away folder."""

import http.client
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlsplit

import pytest

from deploy.local.addresses import SCHEMES
from deploy.local.home import ROOT
from tests.support.waiting import wait_until

pytestmark = pytest.mark.deep


class Started:
    """One call of `bin/run`."""

    begun: ClassVar[list[subprocess.Popen[bytes]]] = []

    def __init__(self, folder: Path, **environment: str) -> None:
        clean = {
            name: value
            for name, value in os.environ.items()
            if name not in {*SCHEMES, "SECRET_KEY", "PORT", "DEMO_CLOCK"}
        }
        clean |= {"HOMEWARD_HOME": str(folder), **environment}
        self.folder = folder
        self.output = folder.with_name(f"output-{len(list(folder.parent.glob('output-*')))}")
        with self.output.open("w") as output:
            command = [str(ROOT / "bin" / "run")]
            self.process = subprocess.Popen(command, stdout=output, stderr=output, env=clean, start_new_session=True)
        self.begun.append(self.process)

    @property
    def said(self) -> str:
        return self.output.read_text()

    @property
    def noted(self) -> dict[str, dict[str, int]]:
        return dict(json.loads((self.folder / "running.json").read_text()))

    @property
    def address(self) -> str:
        return next(word for word in self.said.split() if word.startswith("http://"))

    def wait(self) -> "Started":
        """Waits until it says that it is ready."""
        wait_until(lambda: "is ready at" in self.said or self.process.poll() is not None, "the stack", seconds=180)
        assert self.process.poll() is None, self.said
        return self

    def status(self, path: str) -> int:
        """Returns how the site answers."""
        parts = urlsplit(self.address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ends it as Ctrl-C would and returns its exit code."""
        self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """The first start in a new folder, which makes everything; whoever has stopped it may start there again."""
    yield Started(tmp_path_factory.mktemp("first") / "home").wait()
    end(Started.begun)


@pytest.fixture(autouse=True)
def nothing_runs_on() -> Iterator[None]:
    """What a test has started, and not yet stopped, ends with it."""
    before = len(Started.begun)
    yield
    end(Started.begun[before:])


def end(begun: list[subprocess.Popen[bytes]]) -> None:
    for process in begun:
        if process.poll() is None:
            process.kill()
            process.wait()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home"


def is_gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def test_it_starts_everything_stops_everything_and_loses_nothing(first: Started) -> None:
    folder = first.folder
    assert first.status("/accounts/login/") == 200
    assert "Stop it with Ctrl-C" in first.said
    assert "manage second_factor_code" in first.said
    assert manage(folder, "second_factor_code", "coordinator@homeward.example").strip().isdigit()
    address, pids = first.address, first.noted["pids"]
    assert set(pids) == {"postgres", "valkey", "web", "worker", "live"}
    secrets = (folder / "secrets.env").read_text()
    manage(folder, "shell", "-c", "from django.core.cache import cache; cache.set('kept', 'yes', None)")

    assert first.stop() == 0
    assert "Everything is kept" in first.said
    assert all(is_gone(pid) for pid in pids.values())
    assert "database system is shut down" in (folder / "logs" / "postgres.log").read_text()

    second = Started(folder).wait()
    assert second.address == address
    assert (folder / "secrets.env").read_text() == secrets
    shown = manage(
        folder, "shell", "--verbosity=0", "-c", "from django.core.cache import cache; print(cache.get('kept'))"
    )
    assert shown.strip() == "yes"
    assert second.stop(signal.SIGTERM) == 0


def manage(folder: Path, *arguments: str) -> str:
    """Runs a command against the running stack."""
    clean = {name: value for name, value in os.environ.items() if name not in {*SCHEMES, "SECRET_KEY", "DEMO_CLOCK"}}
    command = [str(ROOT / "bin" / "manage"), *arguments]
    environment = {**clean, "HOMEWARD_HOME": str(folder)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def test_it_stands_alone_starts_again_whatever_is_killed_and_leaves_nothing_running_when_it_is_killed_itself(
    first: Started,
) -> None:
    folder = first.folder
    if first.process.poll() is None:  # nobody else has stopped it before
        assert first.stop() == 0
    stack = Started(folder).wait()
    second = Started(folder)
    assert second.process.wait(60) == 1
    assert f"already running from this checkout at {stack.address.rstrip('/')}" in second.said
    assert "Traceback" not in second.said

    for name in ("worker", "postgres", "valkey", "web"):
        killed = stack.noted["pids"][name]
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda name=name, killed=killed: stack.noted["pids"][name] != killed, name, seconds=60)  # type: ignore[misc]
    wait_until(lambda: answers(stack), "the site", seconds=60)
    assert stack.said.count("starting it again") >= 4

    pids = stack.noted["pids"]
    stack.process.kill()
    stack.process.wait()
    wait_until(lambda: all(is_gone(pid) for pid in pids.values()), "the children to end", seconds=60)
    (folder / "running.json").unlink()
    again = Started(folder).wait()
    assert again.status("/accounts/login/") == 200
    assert again.stop() == 0


def answers(stack: Started) -> bool:
    try:
        return stack.status("/accounts/login/") == 200
    except (OSError, http.client.HTTPException):
        return False


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "eighty", "give a number from 1 to 65535"),
        ("REDIS_URL", "redis:/nowhere", "REDIS_URL names no host"),
        ("DATABASE_URL", "sqlite:///x", "DATABASE_URL must begin with postgres://"),
        ("EMAIL_URL", "nowhere", "EMAIL_URL must begin with smtp://"),
    ],
)
def test_it_says_what_is_wrong_with_a_setting(folder: Path, name: str, value: str, said: str) -> None:
    stopped = Started(folder, **{name: value})
    assert stopped.process.wait(60) == 1
    assert said in stopped.said
    assert "Traceback" not in stopped.said
