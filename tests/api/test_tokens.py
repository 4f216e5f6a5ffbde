"""Tokens open the API for one account until they end, are revoked, or are guessed at."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from knox.models import AuthToken
from rest_framework.test import APIClient

from common import clock
from common.models import AuditEntry
from config.armour import LIMITS
from partners.enums import Role
from tests.cast import NOW, sign_in_as

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/crossings/"


def asked(token: str, address: str = ADDRESS):
    return APIClient().get(address, HTTP_AUTHORIZATION=f"Bearer {token}")


def test_the_command_prints_a_token_that_opens_the_api(accounts):
    out, err = StringIO(), StringIO()
    call_command("issue_token", accounts[Role.FIELD].email, "--days", "3", stdout=out, stderr=err)
    token = out.getvalue().strip()
    assert token.startswith("hw_")
    assert asked(token).status_code == 200
    assert token not in err.getvalue()
    stored = AuthToken.objects.get()
    assert token not in (stored.digest, stored.token_key)
    assert AuditEntry.objects.get(verb="token issued").why == stored.token_key


def test_a_revoked_token_opens_nothing(accounts, token_of):
    token = token_of(Role.FIELD)
    assert asked(token).status_code == 200
    call_command("revoke_token", AuthToken.objects.get().token_key, stdout=StringIO())
    answer = asked(token)
    assert answer.status_code == 401
    assert "Ask for a new one" in answer.json()["detail"]
    assert AuditEntry.objects.filter(verb="token revoked").exists()


def test_a_token_ends(token_of):
    token = token_of(Role.FIELD)
    AuthToken.objects.update(expiry=clock.real_now())
    assert asked(token).status_code == 401


def test_an_account_that_is_switched_off_opens_nothing(accounts, token_of):
    token = token_of(Role.FIELD)
    accounts[Role.FIELD].is_active = False
    accounts[Role.FIELD].save()
    assert asked(token).status_code == 401


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer hw_wrong", "Bearer \xff\xfe"])
def test_a_header_that_is_no_token_is_refused_in_words(header):
    answer = APIClient().get(ADDRESS, HTTP_AUTHORIZATION=header)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_who_guesses_must_wait(accounts):
    for _guess in range(LIMITS["wrong_token"][0]):
        assert asked("hw_guess").status_code == 401
    answer = asked("hw_guess")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0


def test_who_asks_too_often_must_wait(token_of, settings):
    settings.API_RATE = "3/min"
    token = token_of(Role.FIELD)
    assert [asked(token).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_a_token_lists_its_beginning_only(accounts, token_of):
    token = token_of(Role.FIELD)
    out = StringIO()
    call_command("revoke_token", "--of", accounts[Role.FIELD].email, stdout=out)
    assert token[:15] in out.getvalue()
    assert token not in out.getvalue()


def test_the_commands_say_what_is_wrong(accounts):
    email = accounts[Role.FIELD].email
    for call in (
        ["issue_token", "nobody@x.example"],
        ["issue_token", email, "--days", "0"],
        ["revoke_token", "hw_none"],
    ):
        with pytest.raises(CommandError):
            call_command(*call)


def test_a_session_reads_and_writes_only_with_its_csrf_token(accounts, group):
    client = APIClient(enforce_csrf_checks=True)
    sign_in_as(accounts[Role.FIELD], client)
    assert client.get("/api/v1/groups/").status_code == 200
    answer = client.post("/api/v1/head-counts/", {})
    assert answer.status_code == 403
    assert answer["Content-Type"] == "application/problem+json"


def test_an_account_without_membership_finds_nothing(accounts, token_of):
    token = token_of(Role.FIELD)
    accounts[Role.FIELD].memberships.update(valid_until=NOW)
    assert asked(token).status_code == 404
