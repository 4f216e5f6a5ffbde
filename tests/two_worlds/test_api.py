"""Nothing that the API gives to an outsider tells whether a woman under protection was ever registered."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from rest_framework.test import APIClient

from accounts import tokens
from accounts.models import User
from common import clock
from config.api import router
from partners.enums import OrganisationKind, Role
from partners.models import Office, Organisation
from tests.api.conftest import make_rows
from tests.cast import COMMAND, NOW, make_account
from tests.two_worlds.seen import Seen, differences, look
from tests.two_worlds.worlds import HER_NAME, in_both, people_wait

pytestmark = pytest.mark.django_db
OUTSIDE = (Role.CONSULAR, Role.LIAISON, Role.PROGRAMME, Role.ADMINISTRATOR)


def client_of(user: User | None) -> APIClient:
    asking = APIClient()
    if user is not None:
        asking.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens.issue(user=user, days=1, by=COMMAND, at=NOW).token}")
    return asking


@pytest.fixture
def clients(accounts) -> dict[str, APIClient]:
    """A client with a token for each kind of outsider, and one of a stranger."""
    clock.set_to(NOW)
    donor = Organisation.objects.create(code="donor", kind=OrganisationKind.DONOR, name_en="A donor")
    Office.objects.create(organisation=donor, name="A donor", zone="Europe/Oslo")
    users = {str(role): accounts[role] for role in OUTSIDE} | {"donor": make_account(Role.PROGRAMME, donor)}
    return {"stranger": client_of(None), **{who: client_of(user) for who, user in users.items()}}


def visit(client: APIClient, who: str, rows: dict[str, object]) -> Seen:
    """Every list and the row of every resource, as `who` gets them; a resource without a row fails."""
    clock.set_to(NOW + timedelta(hours=1))
    seen: Seen = {}
    for resource, _view, _name in router.registry:
        for address in (f"/api/v1/{resource}/", f"/api/v1/{resource}/{rows[resource]}/"):
            seen[f"{who}: {address.replace(str(rows[resource]), '…')}"] = look(partial(client.get, address))
    return seen


@pytest.fixture
def look_around(group, crossing, organisations, clients):
    def around(with_her: bool, *, whom: dict[str, APIClient] | None = None) -> Seen:
        clock.set_to(NOW)
        people_wait(group, crossing, organisations, with_her=with_her)
        rows = make_rows(group, organisations)
        seen: Seen = {}
        for who, client in (whom or clients).items():
            seen |= visit(client, who, rows)
        return seen

    return around


def test_nobody_outside_can_tell_over_the_api_whether_she_was_registered(look_around):
    with_her, without_her = in_both(look_around)

    assert not [name for name, answer in with_her.items() if HER_NAME in answer.body]
    assert "Қодиров Умед" in with_her["consular: /api/v1/incoming/"].body
    assert differences(with_her, without_her) == []


def test_the_comparison_finds_her_where_the_api_shows_her(look_around, accounts):
    coordinator = {"coordinator": client_of(accounts[Role.COORDINATOR])}

    found = " ".join(differences(*in_both(partial(look_around, whom=coordinator))))

    assert "coordinator: /api/v1/migrants/ shows" in found
    assert "coordinator: /api/v1/cases/ shows" in found
