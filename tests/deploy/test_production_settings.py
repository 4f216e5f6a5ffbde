"""The settings that docker-compose.yml and bin/secrets make pass Django's own check for deployment and ours, word for word."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.local.home import ROOT
from tests.deploy.test_compose import GIVEN, secrets, variables

__all__ = ["secrets"]
MAIL = "smtp+tls://homeward:word@mail.iom.int:587"
TODAY = datetime.now(UTC).date()


@pytest.fixture
def environment(secrets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """That of the container which migrates, with a mail server, and nothing else."""
    monkeypatch.setitem(GIVEN, "SITE", "homeward.iom.int")
    monkeypatch.setitem(GIVEN, "MAIL_FROM", "Homeward <notices@iom.int>")
    monkeypatch.setitem(GIVEN, "SECURITY_CONTACT", "mailto:security@iom.int")
    monkeypatch.setitem(GIVEN, "SECURITY_EXPIRES", str(TODAY + timedelta(days=300)))
    mail = tmp_path / "email_url"
    mail.write_text(MAIL)
    given = {name: value.replace("/run/secrets", str(secrets)) for name, value in variables("migrate").items()}
    return {"PATH": os.defpath, **given, "EMAIL_URL_FILE": str(mail)}


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_the_check_of_a_deployment_finds_nothing_to_say(environment):
    ended = run(environment, "check", "--deploy", "--fail-level", "DEBUG")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == "System check identified no issues (1 silenced).\n"


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"DEBUG": "true"}, "homeward.E018"),
        ({"DEMO_CLOCK": "true"}, "homeward.E002"),
        ({"BEHIND_TLS": "false"}, "homeward.E003"),
        ({"ALLOWED_HOSTS": "homeward.iom.int,*"}, "homeward.E019"),
    ],
)
def test_a_place_for_real_people_is_not_set_up_with_an_unsafe_setting(environment, changed, refused):
    """The database cannot be reached from here: it is refused before anybody speaks to it."""
    ended = run(environment | changed, "setup_world", "--without-demonstration")
    assert ended.returncode != 0
    assert refused in ended.stderr
    assert "OperationalError" not in ended.stderr


@pytest.mark.parametrize(
    ("address", "secured"),
    [
        ("smtp://mail.iom.int", (25, False, False)),
        ("smtp+tls://homeward:p%40ss@mail.iom.int", (587, True, False)),
        ("smtp+ssl://mail.iom.int", (465, False, True)),
        ("smtps://mail.iom.int:1465", (1465, False, True)),
    ],
)
def test_the_address_of_the_mail_server_says_how_the_line_is_secured(environment, address, secured):
    asked = "import config.settings as s; print((s.EMAIL_PORT, s.EMAIL_USE_TLS, s.EMAIL_USE_SSL))"
    given = {name: value for name, value in environment.items() if name != "EMAIL_URL_FILE"}
    command = [sys.executable, "-c", asked]
    read = subprocess.run(
        command, cwd=ROOT, env=given | {"EMAIL_URL": address}, capture_output=True, text=True, check=False
    )
    assert read.stdout.strip() == str(secured)


def test_a_mail_server_whose_line_nobody_knows_how_to_secure_stops_the_start(environment):
    given = {name: value for name, value in environment.items() if name != "EMAIL_URL_FILE"}
    ended = run(given | {"EMAIL_URL": "smtp+starttls://mail.iom.int"}, "check")
    assert ended.returncode != 0
    assert "EMAIL_URL" in ended.stderr
    assert "smtp+tls" in ended.stderr
