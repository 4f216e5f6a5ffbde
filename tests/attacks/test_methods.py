"""Every page × every method × every role: only what the page is for does anything, and nothing ends in an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from uuid import UUID

import pytest
from django.test import Client

from partners.enums import Role
from tests.access.matrix import ANYBODY, MATRIX, SIGNED_IN
from tests.access.test_matrix import address_of
from tests.access.world import make_world
from tests.attacks.surface import ACCOUNT_PAGES, METHODS, OF_LOOKING, addresses, attacker, knock
from tests.support.undoing import undone

pytestmark = pytest.mark.django_db
OWN = {"key": {"uidb36": "1", "key": "set-password"}, "sign_in": UUID(int=1), "passkey": {"pk": 1}}
"""What the addresses of one's own sign-in name: nothing that is there."""
ODD = tuple(method for method in METHODS if method not in {"GET", "HEAD", "POST"})
"""The coordinator tries them all on each page; for everybody else they take turns over the pages."""
NOTHING_DONE = {302, 404, 405}
READS = ("GET", "HEAD")
SOME = (None, Role.COORDINATOR, Role.CONSULAR)
OTHERS = tuple(role for role in Role.values if role not in SOME)
EVERYBODY = [pytest.param(SOME, id="of every day"), pytest.param(OTHERS, marks=pytest.mark.deep, id="others")]


@pytest.fixture
def world(group, crossing, organisations):
    return make_world(group, crossing, organisations)


def visitors(
    roles: Sequence[str | None], sign_in: Callable[[str | None], Client]
) -> Iterator[tuple[str | None, Client]]:
    """Each role with its browser, one after another, on the world as it was."""
    for role in roles:
        with undone():
            yield role, attacker(sign_in(role))


@pytest.mark.parametrize("roles", EVERYBODY)
def test_a_method_that_no_page_has_does_nothing(roles, world, sign_in):
    """PUT, PATCH, DELETE, OPTIONS, TRACE and made-up ones: refused, without a row written or a word of a person."""
    wrong = {}
    for role, client in visitors(roles, sign_in):
        for turn, (name, address) in enumerate(addresses(world).items()):
            for method in ODD if role == Role.COORDINATOR else (ODD[turn % len(ODD)], ODD[(turn + 1) % len(ODD)]):
                reply = knock(client, method, address)
                if reply.status not in NOTHING_DONE or reply.written or "Озмоиш" in reply.seen:
                    wrong[f"{method} {name} {role}"] = (reply.status, sorted(reply.written))
    assert wrong == {}


@pytest.mark.parametrize("roles", EVERYBODY)
def test_looking_changes_nothing(roles, world, sign_in):
    """GET and HEAD write who looked, and nothing else; HEAD is answered as GET is, or refused.

    Roles of every day try both on each page, the others take turns with HEAD.
    """
    wrong = {}
    for place, (role, client) in enumerate(visitors(roles, sign_in)):
        for turn, (name, address) in enumerate(addresses(world).items()):
            methods = READS if role in SOME or (turn + place) % len(OTHERS) == 0 else ("GET",)
            replies = [knock(client, method, address) for method in methods]
            told = {reply.status for reply in replies} - {405}
            written = frozenset().union(*(reply.written for reply in replies)) - OF_LOOKING
            if written or max(told, default=0) >= 500 or len(told) > 1:
                wrong[f"{name} {role}"] = (told, sorted(written))
    assert wrong == {}


@pytest.mark.parametrize("roles", EVERYBODY)
def test_a_post_of_somebody_who_may_not_open_the_page_changes_nothing(roles, world, sign_in):
    """With the very content with which somebody who may would act."""
    wrong = {}
    for role, client in visitors(roles, sign_in):
        for name, address in addresses(world).items():
            who = MATRIX[name].who
            if who in (ANYBODY, SIGNED_IN) or (isinstance(who, frozenset) and role in who):
                continue
            reply = knock(client, "POST", address, world["sent"].get(name, {}))
            if reply.status not in NOTHING_DONE or reply.written - {"django_session"}:
                wrong[f"{name} {role}"] = (reply.status, sorted(reply.written))
    assert wrong == {}


@pytest.mark.parametrize("role", [None, Role.COORDINATOR])
def test_a_method_that_no_page_of_signing_in_has_does_nothing(role, world, sign_in):
    """The pages of the library too: it would answer OPTIONS, and take PUT for a POST."""
    wrong = {}
    for name in ACCOUNT_PAGES:
        client = attacker(sign_in(role))
        for method in ODD:
            reply = knock(client, method, address_of(name, MATRIX[name], OWN))
            if reply.status != 405 or reply.written:
                wrong[f"{method} {name}"] = (reply.status, sorted(reply.written))
    assert wrong == {}
