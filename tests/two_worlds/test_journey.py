"""Whoever sees a movement from outside, at any hour of its way, cannot tell whether she was ever in the group that travels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from email import message_from_string, policy
from functools import partial
from typing import Any, cast
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts import tokens
from common import clock
from config.api import router
from migrants.models import Disclosure
from notifications.models import Delivery
from partners.access import POLICY, Permission
from partners.api import Resource
from partners.enums import Role
from returns.models import DocumentRequest, Movement
from tests.access.matrix import MATRIX
from tests.access.routes import Route, all_routes
from tests.access.test_matrix import address_of
from tests.cast import COMMAND, make_account, sign_in_as
from tests.support.mails import whole
from tests.two_worlds.journey import gets_ready, hours_of, the_carrier, the_region
from tests.two_worlds.seen import Answer, Seen, differences, look, plain
from tests.two_worlds.worlds import HER_NAME, in_both

pytestmark = pytest.mark.django_db
OUTSIDE = (Role.CONSULAR, Role.LIAISON)
OPEN_OUTSIDE = frozenset(permission for role in OUTSIDE for permission in POLICY[role])
ASKED = ("?after=zzz", "?here=everybody", f"?q={HER_NAME}&page=2")
"""What somebody might write behind an address to be told more."""
HOUSE = ("returns:", "notifications:", "corridors:")


def doors() -> list[Route]:
    """Every page that opens to an embassy, a ministry, a border service, a region or a carrier."""
    return [each for each in all_routes() if each.name.startswith(HOUSE) and (each.opens_to or set()) & OPEN_OUTSIDE]


def things_of(movement: Movement) -> dict[str, Any]:
    """What the addresses name, by the words of the matrix; of another's notices and requests there are tests elsewhere."""
    embassy = movement.corridor_version.requested_by
    asked = DocumentRequest.objects.filter(recipient=embassy).order_by("person__sort_key").first()
    here = {"arrival": movement.public_id, "arrival of a receiver": movement.public_id}
    return {**here, "document request": asked.public_id if asked else uuid4()}


LISTS = ("returns:incoming_list", "returns:document_list_file", "returns:day_list")
"""Pages that give a spreadsheet."""
ELSEWHERE = {"notifications:own_notice", "corridors:own_request"}
"""They name one notice or request: `test_pages.py` compares them, and nothing of a journey stands on them but its letter."""


def sent(name: str, movement: Movement) -> list[dict[str, Any]]:
    """What is sent to a page that takes something: nothing, nonsense and what is right, by the name of its address."""
    shown = list(Disclosure.objects.filter(person__full_name="Қодиров Умед").values_list("public_id", flat=True))
    here = {f"here-{public_id}": "present" for public_id in shown}
    who = {"heads": "6", "name": "Consul", "function": "consul", "received_at": "2020-10-02T10:00"}
    done: dict[str, Any] = {"state": "interviewed", "name": "Consul", "function": "consul"}
    ready = {
        "places": 40,
        "place": "School 4",
        "ready_from": "2020-10-02T09:00",
        "name": "Consul",
        "function": "consul",
    }
    said: dict[str, list[dict[str, Any]]] = {
        "returns:arrival_ready": [{}, {**ready, "places": "0"}, ready],
        "returns:question_new": [{}, {"about": str(uuid4()), "words": "Who?"}, {"words": "How many children?"}],
        "returns:day_arrival": [{}, {**who, "name": ""}, {**who, **here}],
        **{name: [{}, {"purpose": "the journey"}] for name in LISTS},
        "returns:arrival": [{}, {"heads": "-1"}, who, {**who, **here}],
        "returns:document_request": [{}, {**done, "state": "held", "expires_on": "1999-01-01"}, done, done],
    }
    return said.get(name, [{}])


def asked_at(at: datetime, ask: Callable[[], Any]) -> Answer:
    """Asks at this very hour: the clock goes on while the pages before are looked at, by how much depends on the machine."""
    clock.set_to(at)
    return look(ask)


def visit(browser: Client, movement: Movement, who: str, hour: str, at: datetime) -> Seen:
    seen: Seen = {}
    things = things_of(movement)
    for route in doors():
        if route.name in ELSEWHERE:
            continue
        address = address_of(route.name, MATRIX[route.name], things)
        for asked in ("", *(ASKED if hour == "arrived" else ())):
            seen[f"{hour}, {who}: {route.name}{asked}"] = asked_at(at, partial(browser.get, address + asked))
        for place, body in enumerate(
            sent(route.name, movement) if who in (Role.CONSULAR, Role.LIAISON) or hour == "arrived" else ()
        ):
            seen[f"{hour}, {who}: sends {place} to {route.name}"] = asked_at(at, partial(browser.post, address, body))
    return seen


