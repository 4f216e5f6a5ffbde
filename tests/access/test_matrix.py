"""Every page × every role: who may opens it, who may not gets 404, a stranger is sent to sign in."""

from typing import Any, cast
from uuid import uuid4

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from partners.enums import Role
from tests.access.matrix import ANYBODY, MATRIX, NOBODY, SIGNED_IN, STAFF, Row
from tests.access.routes import all_routes
from tests.access.world import make_world
from tests.cast import sign_in_as
from tests.support.undoing import undone

pytestmark = pytest.mark.django_db
OWN_SIGN_IN = ("account_", "mfa_")
"""Pages of everybody's own sign-in: tests/accounts opens them as their owner and as others."""


def pages() -> set[str]:
    """Routes of pages: the API has its own matrix, and the catch-all answers 404 to everybody."""
    return {route.name for route in all_routes() if not route.name.startswith(("api", "^"))}


def test_no_page_is_without_a_row():
    assert pages() == set(MATRIX)


def address_of(name: str, row: Row, world: dict[str, Any]) -> str:
    """The address of a route; a thing of the world is what `public_id` says, or all its parameters by name."""
    thing = world[row.thing] if row.thing else {}
    return reverse(name, kwargs=thing if isinstance(thing, dict) else {"public_id": thing})


def is_right(answer: HttpResponseBase, row: Row, role: str | None) -> bool:
    """Tells whether this role was let in, sent to sign in or told that there is nothing, as the row says."""
    signs_in = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
    if row.who in (STAFF, NOBODY):
        return answer.status_code == 404
    if role is None and row.who != ANYBODY:
        return signs_in
    if row.who in (ANYBODY, SIGNED_IN) or role in row.who:
        return answer.status_code != 404 and answer.status_code < 500 and not signs_in
    return answer.status_code == 404


def test_only_those_who_may_open_a_page(sign_in, group, crossing, organisations):
    world = make_world(group, crossing, organisations)
    wrong: dict[tuple[str | None, str], int] = {}
    for role in (None, *Role.values):
        with undone():
            wrong |= {(role, name): status for name, status in answered_wrongly(role, sign_in(role), world).items()}
    assert wrong == {}


def answered_wrongly(role: str | None, client: Client, world: dict[str, Any]) -> dict[str, int]:
    """What a page answered `role` where it should have answered otherwise, by the name of its route."""
    wrong = {}
    for name, row in MATRIX.items():
        if name.startswith(OWN_SIGN_IN):
            continue  # opening "sign out" would end the session that the other rows need
        address = address_of(name, row, world)
        answer = client.post(address, world["sent"].get(name, {})) if row.acts else client.get(address)
        if not is_right(cast("HttpResponseBase", answer), row, role):
            wrong[name] = answer.status_code
    return wrong


def test_the_house_itself_sees_every_component(accounts, client):
    user = accounts[Role.ADMINISTRATOR]
    user.is_staff = True
    user.save()
    sign_in_as(user, client)
    shown = [client.get(reverse(name)).status_code for name, row in MATRIX.items() if row.who == STAFF]
    assert shown == [200]


@pytest.mark.parametrize("name", [name for name in MATRIX if name.startswith(OWN_SIGN_IN)])
def test_anybody_can_find_the_way_in_and_nobody_changes_a_sign_in_without_one(name, client):
    world = {"key": {"uidb36": "1", "key": "set-password"}, "sign_in": uuid4(), "passkey": {"pk": 1}}
    answer = client.get(address_of(name, MATRIX[name], world))
    assert answer.status_code in {200, 302}
    assert (MATRIX[name].who == ANYBODY) or answer["Location"].startswith("/accounts/login/")
