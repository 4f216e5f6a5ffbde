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
    "SECRET_KEY": "kQ3-vE9xZr7_TnB2wLs8YcA5uHf1JdG6oPi0MqXbRtVkWyNjCz",
    "LIVE_ADDRESS": "https://homeward.iom.int/live/stream",
    "LIVE_KEY": "wY4-pC7hQx2_KsN9vRb6LtZ3jDe8FmGa5UoWi1MqXcBrTkHyEnJz",
    "REDIS_URL": "redis://:mT7-kX2qLw9vRz4B@valkey:6379/0",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
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
        ({"SECRET_KEY": "x" * 60}, "homeward.E013"),
        ({"SECRET_KEY": "kQ3-vE9xZr7_TnB2"}, "homeward.E013"),
        ({"LIVE_KEY": ""}, "homeward.E025"),
        ({"LIVE_KEY": "kQ3-vE9xZr7_TnB2wLs8YcA5uHf1JdG6oPi0MqXbRtVkWyNjCz"}, "homeward.E025"),
        ({"SEALING_KEYS": [f"k1:{'A' * 43}="]}, "homeward.E014"),
        ({"REDIS_URL": "redis://valkey:6379/0"}, "homeward.E017"),
        ({"REDIS_URL": "redis://:homeward@valkey:6379/0"}, "homeward.E017"),
        ({"DEBUG": True}, "homeward.E018"),
        ({"ALLOWED_HOSTS": ["homeward.iom.int", "*"]}, "homeward.E019"),
        ({"ALLOWED_HOSTS": ["homeward.iom.int", ".iom.int"]}, "homeward.E019"),
        ({"CSRF_TRUSTED_ORIGINS": ["http://homeward.iom.int"]}, "homeward.E024"),
        ({"CSRF_TRUSTED_ORIGINS": ["https://*.iom.int"]}, "homeward.E024"),
        ({"SESSION_COOKIE_SECURE": False}, "homeward.E021"),
        ({"CSRF_COOKIE_SECURE": False}, "homeward.E021"),
        ({"SESSION_COOKIE_HTTPONLY": False}, "homeward.E021"),
        ({"CSRF_COOKIE_HTTPONLY": False}, "homeward.E021"),
        ({"SECURE_HSTS_SECONDS": 0}, "homeward.E022"),
        ({"SECURE_SSL_REDIRECT": False}, "homeward.E022"),
        ({"MFA_SUPPORTED_TYPES": []}, "homeward.E023"),
        ({"MIDDLEWARE": []}, "homeward.E023"),
    ],
)
def test_an_unsafe_setting_is_named(settings, changed, refused):
    assert ours(settings, **changed) == [refused]


def test_one_role_for_both_databases_is_refused(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES, "owner", settings.DATABASES["default"])

    assert ours(settings) == ["homeward.E007"]


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"PASSWORD": ""}, "homeward.E015"),
        ({"PASSWORD": "homeward_app"}, "homeward.E015"),
        ({"PASSWORD": "short"}, "homeward.E015"),
        ({"USER": "postgres"}, "homeward.E016"),
    ],
)
def test_a_database_that_anybody_could_enter_is_refused(settings, monkeypatch, changed, refused):
    for name, value in changed.items():
        monkeypatch.setitem(settings.DATABASES["default"], name, value)
    assert ours(settings) == [refused]


def test_a_database_on_a_socket_needs_no_password(settings, monkeypatch):
    for name, value in {"HOST": "/run/postgresql", "PASSWORD": ""}.items():
        monkeypatch.setitem(settings.DATABASES["default"], name, value)
    assert ours(settings) == []


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
