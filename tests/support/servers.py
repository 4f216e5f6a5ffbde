"""Real mail, Redis, web server and Celery worker for the tests."""

import email
import email.policy
import functools
import os
import time
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import overload

import pytest
import redis
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test.testcases import LiveServerThread
from django.test.utils import override_settings

from deploy.local.mail import MailServer
from deploy.local.nursery import Nursery
from deploy.local.processes import Child
from tests.support.environment import FOLDER, MAIL_FOLDER, MAIL_PORT, WORKER
from tests.support.waiting import wait_until


class Mailbox(Sequence[EmailMessage]):
    """The messages that the real mail server has accepted, oldest first, parsed at each look."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def messages(self) -> list[EmailMessage]:
        """Returns what has arrived so far; `X-Envelope-To` names the recipients of the envelope."""
        files = sorted(self.folder.glob("*.eml"))
        return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]

    def wait_for(self, number: int, *, seconds: float = 20) -> list[EmailMessage]:
        """Waits until at least `number` messages have arrived and returns them."""
        wait_until(lambda: len(self) >= number, f"{number} messages in the mailbox", seconds=seconds)
        return self.messages()

    def to(self, address: str) -> list[EmailMessage]:
        """Returns the messages for one address."""
        return [message for message in self.messages() if address in str(message["X-Envelope-To"])]

    def __len__(self) -> int:
        return len(list(self.folder.glob("*.eml")))

    @overload
    def __getitem__(self, index: int) -> EmailMessage: ...
    @overload
    def __getitem__(self, index: slice) -> list[EmailMessage]: ...
    def __getitem__(self, index: int | slice) -> EmailMessage | list[EmailMessage]:
        return self.messages()[index]


@pytest.fixture(scope="session")
def mail_server(django_test_environment: None) -> Iterator[MailServer]:
    """The real mail server of this process; Django's test runner would put a list in its place."""
    server = MailServer(MAIL_FOLDER, port=MAIL_PORT)
    server.start()
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend"):
        yield server
    server.stop()


@pytest.fixture(autouse=True)
def mail_folder(mail_server: MailServer) -> Path:
    """The folder of accepted messages, empty at the start of each test."""
    for file in mail_server.folder.glob("*"):
        file.unlink()
    return mail_server.folder


@pytest.fixture
def mailbox(mail_folder: Path) -> Mailbox:
    """The accepted messages as a sequence."""
    return Mailbox(mail_folder)


@pytest.fixture(scope="session")
def redis_client() -> Iterator[redis.Redis]:
    """A client of this process's own Redis database."""
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        yield client


@pytest.fixture(autouse=True)
def empty_redis(redis_client: redis.Redis) -> None:
    """Forgets the queue, the cache and the limiters of the test before."""
    redis_client.flushdb()


class PlainHandler(WSGIHandler):
    """Stands where Django would put its own static files, and leaves them to WhiteNoise as production does."""

    def __init__(self, site: WSGIHandler) -> None:
        super().__init__()


class LiveServer:
    """The site over HTTP in a thread, static files as in production."""

    def __init__(self) -> None:
        self.thread = LiveServerThread("127.0.0.1", static_handler=PlainHandler)
        self.thread.daemon = True
        self.thread.start()
        self.thread.is_ready.wait(20)
        if self.thread.error:
            raise self.thread.error
        # pytest-django enables it for each test that uses the server, and disables it after.
        self._live_server_modified_settings = override_settings(PUBLIC_ADDRESS=self.url)

    @property
    def url(self) -> str:
        return f"http://{self.thread.host}:{self.thread.port}"

    def __str__(self) -> str:
        return self.url


@pytest.fixture(scope="session")
def live_server() -> Iterator[LiveServer]:
    """Replaces pytest-django's, whose static files are not those of production. Tests with it commit."""
    server = LiveServer()
    yield server
    server.thread.terminate()


@functools.cache
def nursery(environment: tuple[tuple[str, str], ...]) -> Nursery:
    """Returns the process of this environment that has loaded the product; a worker is a fork of it and starts at once."""
    return Nursery(log=FOLDER / f"nursery-{WORKER}.log", environment={**os.environ, **dict(environment)})


class CeleryWorker:
    """A real worker process on this test's database, Redis and mail."""

    def __init__(self) -> None:
        self.child: Child | None = None

    def start(self, **environment: str) -> None:
        """Starts it and waits until it takes tasks; arguments are extra environment variables."""
        command = ["celery", "--app=config", "worker", "--pool=solo", "--loglevel=INFO"]
        command += ["--without-gossip", "--without-mingle", f"--hostname={WORKER}-{time.time_ns()}@localhost"]
        said = {"PUBLIC_ADDRESS": settings.PUBLIC_ADDRESS, **environment}
        log = FOLDER / f"worker-{WORKER}.log"
        log.touch()  # it is looked into before the fork has opened it
        self.child = nursery(tuple(sorted(said.items()))).start_child("Celery worker", command, log=log)
        self.child.wait_until(lambda: self.child is not None and " ready." in self.child.output(), seconds=60)

    def kill(self) -> None:
        """Ends it in the middle of what it does, as `kill -9` would."""
        if self.child:
            self.child.process.kill()
            self.child.process.wait()

    def stop(self) -> None:
        """Lets it finish its task and end."""
        if self.child:
            self.child.stop()

    @property
    def log(self) -> str:
        """What the latest start has logged."""
        return self.child.output() if self.child else ""


@pytest.fixture
def celery_worker(transactional_db: None, empty_redis: None, mail_folder: Path) -> Iterator[CeleryWorker]:
    """A running worker; `kill()`, `stop()` and `start()` are for tests of faults."""
    worker = CeleryWorker()
    worker.start()
    yield worker
    worker.stop()
