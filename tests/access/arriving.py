"""A group that has left the transit country, with one person on board who agreed to be shown to the embassy."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from common.actors import Actor
from corridors import transit
from corridors.models import TransitCorridor
from migrants import consents
from migrants.entries import PersonEntry
from migrants.models import Consent, Migrant, TravelGroup
from migrants.registration import register
from partners.models import Organisation
from returns import cases, consular_questions, document_requests, reception
from returns.models import (
    Checkpoint,
    FollowUp,
    Handover,
    Manifest,
    ManifestEntry,
    Movement,
    ReceptionReady,
    Reintegration,
    ReturnCase,
    Vehicle,
)
from tests.cast import NOW

BY = Actor.command("tests")


def arriving(waiting: TravelGroup, corridor: TransitCorridor, embassy: Organisation, *, code: str) -> Movement:
    """Its movement, as rows: what led there is tested in tests/returns."""
    place = {"crossing": waiting.crossing, "from_country": waiting.from_country, "to_country": waiting.to_country}
    written: dict[str, Any] = {"mission": waiting.mission, "by": BY}
    group: TravelGroup = TravelGroup.objects.create(
        code=code, waiting_since=NOW - timedelta(days=3), recorded_at=NOW, **place, **written
    )
    version = transit.make_version(
        corridor=corridor, longest_transit=timedelta(hours=4), conditions=[], head_count_cap=50, requested_by=embassy,
        document_reference="note 3", by=BY, at=NOW,
    )  # fmt: skip
    entered = NOW - timedelta(hours=6)
    movement = Movement.objects.create(
        group=group, number=1, corridor_version=version, state="left", depart_at=entered, made_at=NOW,
        clock_started_at=entered, entered_at=entered, left_at=NOW - timedelta(hours=2), warn_at=NOW - timedelta(hours=3),
        due_at=NOW - timedelta(hours=2), **written,
    )  # fmt: skip
    bus = Vehicle.objects.create(movement=movement, label="Bus 1", seats=40)
    manifest = Manifest.objects.create(
        movement=movement, number=1, frozen_at=NOW, digest="0" * 64, people=1, **written
    )  # fmt: skip
    Checkpoint.objects.create(
        movement=movement, vehicle=bus, kind="left", heads=1, expected=1, counted_at=NOW, recorded_at=NOW, **written
    )
    on_board(group, manifest, bus, embassy)
    return movement


def received(movement: Movement, embassy: Organisation) -> Handover:
    """The embassy has received it."""
    row: Handover = Handover.objects.create(
        movement=movement, mission=movement.mission, receiver=embassy, heads=1, name="Consul", function="consul",
        received_at=NOW, recorded_at=NOW, shown_until=NOW + timedelta(days=2), by=BY,
    )  # fmt: skip
    return row


def on_board(group: TravelGroup, manifest: Manifest, bus: Vehicle, embassy: Organisation) -> Migrant:
    """One more person on the manifest, who agreed to be shown to the embassy."""
    entry = PersonEntry(full_name="Сеюм Одам", birth_year=1980, nationalities=("TJK",))
    person = register(group=group, mission=group.mission, entry=entry, by=BY, at=NOW)
    case = cases.open_cases(people=[person], by=BY, at=NOW)[0]
    ManifestEntry.objects.create(
        manifest=manifest, mission=group.mission, vehicle=bus, case=case, person=person, number=person.number,
        full_name=person.full_name,
    )  # fmt: skip
    consents.record_consent(
        people=[person], purpose="consulate", recipient=embassy, answer="yes", how="written", language="tg", by=BY, at=NOW
    )  # fmt: skip
    consents.disclose(people=[person], recipient=embassy, purpose="consulate", by=BY, at=NOW)
    return person


def question_of(embassy: Organisation) -> UUID:
    """The embassy asked about the group that arrives."""
    arrives = Movement.objects.get(group__code="ZZ-0912")
    return consular_questions.ask(
        movement=arrives, organisation=embassy, about=None, words="How many children?", by=BY, at=NOW
    ).public_id  # fmt: skip


def ready(embassy: Organisation) -> ReceptionReady:
    """The embassy is ready to receive the group that arrives."""
    row: ReceptionReady = reception.confirm(
        movement=Movement.objects.get(group__code="ZZ-0912"), organisation=embassy, places=40, place="Fotehobod",
        transport="", ready_from=NOW, name="Consul", function="consul", by=BY, at=NOW,
    )  # fmt: skip
    return row


def document_request_of(embassy: Organisation) -> UUID:
    """The embassy is asked for a document of whoever arrives."""
    group = TravelGroup.objects.get(code="ZZ-0912")
    return document_requests.ask(
        group=group, recipient=embassy, answer_by=NOW + timedelta(days=1), by=BY, at=NOW
    )[0].public_id  # fmt: skip


def receiver_of(organisation: Organisation) -> UUID:
    """Somebody of the group that arrives agreed to be shown to another organisation that receives."""
    movement = Movement.objects.get(group__code="ZZ-0912")
    person = movement.manifests.get().entries.get().person
    agreed(person, "receive", organisation)
    consents.disclose(people=[person], recipient=organisation, purpose="receive", by=BY, at=NOW)
    public_id: UUID = movement.public_id
    return public_id


def agreed(person: Migrant, purpose: str, recipient: Organisation | None = None) -> Consent:
    """The person said yes to that."""
    return consents.record_consent(
        people=[person], purpose=purpose, recipient=recipient, answer="yes", how="written", language="tg", by=BY, at=NOW
    )[0]  # fmt: skip


def at_home(person: Migrant, movement: Movement) -> FollowUp:
    """The case of the person ended at home, they agreed to be asked how things are, and the first time is planned."""
    ReturnCase.objects.filter(person=person).update(closed_at=NOW, outcome="home")
    agreed(person, "follow_up")
    row: FollowUp = FollowUp.objects.create(
        person=person, mission=person.mission, movement=movement, stage="week", due_on=NOW.date(), planned_at=NOW, by=BY
    )
    return row


def helped(person: Migrant, organisation: Organisation) -> Reintegration:
    """An organisation has accepted to help the person to settle in."""
    row: Reintegration = Reintegration.objects.create(
        person=person, mission=person.mission, organisation=organisation, service="work", referred_at=NOW, recorded_at=NOW,
        consent=agreed(person, "reintegration", organisation), answer="accepted", answered_at=NOW, by=BY,
    )  # fmt: skip
    return row
