"""What is sent beside the fields of an act is refused by name, at every depth, and nothing at all is written."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from drf_spectacular.generators import SchemaGenerator

from partners.enums import Role
from tests.api.bodies import Sent, every_body
from tests.attacks.surface import writing
from tests.corridors.conftest import oybek

__all__ = ["oybek"]
pytestmark = pytest.mark.django_db
SWITCHES = {"is_staff", "is_superuser", "is_active", "confirmed", "role", "roles", "scopes", "user", "pk", "__proto__"}
BY_STATE = {
    "ask", "company", "confirm", "correct", "enquiries", "manifests", "movements", "pace", "publish", "remove", "results",
    "resume", "sample-lists", "seen", "spread", "stop", "suspend", "take-off", "undo-many", "words",
}  # fmt: skip
"""Last words of the addresses whose act the rows of the world do not allow as they stand: a conflict, another step first, or
somebody else's row."""
OF_ASKING = frozenset({"knox_authtoken", "accounts_tokengrant", "common_auditentry"})
"""What giving out the token of the request, and using it, writes."""


def names_of_everything() -> set[str]:
    """The name of every field of every model, and what often decides who may what."""
    fields = (field for model in apps.get_models() for field in model._meta.concrete_fields)
    return {name for field in fields for name in (field.name, field.attname)} | SWITCHES


@pytest.fixture
def acts(world, oybek) -> dict[str, Sent]:
    return every_body(world)


def known_to(path: str, described: dict[str, Any]) -> set[str]:
    """The names that the description gives to the body of an act, at any depth."""
    found: set[str] = set()
    waiting = [described["paths"][path]["post"].get("requestBody", {})]
    seen: set[str] = set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            found |= set(part.get("properties", {}))
            if (reference := part.get("$ref")) and reference not in seen:
                seen.add(reference)
                waiting.append(described["components"]["schemas"][reference.rsplit("/", 1)[-1]])
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return found


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-any-return]


def posts(described: dict[str, Any]) -> list[str]:
    return [path for path, operations in described["paths"].items() if "post" in operations]


def test_every_body_here_is_of_an_act_that_is_described(acts, described):
    assert set(acts) <= set(posts(described))
    assert len(acts) > 25


def test_the_bodies_are_what_somebody_would_send(acts, ask):
    """Each act is done as its body stands, so that a refusal of more says something."""
    refused = {}
    for path, sent in acts.items():
        with transaction.atomic():
            answer = ask(sent.role).post(sent.address, sent.body)
            transaction.set_rollback(True)
        if answer.status_code not in {200, 201} and path.strip("/").split("/")[-1] not in BY_STATE:
            refused[path] = answer.json()
    assert refused == {}


def bare(path: str, ask: Any, world: dict[str, Any]) -> Sent:
    """An act without a body here, as the first role that finds it sends it."""
    address = path.replace("{public_id}", str(world[path.split("/")[3]]))
    role = next(role for role in Role.values if ask(role).post(address, {}).status_code != 404)
    return Sent(role, address, {})


def test_no_act_takes_a_field_that_it_does_not_name(acts, ask, described, world):
    told = {}
    for path in posts(described):
        if "requestBody" not in described["paths"][path]["post"]:
            continue  # reads no body at all
        sent = acts.get(path) or bare(path, ask, world)
        more = sorted(names_of_everything() - known_to(path, described))
        with transaction.atomic(), writing() as (tables, _questions):
            answer = ask(sent.role).post(sent.address, sent.body | dict.fromkeys(more, "1"))
            transaction.set_rollback(True)
        refused = {error["pointer"] for error in answer.json().get("errors", ())}
        beside = {name for name in more if f"#/{name}" not in refused}
        if answer.status_code != 422 or beside or tables - OF_ASKING:
            told[path] = (answer.status_code, sorted(beside)[:5], sorted(tables - OF_ASKING))
    assert told == {}


def inner(body: Any, path: str = "") -> list[tuple[str, dict[str, Any]]]:
    """Each object inside a body, with its place."""
    found: list[tuple[str, dict[str, Any]]] = []
    for name, value in body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ():
        if isinstance(value, dict):
            found.append((f"{path}/{name}", value))
        found += inner(value, f"{path}/{name}")
    return found


def test_no_part_of_a_body_takes_a_field_that_it_does_not_name(acts, ask):
    told, tried = {}, 0
    for path, sent in acts.items():
        client = ask(sent.role)
        for place, part in inner(sent.body):
            part["is_superuser"] = "1"
            with transaction.atomic(), writing() as (tables, _questions):
                answer = client.post(sent.address, sent.body)
                transaction.set_rollback(True)
            del part["is_superuser"]
            tried += 1
            if answer.status_code != 422 or tables - OF_ASKING:
                told[f"{path} {place}"] = (answer.status_code, sorted(tables - OF_ASKING))
    assert told == {}
    assert tried >= 5
