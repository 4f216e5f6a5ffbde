"""Who may read what over the API: role × resource, for lists, for one row, and for strangers."""

import pytest

from config.api import router
from partners.enums import Role

pytestmark = pytest.mark.django_db

IOM: set[str] = {Role.FIELD, Role.COORDINATOR, Role.PROTECTION}
READERS: dict[str, set[str]] = {
    "organisations": IOM | {Role.ADMINISTRATOR},
    "contacts": IOM | {Role.ADMINISTRATOR},
    "crossings": IOM | {Role.PROGRAMME},
    "requirements": IOM | {Role.PROGRAMME},
    "corridors": IOM | {Role.PROGRAMME},
    "groups": IOM,
    "head-counts": IOM,
    "migrants": IOM,
    "documents": IOM,
    "health-tests": IOM,
    "consents": IOM,
    "cases": IOM,
    "requirement-changes": IOM | {Role.PROGRAMME},
    "notices": IOM | {Role.LIAISON, Role.CONSULAR},
    "deliveries": IOM,
    "acknowledgements": IOM | {Role.LIAISON, Role.CONSULAR},
    "needs": IOM | {Role.PROGRAMME},
    "pledges": IOM | {Role.PROGRAMME},
}


def test_every_resource_stands_in_the_matrix():
    assert {prefix for prefix, _view, _name in router.registry} == set(READERS)


OWN = {("notices", Role.CONSULAR), ("acknowledgements", Role.CONSULAR), ("acknowledgements", Role.LIAISON)}
"""Whoever reads only what its own organisation received, and the row of the world is another's."""
WRITERS: dict[str, set[str]] = {
    "groups": IOM,
    "head-counts": IOM,
    "migrants": IOM,
    "documents": IOM,
    "health-tests": IOM,
    "consents": IOM,
    "requirement-changes": {Role.COORDINATOR},
    "acknowledgements": IOM | {Role.LIAISON, Role.CONSULAR},
    "needs": {Role.COORDINATOR, Role.PROGRAMME},
    "pledges": {Role.COORDINATOR, Role.PROGRAMME},
}


@pytest.mark.parametrize("role", Role.values)
def test_a_role_writes_exactly_its_resources(role, ask, world):
    client = ask(role)
    for resource, readers in READERS.items():
        readable = role in readers
        status = client.post(f"/api/v1/{resource}/", {"nonsense": True}).status_code
        if resource in WRITERS:
            assert status == (422 if role in WRITERS[resource] else 404), resource
        else:
            assert status == (405 if readable else 404), resource


@pytest.mark.parametrize("role", Role.values)
def test_a_change_is_judged_and_published_by_publishers_only(role, ask, world):
    client, change = ask(role), f"/api/v1/requirement-changes/{world['requirement-changes']}"
    publishes = role == Role.COORDINATOR
    assert client.get(f"{change}/impact/").status_code == (409 if publishes else 404)
    assert client.post(f"{change}/publish/", {"fingerprint": "x"}).status_code == (409 if publishes else 404)
    assert client.post(f"{change}/redraft/").status_code == (201 if publishes else 404)


@pytest.mark.parametrize("role", Role.values)
def test_a_role_reads_exactly_its_resources(role, ask, world):
    client = ask(role)
    for resource, readers in READERS.items():
        expected = 200 if role in readers else 404
        assert client.get(f"/api/v1/{resource}/").status_code == expected, resource
        expected = 404 if (resource, role) in OWN else expected
        assert client.get(f"/api/v1/{resource}/{world[resource]}/").status_code == expected, resource


@pytest.mark.parametrize("resource", READERS)
def test_a_stranger_is_asked_for_a_token(resource, ask, world):
    answer = ask(None).get(f"/api/v1/{resource}/")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"] == "Bearer"
    assert ask(None).get(f"/api/v1/{resource}/{world[resource]}/").status_code == 401


@pytest.mark.parametrize("resource", READERS)
def test_nobody_replaces_or_deletes_a_row_over_the_api(resource, ask, world):
    client = ask(Role.COORDINATOR)
    for method in (client.put, client.patch, client.delete, client.options):
        answer = method(f"/api/v1/{resource}/{world[resource]}/", {})
        assert answer.status_code == 405
        assert answer["Content-Type"] == "application/problem+json"


def test_the_list_holds_the_row_that_exists(ask, world):
    client = ask(Role.COORDINATOR)
    for resource, place in world.items():
        shown = client.get(f"/api/v1/{resource}/").json()["results"]
        assert str(place) in {str(row.get("code")) for row in shown} | {row["public_id"] for row in shown}, resource
