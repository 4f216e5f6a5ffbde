"""What every answer says to the browser, and what is refused before a view is asked."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import Client
from django.urls import reverse

from accounts import tokens
from common import clock
from config.armour import FORBIDDEN, OWN
from deploy.local.home import ROOT
from partners.enums import Role
from tests.access.matrix import MATRIX
from tests.cast import COMMAND, NOW

pytestmark = pytest.mark.django_db
ASKED = (
    "/",
    "/accounts/login/",
    "/nothing/here/",
    "/a/nothing/",
    "/d/nothing/",
    "/api/v1/groups/",
    "/api/schema/",
    "/healthz",
)
REMEMBERED = {
    "common:count_worker": "no-cache",
    "corridors:rule_schema": "no-cache",
    "returns:board_panel": "private, no-cache",
}
"""What a browser may keep if it asks each time whether it still holds: a script, a public grammar, and figures of halts."""


@pytest.mark.parametrize("role", [None, Role.COORDINATOR, Role.CONSULAR])
@pytest.mark.parametrize("address", ASKED)
def test_no_cache_no_other_site_and_no_search_engine_keeps_a_page(sign_in, role, address):
    answer = sign_in(role).get(address)
    assert "no-store" in answer["Cache-Control"]
    assert answer["Cross-Origin-Resource-Policy"] == answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Referrer-Policy"] in {"same-origin", "no-referrer"}
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_the_browser_may_use_nothing_but_what_our_pages_use():
    said = Client().get("/accounts/login/")["Permissions-Policy"].split(", ")
    assert {entry for entry in said if entry.endswith("=()")} == {f"{name}=()" for name in FORBIDDEN}
    assert {entry for entry in said if not entry.endswith("=()")} == {f"{name}=(self)" for name in OWN}
    assert {"camera", "geolocation", "microphone", "usb", "serial", "hid", "bluetooth", "payment"} <= set(FORBIDDEN)


def test_pages_behind_a_door_are_the_rule_and_no_view_says_otherwise(sign_in):
    coordinator = sign_in(Role.COORDINATOR)
    for name, row in MATRIX.items():
        if not row.thing and not row.acts:
            assert REMEMBERED.get(name, "no-store") in coordinator.get(reverse(name))["Cache-Control"], name


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "DEBUG", "FOO"])
@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/api/v1/groups/", "/nothing/here/"])
def test_no_method_passes_that_we_do_not_serve(method, address):
    answer = Client().generic(method, address)
    assert answer.status_code == 405
    assert method not in answer["Allow"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "a b", ""])
def test_another_host_gets_our_page_of_errors_without_detail(host, settings):
    settings.ALLOWED_HOSTS = ["homeward.test.example"]
    answer = Client().get("/accounts/login/", headers={"host": host or "evil"})
    assert answer.status_code == 400
    assert "This was not understood" in answer.text
    assert "ALLOWED_HOSTS" not in answer.text


def test_the_host_that_a_proxy_is_told_is_not_believed():
    answer = Client().post(
        "/accounts/password/reset/", {"email": "a@b.example"}, headers={"x-forwarded-host": "evil.example"}
    )
    assert "evil.example" not in answer.get("Location", "") + answer.text


def test_leaving_drops_the_pages_but_not_what_was_never_sent(sign_in):
    field = sign_in(Role.FIELD)
    assert field.post("/accounts/logout/")["Clear-Site-Data"] == '"cache"'
    assert "_auth_user_id" not in field.session


@pytest.mark.parametrize("address", ["/accounts/login/", "/api/v1/head-counts/"])
def test_what_is_too_large_is_refused_with_a_sentence(sign_in, accounts, settings, address):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    token = tokens.issue(user=accounts[Role.FIELD], days=1, by=COMMAND, at=NOW).token
    answer = Client().post(
        address, b"x" * 5000, content_type="application/json" if "api" in address else "text/plain",
        headers={"authorization": f"Bearer {token}"},
    )  # fmt: skip
    if "api" in address:
        assert answer.status_code == 413
        assert answer["Content-Type"] == "application/problem+json"
    else:
        big = Client().post(address, {"login": "x" * 5000})
        assert big.status_code == 413
        assert "too large" in big.text


def test_too_many_fields_are_refused_with_a_sentence(settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 50
    answer = Client().post("/accounts/login/", {f"field-{number}": "" for number in range(60)})
    assert answer.status_code == 413
    assert RequestDataTooBig.__name__ not in answer.text


def test_strangers_programs_find_whom_to_tell_and_nothing_to_index(settings):
    settings.SECURITY_CONTACT = "mailto:security@homeward.test.example"
    settings.SECURITY_EXPIRES = (clock.real_now() + timedelta(days=100)).date()
    said = Client().get("/.well-known/security.txt")
    assert said["Content-Type"].startswith("text/plain")
    lines = dict(line.split(": ", 1) for line in said.text.splitlines())
    assert lines["Contact"] == "mailto:security@homeward.test.example"
    assert lines["Expires"] == f"{settings.SECURITY_EXPIRES}T00:00:00Z"
    assert Client().get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


def test_a_contact_that_has_expired_is_not_given(settings):
    settings.SECURITY_CONTACT = "mailto:security@homeward.test.example"
    settings.SECURITY_EXPIRES = clock.real_now().date()
    assert Client().get("/.well-known/security.txt").status_code == 404


def test_cookies_stay_at_home(accounts):
    client, user = Client(), accounts[Role.FIELD]
    user.set_password("a long enough sentence")
    user.save()
    client.post("/accounts/login/", {"login": user.email, "password": "a long enough sentence"})
    for name, cookie in client.cookies.items():
        assert cookie["samesite"] == "Lax", name
        assert cookie["httponly"], name


def test_behind_tls_cookies_and_pages_never_travel_without():
    program = (
        "import config.settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, "
        "s.SECURE_HSTS_SECONDS)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "BEHIND_TLS": "true", "PUBLIC_ADDRESS": "https://homeward.test.example"},
    )
    assert said.stdout.split() == ["True", "True", "True", "31536000"]
