"""Gives each test process its own database, Redis database and mail server.

Loaded with `-p tests.support.environment` (pyproject.toml), that is before Django's settings read the environment.
The servers are those of `bin/test`; further processes have a database server of their own.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from deploy.local.ports import pick
from tests.support.own_server import OwnServer

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
TEMPLATE = "homeward"
"""The database that is migrated once on each server and copied for each process and after each test that commits."""
DATABASE = f"homeward_{WORKER}"

if "HOMEWARD_TEST_FOLDER" not in os.environ:
    raise pytest.UsageError("The tests need their servers: run bin/test, with the same arguments as pytest.")

FOLDER = Path(os.environ["HOMEWARD_TEST_FOLDER"])
MAIL_FOLDER = FOLDER / f"mail-{WORKER}"
MAIL_FOLDER.mkdir(exist_ok=True)
MAIL_PORT = pick()


def with_path(address: str, path: str) -> str:
    return urlsplit(address)._replace(path=f"/{path}").geturl()


REDIS_NUMBER = 0 if WORKER == "main" else int(WORKER.removeprefix("gw")) + 1
OWN_SERVER = OwnServer(FOLDER / WORKER) if REDIS_NUMBER > 1 else None
os.environ.update(OWN_SERVER.addresses if OWN_SERVER else {})
os.environ.update(
    DATABASE_URL=with_path(os.environ["DATABASE_URL"], DATABASE),
    DATABASE_OWNER_URL=with_path(os.environ["DATABASE_OWNER_URL"], DATABASE),
    REDIS_URL=with_path(os.environ["REDIS_URL"], str(REDIS_NUMBER)),
    EMAIL_URL=f"smtp://127.0.0.1:{MAIL_PORT}",
    DEMO_CLOCK="1",
    EGRESS_ALLOWED="127.0.0.1",
    SECURITY_CONTACT="mailto:security@homeward.example",
    SECURITY_EXPIRES="2100-01-01",
    DJANGO_ALLOW_ASYNC_UNSAFE="1",  # Playwright's synchronous interface runs a loop in this thread
)


def pytest_unconfigure() -> None:
    """Nothing of this process stays behind."""
    if OWN_SERVER:
        OWN_SERVER.stop()
