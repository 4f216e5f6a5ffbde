"""Signing in through one's own organisation, against a real provider: what it does not prove opens nothing."""

import pytest
from django.test import Client
from joserfc.jwk import OctKey, RSAKey

from accounts import second_factor
from common.models import AuditEntry
from partners.enums import Role
from tests.cast import COMMAND, NOW
from tests.support.identity_provider import CLIENT, SECRET, IdentityProvider

pytestmark = pytest.mark.django_db
BEGIN = "/accounts/single-sign-on/iom-uz/"


@pytest.fixture(scope="module")
def running():
    server = IdentityProvider()
    yield server
    server.stop()


@pytest.fixture
def provider(running, settings, accounts):
    """The provider of IOM Uzbekistan, which knows the coordinator."""
    settings.SINGLE_SIGN_ON = {
        "iom-uz": {
            "name": "IOM",
            "issuer": running.issuer,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "acr": ["high"],
        }
    }
    running.key, running.algorithm = running.own_key, "RS256"
    running.claims = {"email": accounts[Role.COORDINATOR].email, "amr": ["pwd", "mfa"]}
    running.begun.clear()
    return running


def come_back(provider, client=None):
    """The whole way; the answer to the address with which the browser comes back, and the browser."""
    client = client or Client()
    return client.get(provider.agree(client.get(BEGIN)["Location"])), client


def reason():
    return AuditEntry.objects.get(verb="single sign-on refused").why


def is_shut(provider, client=None):
    answer, client = come_back(provider, client)
    assert answer["Location"] == "/accounts/login/"
    assert client.get("/")["Location"].startswith("/accounts/login/")
    return reason()


def test_an_invited_account_opens_when_the_provider_asked_for_a_second_factor(provider):
    answer, client = come_back(provider)
    assert answer["Location"] == "/"
    assert client.get("/").status_code == 200
    assert client.session["second_factor"] == "provider"


def test_the_sign_in_page_offers_the_way(provider):
    assert "Sign in through IOM" in Client().get("/accounts/login/").content.decode()


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"amr": ["pwd"]}, "/accounts/second-factor/"),
        ({"amr": []}, "/accounts/second-factor/"),
        ({"amr": ["pwd"], "acr": "low"}, "/accounts/second-factor/"),
        ({"amr": ["pwd"], "acr": "high"}, "/"),
    ],
)
def test_our_second_factor_is_asked_unless_theirs_was(provider, accounts, said, where):
    second_factor.enrol(user=accounts[Role.COORDINATOR], by=COMMAND, at=NOW)
    provider.claims |= said
    assert come_back(provider)[0]["Location"] == where


def test_who_has_none_here_either_sets_one_up(provider):
    provider.claims["amr"] = ["pwd"]
    assert come_back(provider)[0]["Location"] == "/accounts/second-factor/new/"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another house"},
        {"aud": "another house", "azp": CLIENT},
        {"iss": "https://elsewhere.example"},
        {"nonce": "of another sign-in"},
        {"exp": 1_600_000_000},  # a day long past, and the same for every worker that collects this test
        {"sub": ""},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email": ""},
        {"email": "nobody@iom-uz.example"},
        {"email": "field@iom-kz.example"},  # of another organisation, which has another provider or none
    ],
    ids=str,
)
def test_what_the_provider_does_not_prove_opens_nothing(provider, claims):
    provider.claims |= claims
    assert is_shut(provider)


def test_a_signature_of_another_key_opens_nothing(provider):
    provider.key = RSAKey.generate_key(2048, {"kid": "first"})
    assert "BadSignature" in is_shut(provider)


def test_a_signature_with_the_shared_secret_opens_nothing(provider):
    provider.key, provider.algorithm = OctKey.import_key(SECRET.ljust(32)), "HS256"
    assert is_shut(provider)


def test_a_state_of_another_browser_opens_nothing(provider):
    back = provider.agree(Client().get(BEGIN)["Location"])
    answer = Client().get(back)
    assert answer["Location"] == "/accounts/login/"
    assert "finish" in reason()


def test_coming_back_twice_opens_nothing_the_second_time(provider):
    client = Client()
    back = provider.agree(client.get(BEGIN)["Location"])
    assert client.get(back)["Location"] == "/"
    client.post("/accounts/logout/")
    assert client.get(back)["Location"] == "/accounts/login/"


def test_an_address_that_was_given_to_somebody_else_opens_nothing(provider):
    come_back(provider)
    provider.claims["sub"] = "successor"
    assert is_shut(provider) == "another person"


def test_an_account_that_was_switched_off_stays_shut(provider, accounts):
    account = accounts[Role.COORDINATOR]
    account.is_active = False
    account.save()
    assert come_back(provider)[0]["Location"] == "/accounts/inactive/"


def test_a_provider_that_is_away_is_said_in_words(provider, settings):
    settings.SINGLE_SIGN_ON["iom-uz"]["issuer"] = "http://127.0.0.1:9"
    page = Client().get(BEGIN, follow=True)
    assert "IOM did not open an account here" in page.content.decode()


def test_an_unknown_organisation_has_no_way(provider):
    assert Client().get("/accounts/single-sign-on/kz-border/").status_code == 404
