"""kill -9 of worker, Redis, PostgreSQL and mail server in the middle of two thousand deliveries, on a stack of their own."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from bench.telling import talkers
from deploy.local.benching import grant_for_measuring
from deploy.local.home import ROOT, Home
from deploy.local.ports import pick
from deploy.local.postgres import DATABASE
from deploy.local.processes import Child
from deploy.local.services import Services
from notifications.lines import MOST_IN_HAND
from notifications.transports.email import LINES

NUMBER = 2000
LEASE = "3"
OURS = (
    "from notifications_delivery d join notifications_notice n on n.id = d.notice_id"
    " join notifications_alert a on a.id = n.alert_id where a.source = 'bench:all'"
)


@pytest.fixture
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Database, Redis and mail of this test alone, with the tables made."""
    with Services(Home(tmp_path_factory.mktemp("killed") / "home", lasting=False), for_tests=True) as services:
        grant_for_measuring(services)
        made = [sys.executable, "manage.py", "setup_world"]
        subprocess.run(made, cwd=ROOT, env=services.environment(), check=True, capture_output=True)
        # Servers for tests do not wait for the disk; where commits are counted after a crash, they must.
        with psycopg.connect(services.environment()["DATABASE_OWNER_URL"], autocommit=True) as owner:
            kept = sql.SQL("alter database {} set synchronous_commit = on").format(sql.Identifier(DATABASE))
            owner.execute(kept)
        yield services


class Parts:
    """The worker and the mail server, which can be killed and started again."""

    def __init__(self, services: Services, folder: Path) -> None:
        self.services, self.folder, self.kills = services, folder, 0
        self.taken, self.port = folder / "taken", pick([])
        self.environment = services.environment() | {
            "EMAIL_URL": f"smtp://127.0.0.1:{self.port}", "DELIVERY_LEASE_SECONDS": LEASE, "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        self.mail, self.worker = self.start_mail(), self.start_worker()

    def start_mail(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "bench.sinks", "mail", str(self.port), str(self.taken)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=ROOT)

    def start_worker(self) -> Child:
        command = [
            sys.executable,
            "-m",
            "celery",
            "--app=config",
            "worker",
            "--beat",
            "--concurrency=2",
            "--loglevel=INFO",
        ]
        command += ["--without-gossip", "--without-mingle", f"--schedule={self.folder / 'beat'}"]
        return Child("The worker", command, log=self.folder / "worker.log", environment=self.environment)

    def kill_worker(self) -> None:
        os.killpg(self.worker.process.pid, signal.SIGKILL)
        self.worker = self.start_worker()

    def kill_redis(self) -> None:
        self.services.children["valkey"].process.kill()
        self.services.children["valkey"].process.wait()
        self.services.start_one("valkey")

    def kill_postgres(self) -> None:
        """One killed backend makes the server cut every other off and recover from its log."""
        with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as client:
            os.kill(client.info.backend_pid, signal.SIGKILL)

    def end_mail(self) -> None:
        self.mail.kill()
        self.mail.communicate()

    def kill_mail(self) -> None:
        self.end_mail()
        time.sleep(0.5)
        self.mail = self.start_mail()

    def look_after(self) -> None:
        """Starts the worker again where it has ended by itself, as whatever supervises it does: compose, `bin/run`."""
        if not self.worker.is_running:
            self.worker = self.start_worker()

    def copies(self) -> Counter[str]:
        return Counter(self.taken.read_text().split()) if self.taken.exists() else Counter()

    def end(self) -> None:
        self.worker.stop()
        self.end_mail()


@pytest.fixture
def parts(stack: Services, tmp_path: Path) -> Iterator[Parts]:
    made = Parts(stack, tmp_path)
    yield made
    made.end()


def asked(parts: Parts, query: str) -> list[tuple[object, ...]]:
    """Rows, as the owner's command sees them; none while the server recovers."""
    try:
        with psycopg.connect(parts.environment["DATABASE_OWNER_URL"], autocommit=True) as client:
            client.execute("select set_config('homeward.audience', '{\"kind\": \"command\"}', false)")
            return client.execute(query.encode()).fetchall()
    except psycopg.OperationalError:
        return []


def wait(parts: Parts, done: Callable[[], bool], what: str, seconds: float = 150) -> None:
    deadline = time.monotonic() + seconds
    while not done():
        parts.look_after()
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@pytest.mark.deep
def test_whatever_is_killed_nobody_is_left_untold_and_doubles_are_few(parts):
    with talkers(("bench.senders", "raise"), **parts.environment) as [raiser]:
        raiser.say({"number": NUMBER})
        raiser.hear()
    steps = [parts.kill_worker, parts.kill_redis, parts.kill_postgres, parts.kill_mail]
    for number, kill in enumerate(steps, 1):
        point = NUMBER * number // 6
        wait(parts, lambda point=point: sum(parts.copies().values()) >= point, f"mail {point}")  # type: ignore[misc]
        kill()
    not_sent = f"select count(*) {OURS} and d.state <> 'handed_over'"
    left = f"select ({not_sent}) + (select count(*) from notifications_unwritten)"  # noqa: S608 (our own words)
    wait(parts, lambda: asked(parts, left) == [(0,)], "deliveries were left behind")
    copies = parts.copies()
    sent = {str(row[0]) for row in asked(parts, f"select d.message_id {OURS}")}
    never, twice = sent - set(copies), [name for name, times in copies.items() if times > 1]
    print(f"{len(sent)} deliveries, {len(steps)} kills: {len(never)} never told, {len(twice)} told more than once")
    assert len(sent) == NUMBER
    assert never == set()
    assert set(copies) == sent
    assert len(twice) <= MOST_IN_HAND * LINES * 2 * len(steps)
