"""Nobody is led away from here by an address that somebody else wrote."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from deploy.local.front_end import APPS
from deploy.local.home import ROOT
from partners.enums import Role
from tests.armour.signing import PASSWORD, with_password

pytestmark = pytest.mark.django_db
AWAY = [
    "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example", "http:evil.example",
    "javascript:alert(1)", "data:text/html,x", "https://testserver@evil.example/", "https://testserver.evil.example/",
    "/\t/evil.example", "\thttps://evil.example", "https:///evil.example",
]  # fmt: skip


@pytest.mark.parametrize("address", AWAY)
@pytest.mark.parametrize("name", ["next", "redirect_to", "return_to"])
def test_signing_in_and_out_leads_nowhere_else(accounts, address, name):
    client, user = Client(), with_password(accounts[Role.PROGRAMME])
    sent = {"login": user.email, "password": PASSWORD, name: address}
    inside = client.post(f"/accounts/login/?{name}={address}", sent)
    outside = client.post(f"/accounts/logout/?{name}={address}", {name: address})
    for answer in (inside, outside):
        led_to = urlsplit(urljoin("http://testserver/", answer.get("Location", "/").replace("\\", "/")))
        assert (led_to.scheme, led_to.netloc) == ("http", "testserver")


def test_an_address_of_our_own_is_led_to(accounts):
    user = with_password(accounts[Role.PROGRAMME])
    answer = Client().post("/accounts/login/", {"login": user.email, "password": PASSWORD, "next": "/crossings/"})
    assert answer.status_code == 302
    assert "evil" not in answer["Location"]


def test_no_page_leads_where_a_request_says():
    """Redirects go to names of our own addresses; what a request says goes through the library's check."""
    told = re.compile(r"(?:redirect|HttpResponseRedirect)\([^)]*request\.(?:GET|POST|META|headers)")
    leading = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if told.search(path.read_text())
    }
    assert leading == set()
