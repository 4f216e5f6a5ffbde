"""The pages of signing in, most of them a library's: hostile texts in every field, every role at every address, guessing."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from uuid import UUID

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client

from accounts import second_factor, views
from accounts.models import User
from partners.enums import Role
from tests.access.matrix import ANYBODY, MATRIX, SIGNED_IN
from tests.access.test_matrix import OWN_SIGN_IN, address_of
from tests.accounts.conftest import (
    PASSWORD,
    coordinator,
    enrolled,
    give_password,
    shown_by_app,
    sign_in_fully,
)
from tests.accounts.test_second_factor import set_up
from tests.attacks.hostile import MARK, TEXTS
from tests.attacks.pages import Form, forms_of
from tests.attacks.surface import attacker, knock

__all__ = ["coordinator", "enrolled"]
pytestmark = pytest.mark.django_db
NAMES = tuple(name for name in MATRIX if name.startswith(OWN_SIGN_IN))
NOBODYS = {"key": {"uidb36": "1", "key": "set-password"}, "sign_in": UUID(int=1), "passkey": {"pk": 1}}
STEP = "/accounts/second-factor/"
AGAIN = "/accounts/again/"
WRITTEN = ("hidden", "email")
"""Kinds of fields that take writing besides those of texts."""
OF_A_SESSION = {"django_session", "accounts_signin", "common_auditentry"}
"""What opening a page of one's own sign-in may write: the session itself, and when it was last used."""


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """How long an answer takes is asked in tests/accounts."""
    monkeypatch.setattr(views, "ANSWER_SECONDS", 0)


@pytest.fixture
def unlimited(settings, empty_redis):
    """So that the last text is looked at like the first."""
    settings.ACCOUNT_RATE_LIMITS = False


# --- hostile texts


def visitors(user: User, other: User) -> Iterator[tuple[Client, set[str]]]:
    """Somebody on each step of the way in, each with the pages that are open there."""
    yield Client(), {"account_login", "account_reset_password", "mfa_login_webauthn", "account_reset_password_from_key"}
    yield give_password(user)[1], {"mfa_authenticate"}
    yield give_password(other)[1], {"account_second_factor_new"}
    inside = sign_in_fully(user)
    assert inside.post(AGAIN, {"password": PASSWORD}).status_code == 302
    yield inside, {name for name in NAMES if MATRIX[name].who == SIGNED_IN and not MATRIX[name].acts}


def pages_of(user: User) -> dict[str, str]:
    """The address of each page; the way to a new password is one that was really sent."""
    addresses = {name: address_of(name, MATRIX[name], NOBODYS) for name in NAMES}
    key = default_token_generator.make_token(user)
    addresses["account_reset_password_from_key"] = f"/accounts/password/reset/key/{user_pk_to_url_str(user)}-{key}/"
    return addresses


def hostile_forms(client: Client, address: str) -> list[Form]:
    page = client.get(address, follow=True)
    where = page.redirect_chain[-1][0] if page.redirect_chain else address
    return forms_of(page.content.decode(), where) if "html" in page.get("Content-Type", "") else []


