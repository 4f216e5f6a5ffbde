"""Whoever may open a page opens it for nothing outside their scope: a stranger's object looks like one that never was."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from corridors.models import BorderCrossing, CrossingSide
from partners.enums import OrganisationKind, Role
from partners.models import Membership, Office, Organisation
from tests.access.matrix import MATRIX
from tests.access.world import make_world
from tests.attacks.surface import Reply, address_with, addresses, attacker, knock
from tests.cast import make_account, sign_in_as

pytestmark = pytest.mark.django_db
ELSEWHERE = "KZ-UZ-77"
OF_CASEWORK = (Role.FIELD, Role.COORDINATOR, Role.PROTECTION)
SHARED = frozenset(
    {
        "corridors:attachment", "corridors:corridor", "corridors:crossing", "corridors:decision_on_behalf",
        "corridors:requirement",
        "corridors:version_ask", "corridors:version_edit", "corridors:version_new", "corridors:version_resume",
        "corridors:version_suspend", "notifications:about_crossing", "notifications:alert",
        "notifications:alert_message", "notifications:alert_panel",
        "notifications:again", "notifications:call", "notifications:confirm", "notifications:institution",
        "notifications:notice",
        "partners:channel_called", "partners:channel_test", "partners:desk", "partners:organisation",
        "partners:shift_end", "partners:shift_new", "returns:attachment_new", "returns:change", "returns:change_again",
        "returns:change_restate", "returns:change_publish",
    }
)  # fmt: skip
"""Pages with a parameter that name no person and no group: the house has one ledger, one directory, one log of calls."""


OF_ONESELF = frozenset({"partners:own_token_end", "partners:own_device_revoke"})
"""What looks only among one's own, and says in the same words on the next page that nothing was there."""


@pytest.fixture
def world(group, crossing, organisations):
    return make_world(group, crossing, organisations)


def own_pages(role: str, world: dict[str, Any]) -> dict[str, str]:
    """Every page about one object that `role` may open and that is not everybody's."""
    return {
        name: address
        for name, address in addresses(world).items()
        if MATRIX[name].thing
        and name not in OF_ONESELF
        and isinstance(MATRIX[name].who, frozenset)
        and role in MATRIX[name].who
    }


def never_was(world: dict[str, Any], name: str) -> str:
    """The same address for a thing that does not exist."""
    thing = world[MATRIX[name].thing]
    parameters = thing if isinstance(thing, dict) else {"public_id": thing}
    return address_with(name, {key: _other(value) for key, value in parameters.items()})


def _other(value: Any) -> Any:
    return uuid.uuid4() if isinstance(value, uuid.UUID) else value


def differing(client: Client, pages: dict[str, str], world: dict[str, Any]) -> dict[str, Any]:
    """Pages on which a foreign object is told from a missing one: by the answer, its headers, the questions or a write."""
    told: dict[str, Any] = {}
    for name, address in pages.items():
        for method in ("GET", "POST"):
            sent = world["sent"].get(name, {})
            for _again in range(2):  # what is asked or written once in a while makes no difference the second time
                foreign = knock(client, method, address, sent)
                missing = knock(client, method, never_was(world, name), sent)
                if _alike(foreign, missing):
                    break
            else:
                told[f"{method} {name}"] = (foreign.status, missing.status, foreign.questions, missing.questions)
    return told


def _alike(foreign: Reply, missing: Reply) -> bool:
    refused = foreign.status in {302, 404, 405}
    same = foreign.seen == missing.seen and foreign.questions == missing.questions
    return refused and same and not foreign.written - {"django_session"}


@pytest.mark.deep
@pytest.mark.parametrize("role", OF_CASEWORK)
def test_an_officer_of_another_crossing_cannot_tell_what_is_there_from_what_is_not(role, world, organisations):
    away = BorderCrossing.objects.create(code=ELSEWHERE, modes=["road"])
    CrossingSide.objects.create(crossing=away, country="KAZ", name_latin="Elsewhere", zone="Asia/Almaty", rank=1)
    officer = make_account(role, organisations["iom-kz"], email="away@iom-kz.example")
    Membership.objects.filter(user=officer).update(crossings=[ELSEWHERE])
    client = attacker(Client())
    sign_in_as(officer, client)
    pages = {name: address for name, address in own_pages(role, world).items() if name not in SHARED}
    assert len(pages) > 30
    assert differing(client, pages, world) == {}


def test_a_page_is_shared_only_where_a_narrowed_officer_opens_it(world, organisations):
    """The list of shared pages holds nothing that is not, so that no page of persons hides in it."""
    away = BorderCrossing.objects.create(code=ELSEWHERE, modes=["road"])
    CrossingSide.objects.create(crossing=away, country="KAZ", name_latin="Elsewhere", zone="Asia/Almaty", rank=1)
    officer = make_account(Role.COORDINATOR, organisations["iom-kz"], email="away@iom-kz.example")
    Membership.objects.filter(user=officer).update(crossings=[ELSEWHERE])
    client = attacker(Client())
    sign_in_as(officer, client)
    seen = {name: knock(client, "GET", address) for name, address in addresses(world).items() if name in SHARED}
    assert {name for name, reply in seen.items() if "Озмоиш" in reply.seen or world["group"].hex in reply.seen} == set()
    assert set(seen) == SHARED


OUTSIDERS = ((Role.CONSULAR, OrganisationKind.EMBASSY, "UZB"), (Role.LIAISON, OrganisationKind.MINISTRY, "TJK"))


@pytest.mark.parametrize(("role", "kind", "country"), OUTSIDERS)
def test_another_organisation_cannot_tell_what_was_sent_to_this_one(role, kind, country, world, organisations):
    other = Organisation.objects.create(code="other", kind=kind, country=country, name_en="Another")
    Office.objects.create(organisation=other, name="Another", zone="Asia/Tashkent")
    client = attacker(Client())
    sign_in_as(make_account(role, other), client)
    pages = own_pages(role, world)
    assert pages
    assert differing(client, pages, world) == {}
