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
}


def test_every_resource_stands_in_the_matrix():
    assert {prefix for prefix, _view, _name in router.registry} == set(READERS)


@pytest.mark.parametrize("role", Role.values)
def test_a_role_reads_exactly_its_resources(role, ask, world):
    client = ask(role)
    for resource, readers in READERS.items():
        expected = 200 if role in readers else 404
        assert client.get(f"/api/v1/{resource}/").status_code == expected, resource
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
