"""Whom an embassy may expect, and its acknowledgement that they have arrived."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from common.serializers import Actor, Choice, Count, Entry, Moment, Pointer, Reference, Text
from migrants.models import Disclosure
from partners.access import Permission
from partners.api import Resource, Rows
from returns import handover, incoming
from returns.enums import ReceptionState
from returns.models import Handover, Movement

OWN = {Permission.SEE_INCOMING}


class ExpectedShape(serializers.Serializer[incoming.Expected]):
    """A national who agreed to be shown to the embassy that asks. The reference is that of the permission, of nothing else."""

    public_id = serializers.UUIDField()
    full_name = serializers.CharField()
    latin_name = serializers.CharField()
    birth_year = serializers.IntegerField(allow_null=True)
    document = serializers.CharField(help_text="kind and state in words; never its number")
    movement = serializers.UUIDField(allow_null=True)
    arrives_at = serializers.DateTimeField(allow_null=True)
    vehicle = serializers.CharField(allow_blank=True)
    reception = serializers.CharField(allow_blank=True, help_text="`present`, `absent`, or empty before the handover")


class HandoverShape(serializers.ModelSerializer[Handover]):
    """Who received which movement: heads, and until when the names stay visible to the receiver."""

    movement = Pointer()
    receiver = Pointer("code")
    by = Actor()

    class Meta:
        model = Handover
        fields = (
            "public_id", "movement", "receiver", "heads", "name", "function", "received_at", "recorded_at",
            "shown_until", "by",
        )  # fmt: skip


class ReceptionPart(Entry):
    expected = Reference(help_text="`public_id` of a row of `incoming`")
    state = Choice(choices=ReceptionState.choices)


class HandoverEntry(Entry):
    movement = Reference()
    heads = Count(max_value=1000, help_text="everybody who came, also those who are not in `incoming`")
    received_at = Moment()
    name = Text(max_length=120)
    function = Text(max_length=120)
    receptions = ReceptionPart(many=True)


class Incoming(Resource):
    """Nationals who agreed to be shown to the embassy of whoever asks. Others travel without being named or counted here."""

    doors = {"list": OWN, "retrieve": OWN}
    serializer_class = ExpectedShape

    def rows(self) -> QuerySet[Disclosure]:
        return incoming.shown_to(self.viewer.organisations, at=self.at)

    def model_rows(self) -> QuerySet[Disclosure]:
        return Disclosure.objects.none()

    def person_of(self, row: Disclosure) -> UUID | None:
        return row.person.public_id

    def completed(self, page: Rows) -> Rows:
        return incoming.completed(page, at=self.at)


class Handovers(Resource):
    """Receptions that the embassy of whoever asks has acknowledged. POST acknowledges one, once for each movement."""

    doors = {"list": OWN, "retrieve": OWN, "create": OWN}
    serializer_class = HandoverShape
    refusals = {handover.HandoverError: 422}

    def rows(self) -> QuerySet[Handover]:
        own = [organisation.pk for organisation in self.viewer.organisations]
        return Handover.objects.filter(receiver__in=own).select_related("movement", "receiver")

    @extend_schema(request=HandoverEntry, responses={201: HandoverShape})
    def create(self, request: Request) -> Response:
        """Acknowledge that a movement has arrived, with a state for everybody of it who is in `incoming`."""
        said = self.sent(HandoverEntry)
        return self.written(lambda: self._receive(said))

    def _receive(self, said: dict[str, Any]) -> Answer:
        organisations = self.viewer.organisations
        movement: Movement = self.named(
            incoming.movements_to(organisations), "movement", public_id=said.pop("movement")
        )
        country = movement.corridor_version.corridor.to_country
        answers = {part["expected"]: part["state"] for part in said.pop("receptions")}
        receiver = next(each for each in organisations if each.country == country)
        common: dict[str, Any] = {"by": self.viewer.actor, "at": self.at}
        return self.made(handover.receive(movement=movement, receiver=receiver, answers=answers, **said, **common))
