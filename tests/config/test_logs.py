"""No log line keeps a key or what somebody searched for."""

import json
import logging
from logging.config import DictConfigurator
from typing import Any

import pytest
import structlog
from django.conf import settings

LOGGING: dict[str, Any] = settings.LOGGING
FORMATTER = DictConfigurator(LOGGING).configure_formatter(dict(LOGGING["formatters"]["json"]))


def written(message: object) -> str:
    """The line as the console gets it."""
    return str(FORMATTER.format(logging.LogRecord("django.request", logging.WARNING, "", 0, message, (), None)))


@pytest.mark.parametrize("key", ["/a/AbC-12_x.y/", "/d/AbC-12_x.y/", "/accounts/password/reset/key/1f-AbC-12_x.y/"])
def test_a_line_of_another_library_keeps_no_key(key):
    assert "AbC-12" not in written(f"Not Found: {key}")
    assert "Not Found: /" in written(f"Not Found: {key}")


def test_our_own_line_keeps_neither_key_nor_question():
    processors = structlog.get_config()["processors"]
    event = {"event": "request_finished", "request": "GET /a/AbC-12_x.y/?next=Qodirov", "code": 404}
    for processor in processors[-2:-1]:
        event = processor(None, "info", event)
    assert event["request"] == "GET /a/…/"
    assert json.dumps(event).count("AbC") == 0


def test_an_address_without_a_key_is_kept_whole():
    assert "/groups/count/" in written("Not Found: /groups/count/")
    assert "/api/v1/crossings/" in written("Not Found: /api/v1/crossings/")
