"""Whatever is sent, the API answers as it describes itself, and never with an error of the server."""

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

from partners.enums import Role
from tests.support import audience

pytestmark = [pytest.mark.deep, pytest.mark.django_db]
CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
CODES = {"crossing": "KZ-UZ-01", "authority": "uz-border", "donor": "iom-uz", "recipient": "tj-emb-uz"}
ROWS = {"group": "groups", "person": "migrants", "need": "needs", "notice": "notices", "replaces": "documents"}
ROLES = (Role.COORDINATOR, Role.FIELD)


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
def described(asked_often, one_connection, world):
    schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", get_wsgi_application())
    audience.begin()  # the answer with the description is never closed, so nobody says that its request has ended
    return schema


schema = schemathesis.pytest.from_fixture("described")


def with_real_references(case: Any, world: dict[str, Any]) -> None:
    """Lets every second example name rows that exist, so that it comes past the door and into the domain."""
    resource = case.operation.path.removeprefix("/api/v1/").split("/")[0]
    for name in case.path_parameters:
        case.path_parameters[name] = str(world[resource])
    if isinstance(case.body, dict):
        for name, value in case.body.items():
            if isinstance(value, str) and (name in CODES or name in ROWS):
                case.body[name] = CODES.get(name) or str(world[ROWS[name]])


@schema.parametrize()
@settings(max_examples=12, suppress_health_check=list(HealthCheck), derandomize=True, deadline=None)
def test_any_input_gets_an_answer_that_is_described(case, world, tokens_of_test):
    for real in (False, True):
        if real:
            with_real_references(case, world)
        for token in tokens_of_test:
            headers = {"Authorization": f"Bearer {token}", "Accept": "application/json", "Accept-Encoding": "identity"}
            case.call_and_validate(headers=headers, checks=CHECKS)


@pytest.fixture
def tokens_of_test(token_of):
    return [token_of(role) for role in ROLES]
