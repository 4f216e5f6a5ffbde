"""A thing of one person, group or movement is not reached through the address of another, which the same officer may open."""

from __future__ import annotations

import itertools
import uuid
from datetime import timedelta
from typing import Any

import pytest

from accounts import tokens
from accounts.models import FieldDevice, TokenGrant, User
from common.pictures import Drawn
from corridors.models import Approval, CorridorVersion, Requirement
from migrants import pictures, protection, screening
from migrants.consents import record_consent
from migrants.documents import record_document
from migrants.entries import DocumentEntry, ProofEntry
from migrants.models import Family, GroupMove, Migrant, Relation, TravelGroup, TravelledLeg
from migrants.proofs import record_proof
from notifications.models import Alert, Notice, WebhookPost, WebhookSubscription
from notifications.signing import new_secret
from partners.enums import Role
from partners.models import Organisation
from returns import case_papers, cases, waivers
from returns.models import Checkpoint, CrewMember, FollowUp, Movement, Seat, Vehicle
from tests.access.matrix import MATRIX
from tests.access.routes import all_routes
from tests.access.world import BY, make_world, registered
from tests.attacks.surface import address_with, attacker, knock
from tests.cast import NOW

pytestmark = pytest.mark.django_db
OFFICERS = (Role.PROTECTION, Role.COORDINATOR, Role.ADMINISTRATOR)
NUMBERS = frozenset({"number", "kind", "part"})
"""Parameters that count or name a form or part of one thing, and are no reference of another."""


def of_another_person(group: TravelGroup) -> dict[str, uuid.UUID]:
    person = registered(group, "Озмоиш Дигар", 20)
    screened = screening.screen(person=person, stage="before", needs=["medical"], screened_at=NOW, by=BY, at=NOW)
    referred = screening.refer(
        screening=screened, organisation=Organisation.objects.get(code="kz-border"), service="medical",
        reason="asked for it", referred_at=NOW, by=BY, at=NOW,
    )  # fmt: skip
    agreed = record_consent(people=[person], purpose="return", answer="yes", how="oral", language="tg", by=BY, at=NOW)
    held = protection.set_hold(person=person, reason="asked for it", against=["TJK"], by=BY, at=NOW)
    passport = record_document(person=person, document=DocumentEntry(kind="passport"), by=BY, at=NOW)
    picture = pictures.keep(person=person, kind="photograph", upload=Drawn(b"x", 1, 1), by=BY, at=NOW)
    waiver = waivers.waive(
        cases=cases.open_cases(people=[person], by=BY, at=NOW), requirement=Requirement.objects.earliest("pk"),
        authority=Organisation.objects.get(code="uz-border"), reference="note 2", valid_until=NOW + timedelta(days=9),
        by=BY, at=NOW,
    )[0]  # fmt: skip
    return {
        "picture_id": picture.public_id,
        "page_id": case_papers.attach(group=group, title="letter", pages=[Drawn(b"x", 1, 1)], by=BY, at=NOW)[
            0
        ].public_id,
        "waiver_id": waiver.public_id,
        "screening_id": screened.public_id,
        "referral_id": referred.public_id,
        "consent_id": agreed[0].public_id,
        "proof_id": record_proof(people=[person], proof=ProofEntry("quota", begins_on=NOW.date()), by=BY, at=NOW)[
            0
        ].public_id,
        "hold_id": held.public_id,
        "follow_up_id": FollowUp.objects.create(
            person=person,
            mission=person.mission,
            movement=Movement.objects.earliest("pk"),
            stage="week",
            due_on=NOW.date(),
            planned_at=NOW,
            by=BY,
        ).public_id,
        "document_id": passport.public_id,
    }


def of_another_group(group: TravelGroup) -> dict[str, uuid.UUID]:
    """A family, a leg and a move of two groups of the same mission, none of them of this one."""
    other, third = (
        TravelGroup.objects.create(
            code=code, mission=group.mission, crossing=group.crossing, from_country="KAZ", to_country="UZB",
            waiting_since=NOW, recorded_at=NOW, by=BY,
        )
        for code in ("ZZ-0921", "ZZ-0922")
    )  # fmt: skip
    written: dict[str, Any] = {"mission": group.mission, "by": BY}
    family = Family.objects.create(group=other, code="F1")
    mother, child = (registered(other, name, day) for name, day in (("Озмоиш Модари", 22), ("Озмоиш Фарзанд", 23)))
    Migrant.objects.filter(pk__in=[mother.pk, child.pk]).update(family=family)
    relation = Relation.objects.create(
        person=mother, other=child, kind="parent", basis="self", recorded_at=NOW, **written
    )
    leg = TravelledLeg.objects.create(group=other, rank=1, country="RUS", recorded_at=NOW, **written)
    move = GroupMove.objects.create(
        from_group=other, to_group=third, kind="moved", heads=0, why="two buses", moved_at=NOW, **written
    )
    return {
        "family_id": family.public_id,
        "relation_id": relation.public_id,
        "leg_id": leg.public_id,
        "move_id": move.public_id,
    }


def of_another_movement(movement: Movement) -> dict[str, uuid.UUID]:
    written: dict[str, Any] = {"mission": movement.mission}
    other = Movement.objects.create(
        group=movement.group, number=7, corridor_version=movement.corridor_version, depart_at=NOW, made_at=NOW, by=BY,
        state="called_off", **written,
    )  # fmt: skip
    bus = Vehicle.objects.create(movement=other, label="Bus 9", seats=30)
    sitting = Seat.objects.create(
        movement=other, vehicle=bus, person=registered(movement.group, "Озмоиш Роҳ", 21), **written
    )
    count = Checkpoint.objects.create(
        movement=other,
        vehicle=bus,
        kind="boarded",
        heads=2,
        expected=1,
        counted_at=NOW,
        recorded_at=NOW,
        by=BY,
        **written,
    )
    driver = CrewMember.objects.create(
        movement=other, vehicle=bus, role="driver", name="Озмоиш", recorded_at=NOW, by=BY, **written
    )
    return {
        "crew_id": driver.public_id,
        "vehicle_id": bus.public_id,
        "seat_id": sitting.public_id,
        "checkpoint_id": count.public_id,
    }