def sent(client: Client, address: str, content: dict[str, Any]) -> Any:
    """Sends a form, and undoes whatever it did, to the session too."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        answer = client.post(address, content)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def test_no_text_in_any_field_of_signing_in_is_an_error_or_more_than_a_text(enrolled, accounts, unlimited):
    other = accounts[Role.FIELD]
    other.set_password(PASSWORD)
    other.save()
    asked: set[str] = set()
    wrong: dict[tuple[str, str], int] = {}
    for client, names in visitors(enrolled, other):
        attacker(client)
        forms = [
            (name, form, fields)
            for name, address in pages_of(enrolled).items()
            if name in names
            for form in hostile_forms(client, address)
            if (fields := [key for key, each in form.fields.items() if each.takes_text or each.kind in WRITTEN])
        ]
        asked |= {name for name, _form, _fields in forms}
        for name, form, fields in forms:
            for what, text in TEXTS.items():
                answer = sent(client, form.action, dict.fromkeys(fields, text))
                if answer.status_code >= 500 or MARK in answer.content.decode():
                    wrong[name, what] = answer.status_code
    assert wrong == {}
    assert {"account_login", "account_reset_password", "mfa_authenticate", "account_change_password"} <= asked


NO_PASSKEYS = {
    "empty": "{}",
    "a list": "[]",
    "nothing": "null",
    "a number": "1",
    "without its parts": '{"id": null}',
    "with parts of the wrong kind": '{"id": [], "rawId": {}, "response": [], "type": 1}',
    "nested endlessly": "[" * 5000,
    "of letters": '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {"clientDataJSON": "AAAA", '
    '"authenticatorData": "AAAA", "signature": "AAAA", "userHandle": "AAAA"}}',
}


@pytest.mark.parametrize("what", NO_PASSKEYS)
def test_no_passkey_that_is_none_is_an_error_of_the_server(what, enrolled, unlimited):
    client = attacker(Client())
    assert client.get("/accounts/passkey/", headers={"x-requested-with": "XMLHttpRequest"}).status_code == 200, (
        "it waits"
    )
    sent = {"credential": NO_PASSKEYS[what]}
    assert client.post("/accounts/passkey/", sent).status_code < 500
    midway = attacker(give_password(enrolled)[1])
    assert midway.get(STEP).status_code == 200
    assert midway.post(STEP, sent).status_code < 500
    inside = attacker(sign_in_fully(enrolled))
    inside.post(AGAIN, {"password": PASSWORD})
    assert inside.get("/accounts/security/passkeys/add/").status_code == 200
    assert inside.post("/accounts/security/passkeys/add/", sent).status_code < 500


@pytest.mark.parametrize("field", ["login", "email"])
def test_no_header_of_a_letter_is_written_by_whoever_asks(field, mailbox, enrolled, unlimited):
    address = "/accounts/login/" if field == "login" else "/accounts/password/reset/"
    Client().post(address, {field: f"{enrolled.email}\r\nBcc: hwx@x.example", "password": "x"})
    assert not mailbox.messages()


# --- every role at every address


@pytest.mark.parametrize("role", [None, *Role.values])
def test_looking_at_the_pages_of_signing_in_changes_nothing_and_shows_nobody_else(role, sign_in, accounts):
    other = accounts[Role.PROTECTION if role != Role.PROTECTION else Role.FIELD]
    second_factor.enrol(user=other, by=other.actor, at=other.joined_at)
    theirs = Authenticator.objects.filter(user=other).earliest("pk").pk
    wrong: dict[str, Any] = {}
    for name in NAMES:
        client = attacker(sign_in(role))
        reply = knock(client, "GET", address_of(name, MATRIX[name], NOBODYS | {"passkey": {"pk": theirs}}))
        allowed = {200, 302, 404, 405}
        shut = MATRIX[name].who != ANYBODY and role is None
        if (
            reply.status not in allowed
            or reply.written - OF_A_SESSION
            or other.email in reply.seen
            or (shut and reply.status not in (302, 405))
        ):
            wrong[name] = (reply.status, sorted(reply.written))
    assert wrong == {}
    assert Authenticator.objects.filter(user=other).exists()


def test_nobody_takes_a_second_step_from_somebody_else_by_its_number(enrolled, accounts):
    other = accounts[Role.FIELD]
    second_factor.enrol(user=other, by=other.actor, at=other.joined_at)
    client = sign_in_fully(enrolled)
    client.post(AGAIN, {"password": PASSWORD})
    for theirs in Authenticator.objects.filter(user=other):
        assert client.post(f"/accounts/security/passkeys/{theirs.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(user=other).exists()


# --- guessing


def from_address(number: int) -> Client:
    return Client(REMOTE_ADDR=f"203.0.113.{number}")


def test_one_account_is_guessed_at_five_times_from_however_many_addresses(enrolled, empty_redis):
    for number in range(5):
        give_password(enrolled, from_address(number), password="wrong")
    late = from_address(99).post("/accounts/login/", {"login": enrolled.email, "password": PASSWORD})
    assert late.status_code == 200, "the right one is not looked at either"
    assert "Too many failed" in late.content.decode()


def test_one_address_guesses_at_ten_accounts_and_no_further(enrolled, empty_redis):
    for number in range(10):
        from_address(7).post("/accounts/login/", {"login": f"nobody-{number}@homeward.example", "password": "wrong"})
    late = from_address(7).post("/accounts/login/", {"login": enrolled.email, "password": PASSWORD})
    assert late.status_code in (200, 429)
    assert "sessionid" not in late.cookies
    answer, _client = give_password(enrolled, from_address(8))
    assert answer["Location"] == STEP, "nobody else is kept out"


def test_codes_are_counted_for_the_account_and_not_for_the_session(enrolled, empty_redis):
    """Whoever knows the password cannot begin anew to get five more, and recovery codes are guessed at no more often."""
    for number in range(5):
        _, client = give_password(enrolled, from_address(number))
        client.post(STEP, {"code": "000000" if number % 2 else "00000000"})
    _, client = give_password(enrolled, from_address(9))
    assert client.post(STEP, {"code": shown_by_app(enrolled)}).status_code == 200
    assert client.get("/")["Location"].startswith("/accounts/login/")


def test_a_recovery_code_is_not_looked_at_after_five_wrong_ones(coordinator, empty_redis):
    code = set_up(coordinator)[0]
    for number in range(5):
        give_password(coordinator, from_address(number))[1].post(STEP, {"code": f"{number:08d}"})
    _, late = give_password(coordinator, from_address(9))
    assert late.post(STEP, {"code": code}).status_code == 200
    assert second_factor.codes_left(coordinator) == 10


def test_at_an_open_screen_the_password_is_not_guessed_either(enrolled, empty_redis):
    client = sign_in_fully(enrolled)
    for _ in range(10):
        client.post(AGAIN, {"password": "wrong"})
    client.post(AGAIN, {"password": PASSWORD})
    assert client.get("/accounts/security/passkeys/add/")["Location"].startswith(AGAIN), "it was not taken"


def test_the_way_to_a_new_password_is_not_guessed(enrolled, empty_redis):
    person = user_pk_to_url_str(enrolled)
    guesses = [f"/accounts/password/reset/key/{person}-abc{number:03d}-{number:032d}/" for number in range(31)]
    assert [from_address(7).get(guess, follow=True).status_code for guess in guesses][-1] == 429
    assert from_address(8).get(guesses[0], follow=True).status_code == 200


def test_nobody_fills_somebodys_letter_box_with_ways_to_a_new_password(enrolled, empty_redis, mailbox):
    for number in range(7):
        from_address(number).post("/accounts/password/reset/", {"email": enrolled.email})
    assert len(mailbox.messages()) == 5


def test_invitations_are_not_guessed(settings, empty_redis):
    settings.LIMITS = {**settings.LIMITS, "wrong_link": (3, 60)}
    answers = [from_address(7).get(f"/invitations/{number:043d}/").status_code for number in range(4)]
    assert answers[-1] == 429
