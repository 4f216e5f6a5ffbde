"""What is decided on the road over the API: buses that wait, go on or turn back, and who stays behind."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from common.serializers import Actor, Choice, Entry, Pointer, Reference, Text
from partners.access import Permission
from partners.api import Resource
from partners.models import Organisation
from returns import road_decisions
from returns.enums import RoadAnswer
from returns.models import Movement, RoadDecision, Vehicle
from returns.movements import MovementError

SEE, SEND = {Permission.SEE_MOVEMENTS}, {Permission.SEND_MOVEMENTS}


class RoadDecisionShape(serializers.ModelSerializer[RoadDecision]):
    """What was decided about buses on the way, by whose word; the newest one counts."""

    movement = Pointer()
    authority = Pointer("code", allow_null=True)
    by = Actor()

    class Meta:
        model = RoadDecision
        fields = ("public_id", "movement", "answer", "why", "authority", "reference", "decided_at", "by")


class RoadDecisionEntry(Entry):
    """What is decided. To go on a party of the corridor must have said so; to turn back the buses are named."""

    movement = Reference()
    answer = Choice(choices=RoadAnswer.choices)
    why = Text(max_length=300)
    authority = Text(required=False, max_length=40, help_text="code of the party that let the buses go on")
    reference = Text(required=False, max_length=120, help_text="of its call or letter")
    vehicles = serializers.ListField(
        child=Reference(), required=False, max_length=40, help_text="public ids of the buses that turn back"
    )


class RoadDecisionFilters(Entry):
    movement = Reference(source="movement__public_id", required=False)
    answer = Choice(choices=RoadAnswer.choices, required=False)


class RoadDecisions(Resource):
    """Decisions about buses that something stops on the way."""

    doors = {"list": SEE, "retrieve": SEE, "create": SEND}
    serializer_class = RoadDecisionShape
    filters = RoadDecisionFilters
    refusals = {MovementError: 422}

    def rows(self) -> QuerySet[RoadDecision]:
        rows = RoadDecision.objects.filter(movement__in=Movement.objects.visible_to(self.viewer))
        return rows.select_related("movement", "authority")

    @extend_schema(request=RoadDecisionEntry, responses={201: RoadDecisionShape})
    def create(self, request: Request) -> Response:
        """Write down that the buses wait, go on by the word of a party, or turn back."""
        said = self.sent(RoadDecisionEntry)
        return self.written(lambda: self._decide(said))

    def _decide(self, said: dict[str, Any]) -> Answer:
        movement = self.named(Movement.objects.visible_to(self.viewer), "movement", public_id=said.pop("movement"))
        if "authority" in said:
            said["authority"] = self.named(Organisation.objects.all(), "authority", code=said["authority"])
        buses = Vehicle.objects.filter(movement=movement)
        said["vehicles"] = [self.named(buses, "vehicles", public_id=each) for each in said.get("vehicles", ())]
        row = road_decisions.decide_on_the_road(movement=movement, **said, by=self.viewer.actor, at=self.at)
        return self.made(row)
