"""Nobody tries keys or walks through the register; whoever asks too often is told how long to wait."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.test import Client, RequestFactory
from django.urls import reverse

from common import clock, limits
from config import armour
from partners.enums import Role
from tests.access.world import make_world
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def few(settings, empty_redis):
    """Three of each, then no more for a minute."""
    settings.LIMITS = dict.fromkeys(armour.LIMITS, (3, 60))


@pytest.fixture
def world(crossing, group, organisations):
    clock.set_to(NOW)
    return make_world(group, crossing, organisations)


def answers(client: Client, address: str, **sent) -> list[int]:
    return [client.get(address, sent).status_code for _ in range(4)]


def test_who_looks_people_up_too_often_must_wait_and_no_other(sign_in, few):
    one, other = sign_in(Role.FIELD), sign_in(Role.COORDINATOR)
    assert answers(one, reverse("returns:people"), q="Одам") == [200, 200, 200, 429]
    refused = one.get(reverse("returns:people"), {"q": "Одам"})
    assert refused["Retry-After"] == "60"
    assert "Try again in 60 seconds" in refused.text
    assert other.get(reverse("returns:people"), {"q": "Одам"}).status_code == 200
    assert one.get(reverse("returns:people")).status_code == 200, "a page without a search is not counted"


def test_the_people_of_a_group_are_looked_up_under_the_same_limit(sign_in, few, group):
    address = reverse("returns:group_people", args=[group.public_id])
    assert answers(sign_in(Role.FIELD), address, q="Одам") == [200, 200, 200, 429]


def test_files_do_not_leave_in_numbers(sign_in, few, world):
    address = reverse("returns:frozen_manifest_paper", kwargs=world["frozen manifest"])
    assert answers(sign_in(Role.COORDINATOR), address)[3] == 429


def test_one_link_is_not_opened_without_end(few, world):
    token = world["token"]["token"]
    assert answers(Client(), f"/a/{token}/") == [200, 200, 200, 429]


@pytest.mark.parametrize("door", ["a", "d"])
def test_who_tries_links_must_wait_but_may_open_a_right_one(few, world, door):
    guesses = [f"/{door}/{number:044d}/" for number in range(4)]
    assert [Client().get(guess).status_code for guess in guesses] == [404, 404, 404, 429]
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert other.get(f"/{door}/{'x' * 44}/").status_code == 404
    assert Client().get(f"/d/{world['deciding token']['token']}/").status_code == 200


def test_who_asks_for_new_passwords_too_often_must_wait(settings, empty_redis, mailbox):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "reset_password": "2/h/ip"}
    sent = {"email": "nobody@homeward.example"}
    assert [Client().post("/accounts/password/reset/", sent).status_code for _ in range(3)] == [302, 302, 429]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "198.51.100.7", "10.0.0.1"),  # nobody before us: what the client writes is not believed
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.66, 198.51.100.7", "198.51.100.7"),  # the first was written by the client itself
        (2, "203.0.113.66, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (2, "198.51.100.7", "198.51.100.7"),
        (1, "", "10.0.0.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "<script>", "<script>"),
    ],
)
def test_the_address_is_that_which_our_own_proxies_saw(settings, proxies, forwarded, counted):
    settings.TRUSTED_PROXIES = proxies
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert limits.address_of(RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.0.0.1")) == counted


def test_without_redis_nobody_is_kept_out(settings, few, world):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}}
    caches["default"] = caches.create_connection("default")
    try:
        assert answers(Client(), f"/d/{world['deciding token']['token']}/") == [200] * 4
    finally:
        del caches["default"]


def test_the_counter_keeps_no_token(few, redis_client):
    limits.count("link", "a-token-that-opens")
    keys = [key.decode() for key in redis_client.keys("*limit:*")]
    assert keys
    assert not any("a-token" in key for key in keys)


def test_an_operator_changes_one_limit_by_name():
    assert armour.limits(["search=120/30"])["search"] == (120, 30)
    for wrong in ("serch=1/1", "search=many", "search=-1/60", ""):
        with pytest.raises(ValueError, match="RATE_LIMITS"):
            armour.limits([wrong])
