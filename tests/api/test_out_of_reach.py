"""Over the API a row out of reach looks, byte for byte, like one that never was: read, acted on, or named in a body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from partners.enums import OrganisationKind, Role
from partners.models import Membership, Office, Organisation
from tests.api.bodies import every_body
from tests.api.marked import make_marked
from tests.attacks.surface import Reply, attacker, knock
from tests.cast import make_account
from tests.corridors.conftest import oybek

__all__ = ["oybek"]
pytestmark = pytest.mark.django_db
OF_CASEWORK = (Role.FIELD, Role.COORDINATOR, Role.PROTECTION)
NAMED = {"group": "groups", "person": "migrants", "need": "needs", "movement": "movements", "screening": "screenings"}
"""Which rows a body names under which word, of those that lie beyond somebody who is narrowed."""
OF_ONE_ORGANISATION = ("approvals", "notices", "acknowledgements", "incoming", "handovers")


@pytest.fixture
def worlds(group, organisations, oybek):
    own, far = make_marked(group, organisations)
    beyond = {name: place for name, place in far.items() if place != own[name]}
    return own, beyond


@pytest.fixture
def narrowed(organisations, token_of):
    """`narrowed(role)` is a client that reaches the caseload of its own mission alone."""

    def client(role: str) -> APIClient:
        user = make_account(role, organisations["iom-kz"], email="narrow@iom-kz.example")
        Membership.objects.filter(user=user).update(own_mission_only=True)
        return speaking(token_of(user))

    return client


def speaking(token: str) -> APIClient:
    asking = APIClient()
    asking.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    attacker(asking)
    return asking


def resource(path: str) -> str:
    return path.removeprefix("/api/v1/").split("/")[0]


def alike(foreign: Reply, missing: Reply) -> bool:
    written = foreign.written - {"accounts_tokengrant"}  # the last use of the token
    return foreign.seen == missing.seen and foreign.questions == missing.questions and not written


def told_apart(client: APIClient, addresses: Mapping[str, Any], bodies: Mapping[str, Any] | None = None) -> list[str]:
    """Addresses at which a row of another is told from none; each is written with `{}` where the reference stands.

    With `bodies` each is posted to, with its body.
    """
    told, method = [], "GET" if bodies is None else "POST"
    for address, place in addresses.items():
        body = (bodies or {}).get(address)
        for _again in range(2):  # what is asked or written once in a while makes no difference the second time
            foreign = knock(client, method, address.format(place), body)
            missing = knock(client, method, address.format(uuid4()), body)
            if alike(foreign, missing):
                break
        else:
            told.append(f"{method} {address}: {foreign.status} {missing.status}")
        if foreign.status != 404:
            told.append(f"{method} {address} answers {foreign.status}")
    return told


@pytest.mark.parametrize("role", OF_CASEWORK)
def test_who_is_narrowed_cannot_tell_a_row_of_another_mission_from_none(role, worlds, narrowed):
    client, (own, beyond) = narrowed(role), worlds
    acts = {
        path: sent.body for path, sent in every_body(own).items() if "{public_id}" in path and resource(path) in beyond
    }
    reading = {f"/api/v1/{name}/{{}}/": place for name, place in beyond.items()}
    bodies = {path.replace("{public_id}", "{}"): body for path, body in acts.items()}
    acting = {path: beyond[resource(path)] for path in bodies}
    assert client.get(f"/api/v1/migrants/{own['migrants']}/").status_code == 200
    assert len(reading) > 10
    assert len(acting) >= 4
    assert told_apart(client, reading) == []
    assert told_apart(client, acting, bodies) == []


def test_a_body_that_names_a_row_of_another_mission_is_refused_like_one_that_names_none(worlds, narrowed):
    client, (own, beyond) = narrowed(Role.COORDINATOR), worlds
    told, tried = {}, 0
    for path, sent in every_body(own).items():
        for field in sent.body.keys() & NAMED.keys():
            answers = [
                client.post(sent.address, sent.body | {field: str(place)}) for place in (beyond[NAMED[field]], uuid4())
            ]
            tried += 1
            if answers[0].content != answers[1].content or answers[0].status_code not in {404, 422}:
                told[f"{path} {field}"] = [answer.status_code for answer in answers]
    assert told == {}
    assert tried > 10


@pytest.mark.parametrize(("role", "kind"), [(Role.CONSULAR, OrganisationKind.EMBASSY), (Role.LIAISON, "ministry")])
def test_another_organisation_cannot_tell_what_was_told_to_this_one_from_nothing(role, kind, worlds, token_of):
    other = Organisation.objects.create(code="other", kind=kind, country="UZB", name_en="Another")
    Office.objects.create(organisation=other, name="Another", zone="Asia/Tashkent")
    client = speaking(token_of(make_account(role, other)))
    own, _beyond = worlds
    assert told_apart(client, {f"/api/v1/{name}/{{}}/": own[name] for name in OF_ONE_ORGANISATION}) == []
    decide = "/api/v1/approvals/{}/decide/"
    body = {"answer": "approved", "name": "A", "function": "officer"}
    assert told_apart(client, {decide: own["approvals"]}, {decide: body}) == []
