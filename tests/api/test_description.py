"""The API describes itself: a valid OpenAPI 3.1 document, and a page to read it that runs under our policy."""

import pytest
from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from partners.enums import Role


@pytest.fixture(scope="module")
def described():
    return SchemaGenerator().get_schema(request=None, public=True)


def test_the_description_is_valid_openapi(described):
    validate_schema(described)
    assert described["openapi"].startswith("3.1")


def test_nothing_in_it_had_to_be_guessed():
    """Every choice has a name of ours, so that a client which is made from the description keeps its names."""
    reset_generator_stats()
    SchemaGenerator().get_schema(request=None, public=True)
    assert not GENERATOR_STATS


def test_every_operation_has_words_and_says_how_it_refuses(described):
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert operation.get("description"), (method, path)
            assert "application/problem+json" in operation["responses"]["4XX"]["content"]


def test_every_post_takes_an_idempotency_key(described):
    for path, operations in described["paths"].items():
        if "post" in operations:
            names = {parameter["name"] for parameter in operations["post"].get("parameters", [])}
            assert "Idempotency-Key" in names, path


@pytest.mark.django_db
def test_anybody_may_read_the_description(client):
    assert client.get("/api/schema/", HTTP_ACCEPT="application/json").json()["info"]["title"] == "Homeward"


@pytest.mark.django_db(transaction=True)
def test_the_page_shows_the_operations_in_a_browser(page, live_server):
    page.goto("/api/docs/")
    page.get_by_text("/api/v1/acknowledgements/").first.wait_for()  # the others come as somebody scrolls to them
    page.get_by_role("button", name="Authorize").wait_for()


@pytest.mark.django_db
def test_the_root_names_the_resources(ask):
    assert "groups" in ask(Role.FIELD).get("/api/v1/").json()
    assert ask(None).get("/api/v1/").status_code == 401
