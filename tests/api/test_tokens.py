"""Tokens open the API for one account until they end, are revoked, or are guessed at."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from knox.models import AuthToken
from rest_framework.test import APIClient

from accounts import tokens
from accounts.models import TokenGrant
from common import clock
from common.models import AuditEntry
from config.api import router
from config.armour import LIMITS
from partners.enums import Role
from tests.cast import COMMAND, NOW, sign_in_as

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


def test_a_token_is_looked_up_in_one_turn_of_who_signs_in(token_of):
    """Each turn tells the database who asks, and again who asked before: trips that every request would pay."""
    token = token_of(Role.FIELD)
    with CaptureQueriesContext(connection) as caught:
        assert asked(token).status_code == 200
    assert sum("sign-in" in query["sql"] for query in caught.captured_queries) == 1


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


def limited_to(accounts, *scopes: str) -> APIClient:
    issued = tokens.issue(user=accounts[Role.COORDINATOR], days=1, name="test", scopes=scopes, by=COMMAND, at=NOW)
    asking = APIClient()
    asking.credentials(HTTP_AUTHORIZATION=f"Bearer {issued.token}")
    return asking


def test_a_token_touches_only_what_it_was_made_for(accounts):
    asking = limited_to(accounts, "groups:read", "crossings:read")
    assert asking.get("/api/v1/groups/").status_code == 200
    for answer in (asking.get("/api/v1/migrants/"), asking.post("/api/v1/groups/", {})):
        assert answer.status_code == 403
        assert answer.json()["code"] == "outside_token_scope"
    assert answer.json()["scope"] == "groups:write"
    assert asking.get("/api/v1/incoming/").status_code == 404  # what the account may not is not there at all
    assert AuditEntry.objects.filter(verb="token issued").count() == 1


def test_a_token_without_its_row_opens_nothing(accounts):
    asking = limited_to(accounts, "groups:read")
    TokenGrant.objects.all().delete()
    assert asking.get("/api/v1/groups/").status_code == 403


def test_the_last_use_is_kept_to_a_minute(accounts):
    asking = limited_to(accounts, "groups:read")
    asking.get("/api/v1/groups/")
    first = TokenGrant.objects.get().last_used_at
    assert first is not None
    asking.get("/api/v1/groups/")
    assert TokenGrant.objects.get().last_used_at == first
    TokenGrant.objects.update(last_used_at=first - timedelta(minutes=2))
    asking.get("/api/v1/groups/")
    assert TokenGrant.objects.filter(last_used_at__gte=first).exists()


def test_every_resource_is_in_one_family():
    named = sorted(name for resources in tokens.FAMILIES.values() for name in resources)
    assert named == sorted({prefix for prefix, _view, _name in router.registry})


def test_the_page_shows_a_new_token_once_and_ends_it(sign_in, accounts):
    client = sign_in(Role.FIELD)
    page = client.post("/access/own/tokens/", {"name": "Count", "days": 3, "scopes": ["groups:read"]}).content.decode()
    [token] = set(re.findall(r"hw_\w{20,}", page))
    assert asked(token, "/api/v1/groups/").status_code == 200
    assert token not in client.get("/access/own/tokens/").content.decode()
    grant = TokenGrant.objects.get()
    sign_in(Role.COORDINATOR).post(f"/access/own/tokens/{grant.public_id}/end/")
    assert asked(token, "/api/v1/groups/").status_code == 200  # nobody ends another's
    address = f"/access/{accounts[Role.FIELD].public_id}/tokens/{grant.public_id}/end/"
    sign_in(Role.ADMINISTRATOR).post(address)
    assert asked(token, "/api/v1/groups/").status_code == 401


def test_a_token_needs_a_scope_that_exists(sign_in, accounts):
    for scopes in ([], ["people:own"]):
        answer = sign_in(Role.FIELD).post("/access/own/tokens/", {"name": "x", "days": 3, "scopes": scopes})
        assert answer.status_code == 422
    with pytest.raises(tokens.TokenError, match="no scope people:own"):
        limited_to(accounts, "people:own")
    assert not AuthToken.objects.exists()