def of_another_account(accounts: dict[str, User]) -> dict[str, uuid.UUID]:
    other = accounts[Role.FIELD]
    tokens.issue(user=other, days=1, by=BY, at=NOW)
    phone = FieldDevice.objects.create(
        public_id=uuid.uuid4(), user=other, name="phone", first_seen_at=NOW, last_seen_at=NOW
    )
    return {
        "device_id": phone.public_id,
        "token_id": TokenGrant.objects.latest("pk").public_id,
        "membership_id": other.memberships.get().public_id,
    }


def of_another_alert(alert: Alert) -> dict[str, uuid.UUID]:
    other = Alert.objects.create(
        number=900, kind=alert.kind, source="requirement-version:other", subject=alert.subject, context=alert.context,
        raised_at=NOW, raised_by=BY, expires_at=NOW + timedelta(days=1),
    )  # fmt: skip
    notice = Notice.objects.create(
        alert=other, organisation=Organisation.objects.get(code="tj-emb-uz"), owed_since=NOW
    )  # fmt: skip
    system = WebhookSubscription.objects.create(
        organisation=notice.organisation, url="https://hooks.example/b", secret=new_secret(), made_at=NOW, by=BY
    )
    post = WebhookPost.objects.create(
        subscription=system, alert=other, body="{}", state="failed", due_at=NOW, queued_at=NOW
    )
    return {"notice_id": notice.public_id, "post_id": post.public_id}


@pytest.fixture
def world(group, crossing, organisations) -> dict[str, Any]:
    return make_world(group, crossing, organisations)


@pytest.fixture
def others(world, group, accounts) -> dict[str, uuid.UUID]:
    """Each inner parameter of an address, by its name, of a thing that hangs on another."""
    return {
        **of_another_account(accounts),
        **of_another_person(group),
        **of_another_group(group),
        **of_another_movement(Movement.objects.get(public_id=world["movement"])),
        **of_another_alert(Alert.objects.get(public_id=world["alert"])),
    }


def nested() -> dict[str, frozenset[str]]:
    """Every page with a reference inside another reference, and the names of the inner ones."""
    routes = {route.name: route.parameters - NUMBERS - {"public_id", "code"} for route in all_routes()}
    return {name: inner for name, inner in routes.items() if name in MATRIX and inner and "public_id" in _all(name)}


def _all(name: str) -> frozenset[str]:
    return next(route.parameters for route in all_routes() if route.name == name)


def test_nobody_reaches_a_thing_of_one_through_the_address_of_another(world, others, sign_in):
    pages = nested()
    assert len(pages) >= 9
    clients = [attacker(sign_in(role)) for role in OFFICERS]
    reached = {}
    for name, inner in pages.items():
        right = world[MATRIX[name].thing]
        assert inner <= set(others), f"{name}: make one of another in `others`"
        wrong = [{each: others[each]} for each in inner] + [{each: others[each] for each in inner}]
        for client, of_another, method in itertools.product(clients, wrong, ("GET", "POST")):
            address = address_with(name, {**right, **of_another})
            reply = knock(client, method, address, {"reason": "x", "why": "x", "name": "x", "function": "x"})
            if reply.status not in {302, 404, 405} or reply.written - {"django_session"}:
                reached[f"{method} {name} {sorted(of_another)}"] = (reply.status, sorted(reply.written))
    assert reached == {}
    assert not Migrant.objects.filter(holds__cleared_at__isnull=False).exists()


def test_a_key_for_a_picture_does_not_open_it_through_the_address_of_another_person(world, others, sign_in, accounts):
    client, account = attacker(sign_in(Role.COORDINATOR)), accounts[Role.COORDINATOR].public_id
    statuses = {}
    for whose, picture in (("own", world["picture"]["picture_id"]), ("other", others["picture_id"])):
        parameters = {**world["picture"], "picture_id": picture}
        address = (
            f"{address_with('returns:person_picture', parameters)}?key={pictures.key_for(picture, account=account)}"
        )
        statuses[whose] = knock(client, "GET", address).status
    assert statuses == {"own": 200, "other": 404}


def test_a_party_of_another_corridor_is_not_decided_through_this_one(world, sign_in):
    """The approval in the address belongs to the corridor in the address."""
    approval = Approval.objects.select_related("version__corridor").get(public_id=world["approval"])
    corridor = approval.version.corridor
    other = type(corridor).objects.create(
        code="OTHER", name="Other", entry=corridor.entry, exit=corridor.exit, from_country="KAZ", transit_country="UZB",
        to_country="TJK",
    )  # fmt: skip
    CorridorVersion.objects.filter(number=90).update(corridor=other)
    address = address_with("corridors:decision_on_behalf", {"code": "OTHER", "public_id": approval.public_id})
    said = {"answer": "approved", "name": "x", "function": "x", "decided_how": "phone", "reference": "x"}
    reply = knock(attacker(sign_in(Role.COORDINATOR)), "POST", address, said)
    assert (reply.status, reply.written - {"django_session"}) == (404, frozenset())
    approval.refresh_from_db()
    assert approval.state == "asked"
