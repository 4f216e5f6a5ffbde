"""Every page × every role: who may opens it, who may not gets 404, a stranger is sent to sign in."""

from typing import Any

import pytest
from django.urls import reverse

from partners.enums import Role
from tests.access.matrix import ANYBODY, ELSEWHERE, MATRIX, SIGNED_IN, Row
from tests.access.routes import all_routes
from tests.access.world import make_world

pytestmark = pytest.mark.django_db


def pages() -> set[str]:
    """Routes of pages: the API has its own matrix, and the catch-all answers 404 to everybody."""
    return {route.name for route in all_routes() if not route.name.startswith(("api", "^"))}


def test_no_page_is_without_a_row():
    assert pages() == set(MATRIX) | set(ELSEWHERE)


def parameters(name: str, row: Row, world: dict[str, Any]) -> dict[str, Any]:
    match row.thing:
        case "":
            return {}
        case "crossing":
            return {"code": world["crossing"]}
        case "institution":
            return {"code": world["organisation code"]}
        case "notice":
            return {"notice_id": world["notice"]}
        case "alert" if name in {"notifications:notice", "notifications:confirm"}:
            return {"public_id": world["alert"], "notice_id": world["notice"]}
        case thing:
            return {"public_id": world[thing]}


@pytest.mark.parametrize("role", [None, *Role.values])
def test_only_those_who_may_open_a_page(role, sign_in, group, crossing, organisations):
    world, client, wrong = make_world(group, crossing, organisations), sign_in(role), {}
    for name, row in MATRIX.items():
        if name.startswith("account_"):
            continue  # opening "sign out" would end the session that the other rows need
        address = reverse(name, kwargs=parameters(name, row, world))
        answer = client.post(address) if row.acts else client.get(address)
        signs_in = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
        if role is None and row.who != ANYBODY:
            right = signs_in
        elif row.who in (ANYBODY, SIGNED_IN) or role in row.who:
            right = answer.status_code != 404 and answer.status_code < 500 and not signs_in
        else:
            right = answer.status_code == 404
        if not right:
            wrong[name] = answer.status_code
    assert wrong == {}


@pytest.mark.parametrize("name", [name for name in MATRIX if name.startswith("account_")])
def test_anybody_can_find_the_way_in(name, client):
    assert client.get(reverse(name)).status_code in {200, 302}
