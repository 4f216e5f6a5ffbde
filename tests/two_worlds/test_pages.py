"""No page, signed link or mail tells anybody outside whether a woman under protection was ever registered."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from common import clock
from notifications.books import CACHE_KEY
from notifications.links import token_for
from notifications.models import Delivery
from partners.access import POLICY, Permission
from partners.enums import OrganisationKind, Role
from partners.models import Office, Organisation
from tests.access.matrix import MATRIX
from tests.access.routes import Route, all_routes
from tests.access.test_matrix import OWN_SIGN_IN, address_of
from tests.access.world import make_world
from tests.cast import NOW, make_account, sign_in_as
from tests.support.servers import Mailbox
from tests.two_worlds.seen import Answer, Seen, differences, look, plain, without_place
from tests.two_worlds.worlds import HER_NAME, a_demand_is_made, in_both, people_wait

pytestmark = pytest.mark.django_db

OF_IOM = {Role.FIELD, Role.COORDINATOR, Role.PROTECTION, Role.DATA_PROTECTION}
OUTSIDE = ("stranger", *(role for role in Role.values if role not in OF_IOM), "donor")


def pages() -> list[Route]:
    """Every route but those of the API, which `test_api.py` compares."""
    return [route for route in all_routes() if not route.name.startswith(("api", "^"))]


@pytest.fixture
def browsers(accounts, sign_in) -> dict[str, Client]:
    """A browser for each kind of outsider, and the coordinator's for comparison."""
    donor = Organisation.objects.create(code="donor", kind=OrganisationKind.DONOR, name_en="A donor")
    Office.objects.create(organisation=donor, name="A donor", zone="Europe/Oslo")
    signed_in = {role: sign_in(role) for role in (*OUTSIDE[1:-1], Role.COORDINATOR)}
    giving = sign_in_as(make_account(Role.PROGRAMME, donor))
    return {"stranger": Client(), "donor": giving, **signed_in}


@pytest.fixture
def build(group, crossing, organisations, mail_folder):
    """`build(with_her)` makes one of both worlds up to the hour at which everybody has been told and reminded."""

    def built(with_her: bool) -> dict[str, Any]:
        clock.set_to(NOW + timedelta(hours=1))
        people_wait(group, crossing, organisations, with_her=with_her)
        things = {"key": {"uidb36": "1", "key": "set-password"}, **make_world(group, crossing, organisations)}
        a_demand_is_made(crossing, organisations)
        return things

    return built


def visit(browser: Client, things: dict[str, Any], who: str, *, only: tuple[str, ...] = ()) -> Seen:
    """Everything that `who` gets, from every address of the product or from those that are named."""
    clock.set_to(NOW + timedelta(hours=1))
    seen: Seen = {}
    for name, row in MATRIX.items():
        if name.startswith(OWN_SIGN_IN) or (only and name not in only):
            continue  # signing out would end the session that the other pages need, and what is drawn by lot differs
        ask = partial(browser.post, data=things["sent"].get(name, {})) if row.acts else browser.get
        cache.delete(CACHE_KEY)  # what is asked once in a while is asked on the same pages of both worlds
        seen[f"{who}: {name}"] = look(partial(ask, address_of(name, row, things)))
    return seen


def letters(mailbox: Mailbox) -> Seen:
    """What was sent, to whom; addresses of messages are random."""
    seen: Seen = {}
    for message in sorted(
        mailbox.messages(), key=lambda message: (str(message["X-Envelope-To"]), str(message["Subject"]))
    ):
        to = f"mail {len(seen)} to {message['X-Envelope-To']}"
        parts = [part.get_content() for part in message.walk() if not part.is_multipart()]
        seen[to] = Answer(plain("\n".join([str(message["From"]), str(message["Subject"]), *map(str, parts)])))
    return seen


def links(browser: Client) -> Seen:
    """What is behind every link that was sent, as whoever holds it sees it."""
    sent = Delivery.objects.select_related("notice__alert", "notice__organisation", "contact").order_by("address", "pk")
    return {
        f"link {number} of {delivery.address}": look(partial(browser.get, f"/a/{token_for(delivery)}/"))
        for number, delivery in enumerate(sent)
    }


OPEN_OUTSIDE = {permission for role in OUTSIDE if role in POLICY for permission in POLICY[role]}


def test_every_page_that_opens_to_an_outsider_has_its_place_in_the_comparison():
    assert without_place(pages(), set(MATRIX), OPEN_OUTSIDE) == set()


def test_a_page_without_a_place_is_noticed_unless_its_door_is_closed_to_every_outsider():
    forgotten = Route("returns:forgotten", frozenset(), frozenset({Permission.SEE_PEOPLE, Permission.SEE_NEEDS}))
    without_door = Route("returns:without_door", frozenset())
    closed = Route("returns:closed", frozenset(), frozenset({Permission.SEE_PEOPLE}))
    found = without_place([*pages(), forgotten, without_door, closed], set(MATRIX), OPEN_OUTSIDE)
    assert found == {"returns:forgotten", "returns:without_door"}


def test_nobody_outside_can_tell_whether_she_was_registered(build, browsers, mailbox):
    def all_that_is_seen(with_her: bool) -> Seen:
        for letter in mailbox.folder.glob("*"):
            letter.unlink()
        things = build(with_her)
        seen: Seen = {}
        for who in OUTSIDE:
            seen |= visit(browsers[who], things, who)
        return seen | links(browsers["stranger"]) | letters(mailbox)

    with_her, without_her = in_both(all_that_is_seen)

    assert sum(name.startswith("mail ") for name in with_her) >= 4
    assert not [name for name, answer in with_her.items() if HER_NAME in answer.body]
    told = differences(with_her, without_her)
    print(*told, sep="\n")
    assert told == []


def test_the_comparison_finds_her_where_she_is_seen(build, browsers):
    """Whoever may see people sees her: were such a page open to an outsider, the comparison would say so."""

    pages_with_her = ("returns:case_list", "returns:groups", "returns:board", "returns:change")

    def what_the_coordinator_sees(with_her: bool) -> Seen:
        return visit(browsers[Role.COORDINATOR], build(with_her), "coordinator", only=pages_with_her)

    found = " ".join(differences(*in_both(what_the_coordinator_sees)))

    for page in pages_with_her:
        assert f"coordinator: {page} " in found
