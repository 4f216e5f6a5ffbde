"""Whatever is sent, by whomever: the API answers as it describes itself, without an error, and with nothing out of reach."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.api import router
from notifications.api import Inbox
from partners.access import POLICY, Permission
from partners.enums import Role
from partners.models import Membership
from tests.api.marked import EVERYTHING, FORBIDDEN, NARROW, make_marked, words_beyond
from tests.cast import make_account, sign_in_as
from tests.support import audience

pytestmark = pytest.mark.django_db
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
CODES = {"crossing": "KZ-UZ-01", "authority": "uz-border", "donor": "iom-uz", "recipient": "tj-emb-uz"}
ROWS = {"group": "groups", "person": "migrants", "need": "needs", "notice": "notices", "replaces": "documents"}
ROWS |= {"requirement": "requirements", "movement": "movements", "manifest": "manifests"}
DOORS: dict[str, dict[str, set[Permission]]] = {name: getattr(view, "doors") for name, view, _name in router.registry}  # noqa: B009 (hidden from its types)
TWO = 2
MANY = 6
"""So many examples of an operation are sent in any case."""


@pytest.fixture
def asked_often(settings):
    settings.API_RATE = "1000000/min"


@pytest.fixture
def one_connection(db):
    """Keeps the connection of the test open from request to request, as the client of Django's tests does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def worlds(group, organisations):
    """Rows by the name of their resource: of nobody (the made-up ones stay), of the own mission, and of another."""
    return {}, *make_marked(group, organisations)


@pytest.fixture
def described(asked_often, one_connection, worlds):
    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", get_wsgi_application())
    audience.begin()  # the answer with the description is never closed, so nobody says that its request has ended
    return schema


@pytest.fixture
def everybody(accounts, organisations, token_of):
    """Each role, and those of casework once more within their own mission alone: the heads of a token and of a session."""
    users = {str(role): user for role, user in accounts.items()}
    for who in FORBIDDEN.keys() - users.keys():
        role = who.removesuffix(f" {NARROW}")
        users[who] = make_account(role, organisations["iom-kz"], email=f"{role}@narrow.example")
        Membership.objects.filter(user=users[who]).update(own_mission_only=True)
    return {who: (by_token(token_of(user)), by_session(user)) for who, user in users.items()}


def by_token(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def by_session(user: Any) -> dict[str, str]:
    secret = "a" * 32
    session = sign_in_as(user).cookies["sessionid"].value
    return {"Cookie": f"sessionid={session}; csrftoken={secret}", "X-CSRFToken": secret}


schema = schemathesis.pytest.from_fixture("described")


def with_real_references(case: Any, world: dict[str, Any]) -> None:
    """Lets an example name rows that exist, so that it comes past the door and into the domain."""
    for name in case.path_parameters if world else ():
        case.path_parameters[name] = str(world[resource_of(case)])
    if world and isinstance(case.body, dict):
        for name, value in case.body.items():
            if isinstance(value, str) and (name in CODES or name in ROWS):
                case.body[name] = CODES.get(name) or str(world[ROWS[name]])


def resource_of(case: Any) -> str:
    first: str = case.operation.path.removeprefix("/api/v1/").split("/")[0]
    return first


def has_the_key(who: str, case: Any) -> bool:
    """True where some door of the resource opens to the role."""
    doors = DOORS.get(resource_of(case), Inbox.doors)
    opening = {permission for door in doors.values() for permission in door}
    return bool(opening & POLICY[Role(who.removesuffix(f" {NARROW}"))])


@pytest.fixture
def turns():
    return Counter[str]()


def asked_now(
    case: Any, worlds: Sequence[dict[str, Any]], turns: Counter[str]
) -> list[tuple[dict[str, Any], str, int]]:
    """Whose rows are named now, by whom and with what (0 a token, 1 a session).

    At first everybody with a key asks for the rows of both missions, and everybody else for those of another; then two of
    those with a key take turns, one with rows of the own mission, the other with rows of nobody or of another. Of the many
    examples at the edges of a schema every fourth is sent, each by one of the two.
    """
    turn = turns[case.operation.label]
    turns[case.operation.label] += 1
    made_up, own, anothers = worlds
    if not turn:
        with_a_key = [(own, who, 0) for who in FORBIDDEN if has_the_key(who, case)]
        return [*with_a_key, *((anothers, who, 1) for who in FORBIDDEN)]
    if turn > MANY and turn % 4:
        return []
    inside = [(who, kind) for who in FORBIDDEN if has_the_key(who, case) for kind in range(TWO)]
    first, second = inside[turn % len(inside)], inside[(turn + len(inside) // TWO) % len(inside)]
    both = [(own, *first), (anothers if turn // TWO % TWO else made_up, *second)]
    return both if turn <= MANY else [both[turn % TWO]]


@pytest.mark.deep
@schema.parametrize()
@settings(max_examples=6, suppress_health_check=list(HealthCheck), derandomize=True, deadline=None)
def test_any_input_gets_an_answer_that_is_described_and_holds_nothing_out_of_reach(case, worlds, everybody, turns):
    for world, who, kind in asked_now(case, worlds, turns):
        with_real_references(case, world)
        headers = {**everybody[who][kind], "Accept": "application/json", "Accept-Encoding": "identity"}
        answer = case.call_and_validate(headers=headers, checks=CHECKS)
        assert words_beyond(who, f"{answer.headers} {answer.text}") == [], who


def test_the_words_are_read_where_somebody_may(ask, worlds):
    """So that their absence elsewhere says something: over the API its readers find each."""
    own = worlds[1]
    text = ""
    for resource, place in own.items():
        for role in (Role.COORDINATOR, Role.FIELD, Role.CONSULAR, Role.PROTECTION):
            client = ask(role)
            for address in (f"/api/v1/{resource}/", f"/api/v1/{resource}/{place}/"):
                text += client.get(address).content.decode()
    assert {word for word in EVERYTHING if word in text} == EVERYTHING
