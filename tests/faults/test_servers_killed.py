"""What breaks in the middle of two thousand deliveries, on a stack of its own: kill -9 of worker, beat, Redis, PostgreSQL and
mail server, a broker that freezes, a full disk of the mail server, a demonstration clock that jumps.
"""

import os
import resource
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

from bench.telling import Talker, talkers
from deploy.local.benching import grant_for_measuring
from deploy.local.home import ROOT, Home
from deploy.local.ports import pick
from deploy.local.postgres import DATABASE
from deploy.local.problems import StartError
from deploy.local.processes import Child
from deploy.local.services import Services

NUMBER = 2000
TURNS = os.environ.get("FAULT_TURNS", "once").split(",")
"""Each turn breaks everything once: `FAULT_TURNS=once,again bin/test -m deep tests/faults/test_servers_killed.py`."""
MEANWHILE = 20
"""Organisations that are told of something else while the broker is frozen."""
LEASE = "3"
COULD_NOT_TELL = "in_flight", "SMTPServerDisconnected", "Connection", "BrokenPipe"
"""What stands in the log of a try of which nobody knows whether it was taken: a worker that ended, a line that broke."""


def ours(name: str) -> str:
    """The deliveries of one alert, as a part of a query."""
    return (
        "from notifications_delivery d join notifications_notice n on n.id = d.notice_id"
        f" join notifications_alert a on a.id = n.alert_id where a.source = 'bench:{name}'"
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
    """Worker, beat and mail server beside the stack's own servers: each can be broken, and mended again."""

    def __init__(self, services: Services, folder: Path) -> None:
        self.services, self.folder = services, folder
        self.taken, self.port = folder / "taken", pick([])
        self.environment = services.environment() | {
            "EMAIL_URL": f"smtp://127.0.0.1:{self.port}", "DELIVERY_LEASE_SECONDS": LEASE, "DEMO_CLOCK": "true",
            "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        self.mail, self.worker, self.beat = self.start_mail(), self.start_worker(), self.start_beat()

    def start_mail(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "bench.sinks", "mail", str(self.port), str(self.taken)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=ROOT)

    def start_worker(self) -> Child:
        return self.start_celery("worker", "--concurrency=2", "--without-gossip", "--without-mingle")

    def start_beat(self) -> Child:
        return self.start_celery("beat", f"--schedule={self.folder / 'beat'}", "--pidfile=")

    def start_celery(self, what: str, *options: str) -> Child:
        command = [sys.executable, "-m", "celery", "--app=config", what, "--loglevel=INFO", *options]
        return Child(f"The {what}", command, log=self.folder / f"{what}.log", environment=self.environment)

    def kill_worker(self) -> None:
        self.worker.kill_group()
        self.worker = self.start_worker()

    def kill_beat(self) -> None:
        self.beat.kill_group()
        self.beat = self.start_beat()

    def kill_redis(self) -> None:
        self.services.children["valkey"].kill_group()
        self.services.children["valkey"].process.wait()
        self.services.start_one("valkey")

    def kill_a_session(self) -> None:
        """One killed backend makes the server cut every other off and recover from its log."""
        with psycopg.connect(self.environment["DATABASE_URL"], autocommit=True) as client:
            os.kill(client.info.backend_pid, signal.SIGKILL)

    def kill_postmaster(self) -> None:
        """Its sessions end when they notice; until the last one has, no other server takes the files over."""
        self.services.children["postgres"].process.kill()
        self.services.children["postgres"].process.wait()
        wait(self, lambda: self.is_started("postgres"), "the files of the killed server stay taken")

    def is_started(self, name: str) -> bool:
        try:
            self.services.start_one(name)
        except StartError:
            return False
        return True

    def end_mail(self) -> None:
        self.mail.kill()
        self.mail.communicate()

    def kill_mail(self) -> None:
        self.end_mail()
        self.mail = self.start_mail()

    def fill_disk(self) -> None:
        """No room for the mail server's next letter, and after a while there is room again."""
        self.allow(self.taken.stat().st_size)
        wait(
            self,
            lambda: bool(asked(self, "select from notifications_delivery where reason like '452%' limit 1")),
            "452",
        )
        self.allow(resource.RLIM_INFINITY)

    def allow(self, size: int) -> None:
        resource.prlimit(self.mail.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def move_clock(self, minutes: int) -> None:
        """Business time goes on from another hour, for every process at once."""
        with psycopg.connect(self.environment["DATABASE_OWNER_URL"], autocommit=True) as owner:
            owner.execute(
                'insert into common_clockoffset (id, "offset") values (1, make_interval(mins => %(by)s)) on conflict (id)'
                ' do update set "offset" = common_clockoffset."offset" + make_interval(mins => %(by)s)',
                {"by": minutes},
            )

    def look_after(self) -> None:
        """Starts again what has ended by itself, as whatever supervises it does: compose, `bin/run`."""
        if not self.worker.is_running:
            self.worker = self.start_worker()
        if not self.beat.is_running:
            self.beat = self.start_beat()

    def copies(self) -> Counter[str]:
        return Counter(self.taken.read_text().split()) if self.taken.exists() else Counter()

    def end(self) -> None:
        self.beat.stop()
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


def frozen_meanwhile(parts: Parts, raiser: Talker, name: str) -> None:
    """The broker hangs while somebody tells of something else, which must not wait for it."""
    broker = parts.services.children["valkey"].process
    broker.send_signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        raiser.say({"name": name, "number": MEANWHILE})
        raiser.hear()
        assert time.monotonic() - began < 10, "a frozen broker held up whoever tells"
    finally:
        broker.send_signal(signal.SIGCONT)


def told(parts: Parts, name: str) -> tuple[int, int, int]:
    """How many deliveries of an alert there are, how many nobody got, and how many somebody got twice, each of which was in
    flight when something broke.
    """
    not_sent = f"select count(*) {ours(name)} and d.state <> 'handed_over'"
    left = f"select ({not_sent}) + (select count(*) from notifications_unwritten)"  # noqa: S608 (our own words)
    wait(parts, lambda: asked(parts, left) == [(0,)], f"deliveries of {name} were left behind")
    copies = parts.copies()
    sent = {str(row[0]): str(row[1]) for row in asked(parts, f"select d.message_id, d.public_id {ours(name)}")}
    twice = {name for name in sent if copies[name] > 1}
    log = "select delivery, outcome || ' ' || answer from notifications_deliveryattempt where outcome <> 'handed_over'"
    unsure = {str(row[0]) for row in asked(parts, log) if any(word in str(row[1]) for word in COULD_NOT_TELL)}
    assert {sent[name] for name in twice} <= unsure, "a second copy went out although the first was known"
    return len(sent), sum(copies[name] == 0 for name in sent), len(twice)


@pytest.mark.deep
def test_whatever_breaks_nobody_is_left_untold_and_doubles_only_where_the_channel_could_not_tell(parts):
    for turn in TURNS:
        before = sum(parts.copies().values())
        with talkers(("bench.senders", "raise"), **parts.environment) as [raiser]:
            raiser.say({"name": turn, "number": NUMBER})
            raiser.hear()
            breaks: list[Callable[[], None]] = [
                parts.kill_mail,  # the mail server first: what it refuses later waits longer, for it was tried more often
                parts.fill_disk,
                parts.kill_beat,
                lambda: parts.move_clock(15),
                parts.kill_worker,
                parts.kill_redis,
                lambda: frozen_meanwhile(parts, raiser, f"while frozen {turn}"),  # noqa: B023 (called in this turn)
                lambda: parts.move_clock(-15),
                parts.kill_a_session,
                parts.kill_postmaster,
            ]
            for number, strike in enumerate(breaks, 1):
                point = before + NUMBER * number // (len(breaks) + 2)
                wait(parts, lambda point=point: sum(parts.copies().values()) >= point, f"mail {point}")  # type: ignore[misc]
                strike()
        sent, never, twice = told(parts, turn)
        print(f"{turn}: {sent} deliveries, {len(breaks)} breaks: {never} never told, {twice} told more than once")
        assert (sent, never) == (NUMBER, 0)
        assert told(parts, f"while frozen {turn}")[:2] == (MEANWHILE, 0)
