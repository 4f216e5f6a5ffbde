"""Files that leave over the API are exports as those of the pages are: a row, a look at each person, nothing that runs."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from common import clock
from common.models import AccessEntry
from migrants.exports import fingerprint_of
from migrants.models import Export
from partners.enums import Role
from tests.api.bodies import Sent, every_body
from tests.armour.test_what_leaves import HARM, READERS
from tests.attacks.planting import plant
from tests.cast import NOW
from tests.corridors.conftest import oybek

__all__ = ["oybek"]
pytestmark = pytest.mark.django_db
FILE = {"export", "file_name", "content"}
GIVING = {
    "/api/v1/lists/{public_id}/mend/",
    "/api/v1/declarations/paper/",
    "/api/v1/papers/",
    "/api/v1/groups/{public_id}/shopping/",
}
"""Acts of casework that answer with a file."""
BESIDE = {"/api/v1/organisations/as-file/", "/api/v1/notices/{public_id}/proof/"}
"""Those that hold no field of a person."""


@pytest.fixture
def acts(world, oybek) -> dict[str, Sent]:
    clock.set_to(NOW)
    return {path: sent for path, sent in every_body(world).items() if path in GIVING}


def given(client: Any, sent: Sent, **more: Any) -> tuple[dict[str, Any], bytes]:
    """What the answer says, and the file in it."""
    answer = client.post(sent.address, sent.body, **more)
    assert answer.status_code == 201, answer.json()
    return answer.json(), b64decode(answer.json()["content"], validate=True)


def test_no_other_act_is_described_as_giving_a_file():
    described = SchemaGenerator().get_schema(request=None, public=True)
    shapes = {
        f"#/components/schemas/{name}"
        for name, shape in described["components"]["schemas"].items()
        if set(shape.get("properties", ())) == FILE
    }
    assert shapes
    assert {
        path
        for path, operations in described["paths"].items()
        for operation in operations.values()
        if any(shape in str(operation["responses"]) for shape in shapes)
    } == GIVING | BESIDE


def test_each_file_is_a_row_of_exports(acts, ask):
    assert set(acts) == GIVING
    for sent in acts.values():
        told, content = given(ask(sent.role), sent)
        assert Export.objects.get(number=told["export"]).fingerprint == fingerprint_of(content)


def test_a_file_that_is_given_once_more_is_one_export_and_one_more_look(acts, ask, world):
    sent = acts["/api/v1/declarations/paper/"]
    client = ask(sent.role)
    first, again = (given(client, sent, headers={"Idempotency-Key": "one"}) for _ in range(2))
    assert first == again
    assert Export.objects.filter(kind="declaration").count() == 1
    assert AccessEntry.objects.filter(person=world["migrants"], page=sent.address).count() == len((first, again))


def test_whatever_stands_in_any_field_is_only_a_text_in_each_file(acts, ask):
    """The readers fail at formulas, scripts and links; a clerk's own file and a declaration hold no field as it was written."""
    assert len(plant(HARM)) > 40
    client = ask(Role.FIELD)
    for sent in acts.values():
        told, content = given(client, sent)
        assert READERS[told["file_name"].rpartition(".")[2]](content)
