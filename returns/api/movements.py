"""Journeys, their frozen manifests and the heads counted on the way, by the same acts as on the pages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from migrants.models import TravelGroup
from partners.access import Permission
from partners.api import Resource
from returns import arrival_needs, checkpoints, freezing, incidents, movements
from returns.checkpoints import DifferentCheckpointError
from returns.models import Checkpoint, Incident, Manifest, Movement, Vehicle
from returns.movements import MovementError
from returns.serializers.movements import (
    ArrivalNeedsEntry,
    CheckpointEntry,
    CheckpointFilters,
    CheckpointShape,
    IncidentEntry,
    IncidentFilters,
    IncidentShape,
    ManifestEntryShape,
    ManifestFilters,
    ManifestShape,
    MovementEntry,
    MovementFilters,
    MovementShape,
)

SEE, SEND, COUNT = {Permission.SEE_MOVEMENTS}, {Permission.SEND_MOVEMENTS}, {Permission.COUNT_MOVEMENTS}


class Movements(Resource):
    """Journeys of groups with their state, their buses and the clock of the transit."""

    doors = {"list": SEE, "retrieve": SEE, "create": SEND, "needs": SEND}
    serializer_class = MovementShape
    filters = MovementFilters
    refusals = {MovementError: 422, arrival_needs.ArrivalNeedError: 422}

    def rows(self) -> QuerySet[Movement]:
        rows = Movement.objects.visible_to(self.viewer).select_related("group", "corridor_version")
        return rows.prefetch_related("vehicles", "leg_clocks")

    @extend_schema(request=MovementEntry, responses={201: MovementShape})
    def create(self, request: Request) -> Response:
        """Make the journey of a group from its plan."""
        said = self.sent(MovementEntry)
        return self.written(lambda: self._make(said))

    def _make(self, said: dict[str, Any]) -> Answer:
        group = self.named(TravelGroup.objects.visible_to(self.viewer), "group", public_id=said["group"])
        return self.made(movements.make_movement(group=group, by=self.viewer.actor, at=self.at))

    @extend_schema(request=ArrivalNeedsEntry, responses={200: MovementShape})
    @action(detail=True, methods=["post"])
    def needs(self, request: Request, **place: Any) -> Response:
        """Write down what has to stand ready where it arrives, in numbers; whoever receives the group sees it."""
        said = self.sent(ArrivalNeedsEntry)
        row = self.get_object()
        return self.written(lambda: self._need(row, said))

    def _need(self, row: Movement, said: dict[str, int]) -> Answer:
        done = arrival_needs.write(movement=row, needs=said, by=self.viewer.actor, at=self.at)
        return self.made(self.rows().get(pk=done.pk), status=200)


class Manifests(Resource):
    """Frozen versions of who travels, by number and fingerprint. POST freezes the next one, if nothing stops it."""

    doors = {"list": SEE, "retrieve": SEE, "create": SEND}
    serializer_class = ManifestShape
    filters = ManifestFilters
    refusals = {MovementError: 422}

    def rows(self) -> QuerySet[Manifest]:
        return Manifest.objects.filter(movement__in=Movement.objects.visible_to(self.viewer)).select_related("movement")

    @extend_schema(request=ManifestEntryShape, responses={201: ManifestShape})
    def create(self, request: Request) -> Response:
        """Freeze who travels now."""
        said = self.sent(ManifestEntryShape)
        return self.written(lambda: self._freeze(said))

    def _freeze(self, said: dict[str, Any]) -> Answer:
        movement = self.named(Movement.objects.visible_to(self.viewer), "movement", public_id=said["movement"])
        why = said.get("why", "")
        return self.made(freezing.freeze(movement=movement, why=why, by=self.viewer.actor, at=self.at))


class Checkpoints(Resource):
    """Heads counted on the way, bus by bus.

    POST stores each `public_id` once: 201 the first time, 200 for the same again, 409 for the same id with other content.
    """

    doors = {"list": SEE, "retrieve": SEE, "create": COUNT}
    serializer_class = CheckpointShape
    filters = CheckpointFilters
    refusals = {DifferentCheckpointError: 409, MovementError: 422}

    def rows(self) -> QuerySet[Checkpoint]:
        rows = Checkpoint.objects.filter(movement__in=Movement.objects.visible_to(self.viewer))
        return rows.select_related("movement", "vehicle", "recount_of")

    @extend_schema(request=CheckpointEntry, responses={201: CheckpointShape, 200: CheckpointShape})
    def create(self, request: Request) -> Response:
        """Store the heads counted in one bus at one point."""
        said = self.sent(CheckpointEntry)
        return self.written(lambda: self._count(said))

    def _count(self, said: dict[str, Any]) -> Answer:
        movement = self.named(Movement.objects.visible_to(self.viewer), "movement", public_id=said.pop("movement"))
        vehicle = self.named(Vehicle.objects.filter(movement=movement), "vehicle", public_id=said.pop("vehicle"))
        said = {"counted_at": self.at} | said
        row, is_new = checkpoints.count(movement=movement, vehicle=vehicle, **said, by=self.viewer.actor, at=self.at)
        return self.made(row, status=201 if is_new else 200)


class Incidents(Resource):
    """What happened on the way, but for what is confidential or about a person: that stays on the pages."""

    doors = {"list": SEE, "retrieve": SEE, "create": COUNT}
    serializer_class = IncidentShape
    filters = IncidentFilters
    refusals = {MovementError: 422}

    def rows(self) -> QuerySet[Incident]:
        rows = incidents.told_openly().filter(movement__in=Movement.objects.visible_to(self.viewer))
        return rows.select_related("movement", "vehicle")

    @extend_schema(request=IncidentEntry, responses={201: IncidentShape, 200: IncidentShape})
    def create(self, request: Request) -> Response:
        """Write down what happened in a sentence that names nobody."""
        said = self.sent(IncidentEntry)
        return self.written(lambda: self._note(said))

    def _note(self, said: dict[str, Any]) -> Answer:
        movement = self.named(Movement.objects.visible_to(self.viewer), "movement", public_id=said.pop("movement"))
        if "vehicle" in said:
            buses = Vehicle.objects.filter(movement=movement)
            said["vehicle"] = self.named(buses, "vehicle", public_id=said["vehicle"])
        said = {"happened_at": self.at} | said
        row, is_new = incidents.note_incident(movement=movement, **said, by=self.viewer.actor, at=self.at)
        return self.made(row, status=201 if is_new else 200)