def over_the_api(client: APIClient, role: str, movement: Movement, hour: str, at: datetime) -> Seen:
    """Each list that the role may open, the row of the movement, and the acts that it may do."""
    seen: Seen = {}
    for prefix, view, _name in router.registry:
        doors = cast("type[Resource]", view).doors
        if any(set(opening) & POLICY[role] for opening in doors.values()):
            address = f"/api/v1/{prefix}/"
            seen[f"{hour}, {role}: {address}"] = asked_at(at, partial(client.get, address))
            seen[f"{hour}, {role}: {address}…"] = asked_at(at, partial(client.get, f"{address}{movement.public_id}/"))
            if "create" in doors:
                for place, body in enumerate(({}, {"movement": str(movement.public_id), "heads": 6, "receptions": []})):
                    seen[f"{hour}, {role}: sends {place} to {address}"] = asked_at(
                        at, partial(client.post, address, body, format="json")
                    )
    return seen


def letters() -> Seen:
    """What was written to whom, as it waits to be sent."""
    rows = Delivery.objects.order_by("address", "channel_kind", "pk")
    return {f"letter {place} to {row.address}": Answer(plain(_words_of(whole(row)))) for place, row in enumerate(rows)}


def _words_of(payload: str) -> str:
    """The subject and the parts of a letter, without the boundary between them, which is drawn by lot; else the text."""
    message = message_from_string(payload, policy=policy.default)
    if not message.is_multipart():
        return payload
    return "\n".join([str(message["Subject"]), *(str(part.get_content()) for part in message.iter_parts())])


@pytest.fixture
def outsiders(accounts) -> dict[str, Client]:
    others = {"region": the_region(), "carrier": the_carrier()}
    users = {str(role): accounts[role] for role in OUTSIDE}
    users |= {who: make_account(Role.LIAISON, organisation) for who, organisation in others.items()}
    return {"stranger": Client(), **{who: sign_in_as(user) for who, user in users.items()}}


@pytest.fixture
def clients(accounts) -> dict[str, APIClient]:
    clients: dict[str, APIClient] = {}
    for role in OUTSIDE:
        token = tokens.issue(user=accounts[role], days=9, by=COMMAND, at=clock.now()).token
        clients[role] = APIClient()
        clients[role].credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return clients


@pytest.fixture
def the_way(group, crossing, organisations, outsiders, clients):
    """`the_way(with_her)` gives all that is seen of it, hour by hour."""

    def followed(with_her: bool) -> Seen:
        movement = gets_ready(group, crossing, organisations, with_her=with_her)
        seen: Seen = {}
        for hour, at in hours_of(movement, organisations["tj-emb-uz"]):
            for who, browser in outsiders.items():
                if who == "stranger" and hour != "arrived":
                    continue  # whoever is not signed in sees the same at every hour
                seen |= visit(browser, movement, who, hour, at)
            for role, client in clients.items():
                seen |= over_the_api(client, role, movement, hour, at)
        return seen | letters()

    return followed


def test_nobody_outside_can_tell_on_the_way_that_she_was_in_the_group(the_way):
    with_her, without_her = in_both(the_way)

    assert not [name for name, answer in with_her.items() if HER_NAME in answer.body]
    assert "Қодиров Умед" in with_her["arrived, consular: returns:arrival"].body
    assert "Places for people lying down" in with_her["on the road, region: returns:day"].body
    assert "Bus 2" in with_her["on the road, carrier: returns:day"].body
    assert sum(name.startswith("letter ") for name in with_her) >= 4
    told = differences(with_her, without_her)
    print(*told, sep="\n")
    assert told == []


def test_every_page_of_the_way_that_takes_something_is_sent_what_is_right_and_what_is_not():
    """A page with parameters of its own must say in `things_of` what it shows, or the comparison cannot open it."""
    unknown = {
        each.name
        for each in doors()
        if MATRIX[each.name].thing not in ("", "arrival", "document request", "arrival of a receiver")
    } - ELSEWHERE
    assert unknown == set()
    assert reverse("returns:incoming")
    assert Permission.SEE_INCOMING in OPEN_OUTSIDE
