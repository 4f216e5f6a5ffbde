"""Fixtures for every test: real PostgreSQL as the runtime role, real Redis, real SMTP, real worker, real browser."""

import gc
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.cast import accounts, crossing, group, organisations, sign_in, viewers
from tests.support import audience
from tests.support.browser import browser, context, page, page_problems, phone
from tests.support.database import django_db_setup
from tests.support.inboxes import fresh_inboxes
from tests.support.passwords import quick_passwords
from tests.support.servers import (
    celery_worker,
    empty_redis,
    live_server,
    mail_folder,
    mail_server,
    mailbox,
    redis_client,
)
from tests.support.static_files import static_files_once

DEEP = (
    "tests/access/test_explanations.py",
    "tests/api/test_any_input.py",
    "tests/api/test_looks.py",
    "tests/api/test_more_than_asked.py",
    "tests/api/test_out_of_reach.py",
    "tests/attacks/test_nested.py",
    "tests/attacks/test_races.py",
    "tests/attacks/test_signing_in.py",
    "tests/deploy/test_production_settings.py",
    "tests/launcher/",
    "tests/notifications/test_in_the_browser.py",
    "tests/notifications/test_live_in_the_browser.py",
    "tests/pages/",
    "tests/returns/test_any_list.py",
    "tests/two_worlds/test_api.py",
    "tests/two_worlds/test_journey.py",
    "tests/two_worlds/test_pages.py",
)
"""What takes seconds each, browsers before all: left to `bin/test --all`, so that `bin/test` stays under ten minutes."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks them before anything is left out."""
    for item in items:
        if item.nodeid.startswith(DEEP):
            item.add_marker(pytest.mark.deep)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector of garbage need not walk through all of it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


__all__ = [
    "accounts",
    "browser",
    "celery_worker",
    "context",
    "crossing",
    "django_db_setup",
    "empty_redis",
    "fresh_inboxes",
    "group",
    "live_server",
    "mail_folder",
    "mail_server",
    "mailbox",
    "organisations",
    "page",
    "page_problems",
    "phone",
    "quick_passwords",
    "redis_client",
    "sign_in",
    "static_files_once",
    "viewers",
]

# The same examples at each run; `bin/test --all` looks at many more.
UNHURRIED: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}  # machines may be busy
settings.register_profile("steady", derandomize=True, **UNHURRIED)
settings.register_profile("deep", derandomize=True, max_examples=1000, **UNHURRIED)
settings.load_profile("steady")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Each test begins as the one who asks, before any of its fixtures."""
    audience.begin()
