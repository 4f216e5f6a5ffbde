"""A coordinator with a password, and what an app on a phone would show."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from accounts import second_factor
from partners.enums import Role
from tests.cast import COMMAND, NOW

PASSWORD = "four unlikely words together"


@pytest.fixture
def coordinator(accounts):
    """The coordinator, who must have a second factor and has none yet."""
    user = accounts[Role.COORDINATOR]
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def enrolled(coordinator):
    """The coordinator with an app."""
    second_factor.enrol(user=coordinator, by=COMMAND, at=NOW)
    return coordinator


def shown_by_app(user, *, steps=0):
    """The six digits of the app, so many half minutes from now."""
    app = Authenticator.objects.get(user=user, type="totp")
    return code_for(second_factor.opened_for(user, app.data["secret"]), steps=steps)


def code_for(secret, *, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def give_password(user, client=None, password=PASSWORD):
    """The answer to e-mail and password, and the client that gave them."""
    client = client or Client()
    return client.post("/accounts/login/", {"login": user.email, "password": password}), client


def sign_in_fully(user, client=None, *, steps=0, **more):
    """A client that has gone the whole way: password, then code."""
    answer, client = give_password(user, client)
    if answer["Location"] == "/accounts/second-factor/":
        answer = client.post("/accounts/second-factor/", {"code": shown_by_app(user, steps=steps), **more})
    assert answer["Location"] == "/", answer
    return client
