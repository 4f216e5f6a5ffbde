"""Settings that would harm people are refused before anything starts."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from os import environ

import pytest
from django.core.checks import run_checks

TODAY = datetime.now(UTC).date()
SAFE = {
    "BEHIND_TLS": True,
    "PUBLIC_ADDRESS": "https://homeward.iom.int",
    "ALLOWED_HOSTS": ["homeward.iom.int"],
    "MAIL_FROM": "Homeward <notices@iom.int>",
    "EMAIL_USE_TLS": True,
    "DEMO_CLOCK": False,
    "EGRESS_ALLOWED": [],
    "SECURITY_CONTACT": "mailto:security@iom.int",
    "SECURITY_EXPIRES": TODAY + timedelta(days=200),
}


def ours(settings, **changed):
    for name, value in {**SAFE, **changed}.items():
        setattr(settings, name, value)
    return [found.id for found in run_checks(include_deployment_checks=True) if str(found.id).startswith("homeward")]


def test_safe_settings_pass(settings):
    assert ours(settings) == []


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"SEALING_KEYS": ["k1:short"]}, "homeward.E001"),
        ({"DEMO_CLOCK": True}, "homeward.E002"),
        ({"BEHIND_TLS": False}, "homeward.E003"),
        ({"PUBLIC_ADDRESS": "http://homeward.iom.int"}, "homeward.E003"),
        ({"ALLOWED_HOSTS": ["elsewhere.int"]}, "homeward.E004"),
        ({"MAIL_FROM": "Homeward <notices@homeward.example>"}, "homeward.E005"),
        ({"EMAIL_USE_TLS": False}, "homeward.W006"),
        ({"SECURITY_CONTACT": ""}, "homeward.E008"),
        ({"SECURITY_CONTACT": "security@iom.int"}, "homeward.E008"),
        ({"SECURITY_EXPIRES": None}, "homeward.E008"),
        ({"SECURITY_EXPIRES": TODAY}, "homeward.E008"),
        ({"SECURITY_EXPIRES": TODAY + timedelta(days=400)}, "homeward.E008"),
        ({"LIMITS": {"search": (0, 60)}}, "homeward.E009"),
        ({"LIMITS": {"search": (1_000_000, 60)}}, "homeward.E009"),
        ({"EGRESS_ALLOWED": ["id.iom.int", "169.254.169.254"]}, "homeward.E012"),
        ({"CLAMD_ADDRESS": "127.0.0.1:9"}, "homeward.W011"),
        ({"CLAMD_ADDRESS": "nowhere"}, "homeward.W011"),
        ({"STATEMENT_SECONDS": 0}, "homeward.E010"),
        ({"STATEMENT_SECONDS": 600}, "homeward.E010"),
        ({"DUPLICATE_OFFERED_FROM": 0}, "homeward.E020"),
        ({"DUPLICATE_SURE_FROM": 0.5}, "homeward.E020"),
    ],
)
def test_an_unsafe_setting_is_named(settings, changed, refused):
    assert ours(settings, **changed) == [refused]


def test_one_role_for_both_databases_is_refused(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES, "owner", settings.DATABASES["default"])

    assert ours(settings) == ["homeward.E007"]


@pytest.mark.parametrize(
    "program", [["-c", "import config.wsgi"], ["-m", "celery", "--app=config", "worker", "--pool=solo"]]
)
def test_what_serves_does_not_start_with_keys_that_cannot_seal(program):
    environment = {**environ, "SEALING_KEYS": "k1:short"}

    ended = subprocess.run(
        [sys.executable, *program], env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert ended.returncode != 0
    assert "SEALING_KEYS must be a comma-separated list" in ended.stderr + ended.stdout
