"""The crew of a movement, who stays behind, and the announcement of its arrival, over the API."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from common.problems import FieldProblem
from common.serializers import Actor, Choice, Day, Entry, Pointer, Reference, Text, Truth
from migrants.models import Migrant
from partners.access import Permission
from partners.api import Resource
from partners.models import Organisation
from returns import crew, outside, taking_off
from returns.api import movements
from returns.enums import CrewRole
from returns.models import CrewMember, Movement, Vehicle
from returns.movements import MovementError

COUNT, SEND = {Permission.COUNT_MOVEMENTS}, {Permission.SEND_MOVEMENTS}
MEMBER = (
    "public_id",
    "movement",
    "vehicle",
    "role",
    "name",
    "organisation",
    "checked_at",
    "checked_by",
    "recorded_at",
    "by",
)
MOST_OFF = 200


class CrewShape(serializers.ModelSerializer[CrewMember]):
    """One of the crew; `checked_at` is when somebody saw the paper itself."""

    movement = Pointer()
    vehicle = Pointer(allow_null=True)
    organisation = Pointer("code", allow_null=True)
    by = Actor()
    checked_by = Actor(allow_null=True)

    class Meta:
        model = CrewMember
        fields: tuple[str, ...] = MEMBER


class CrewDetail(CrewShape):
    """One alone: telephone and paper too."""

    phone = serializers.CharField(read_only=True, allow_null=True)
    document_number = serializers.CharField(read_only=True, allow_null=True)

    class Meta(CrewShape.Meta):
        fields = (*MEMBER, "phone", "document_kind", "document_number", "document_until")


class CrewFilters(Entry):
    movement = Reference(source="movement__public_id", required=False)
    role = Choice(choices=CrewRole.choices, required=False)


class CrewEntry(Entry):
    """Somebody who goes along; a driver needs a bus. What is said of the paper is checked by a look at it, later."""

    movement = Reference()
    role = Choice(choices=CrewRole.choices)
    name = Text(max_length=120)
    vehicle = Reference(required=False, allow_null=True, default=None)
    organisation = Text(required=False, max_length=40, help_text="code of the organisation that sends them")
    phone = Text(required=False, allow_blank=True, max_length=40)
    document_kind = Text(required=False, allow_blank=True, max_length=60)
    document_number = Text(required=False, allow_blank=True, max_length=60)
    document_until = Day(required=False, allow_null=True)


class Crew(Resource):
    """Who drives, escorts, treats and leads; whose paper was seen. POST writes one down before the buses leave."""

    doors = {"list": COUNT, "retrieve": COUNT, **dict.fromkeys(("create", "checked", "off"), COUNT)}
    refusals = {MovementError: 422}
    serializer_class = CrewShape
    detail_class = CrewDetail
    filters = CrewFilters

    def rows(self) -> QuerySet[CrewMember]:
        rows = CrewMember.objects.filter(movement__in=Movement.objects.visible_to(self.viewer))
        return rows.select_related("movement", "vehicle", "organisation")

    @extend_schema(request=CrewEntry, responses={201: CrewDetail})
    def create(self, request: Request) -> Response:
        """Write down one of the crew."""
        said = self.sent(CrewEntry)
        return self.written(lambda: self._add(said))

    def _add(self, said: dict[str, Any]) -> Answer:
        movement = self.named(Movement.objects.visible_to(self.viewer), "movement", public_id=said.pop("movement"))
        if said["vehicle"] is not None:
            said["vehicle"] = self.named(
                Vehicle.objects.filter(movement=movement), "vehicle", public_id=said["vehicle"]
            )
        if "organisation" in said:
            said["organisation"] = self.named(Organisation.objects.all(), "organisation", code=said["organisation"])
        row = crew.add_to_crew(movement=movement, **said, by=self.viewer.actor, at=self.at)
        return self._shown(row, status=201)

    @extend_schema(request=None, responses={200: CrewDetail})
    @action(detail=True, methods=["post"])
    def checked(self, request: Request, **place: Any) -> Response:
        """Write down that whoever asks has seen the paper itself."""
        row = self.get_object()
        return self.written(lambda: self._shown(crew.check_paper(member=row, by=self.viewer.actor, at=self.at)))

    @extend_schema(request=None, responses={200: CrewDetail})
    @action(detail=True, methods=["post"])
    def off(self, request: Request, **place: Any) -> Response:
        """Take somebody off the crew before the buses leave; answers with who it was."""
        row = self.get_object()
        return self.written(lambda: self._off(row))

    def _off(self, row: CrewMember) -> Answer:
        answer = self._shown(row)
        crew.take_off_crew(member=row, by=self.viewer.actor, at=self.at)
        return answer

    def _shown(self, row: CrewMember, *, status: int = 200) -> Answer:
        return self.made(self.rows().get(pk=row.pk), status=status, shape=self.detail_class)


class TakeOffEntry(Entry):
    """Who stays behind, with their families where `with_families`; partners learn only that they do not travel."""

    people = serializers.ListField(child=Reference(), min_length=1, max_length=MOST_OFF)
    with_families = Truth(default=True)
    why = Text(max_length=200)


class TakenOffShape(serializers.Serializer[Any]):
    taken = serializers.IntegerField(help_text="how many people stay behind")


class AnnouncedShape(serializers.Serializer[Any]):
    """The alert that tells the country of arrival, and which organisations it asks for an answer."""

    alert = serializers.IntegerField(source="number")
    told = serializers.ListField(child=serializers.CharField())


class Movements(movements.Movements):
    """Journeys of groups with their state, their buses and the clock of the transit."""

    doors = {**movements.Movements.doors, "take_off": SEND, "announce": SEND}
    refusals = {**movements.Movements.refusals, outside.AnnouncementError: 422}

    @extend_schema(request=TakeOffEntry, responses={200: TakenOffShape})
    @action(detail=True, methods=["post"], url_path="take-off")
    def take_off(self, request: Request, **place: Any) -> Response:
        """Take people off buses that have not left; the manifest is frozen anew afterwards, and their cases stay open."""
        movement, said = self.get_object(), self.sent(TakeOffEntry)
        return self.written(lambda: self._take_off(movement, said))

    def _take_off(self, movement: Movement, said: dict[str, Any]) -> Answer:
        named = set(said.pop("people"))
        people = list(Migrant.objects.visible_to(self.viewer).filter(group=movement.group_id, public_id__in=named))
        if len(people) != len(named):
            raise FieldProblem("people", _("Somebody named here is not in the group. Look at it again."))
        taken = taking_off.take_off(movement=movement, people=people, **said, by=self.viewer.actor, at=self.at)
        return Answer(TakenOffShape({"taken": taken}).data, 200, tuple(person.public_id for person in people))

    @extend_schema(request=None, responses={201: AnnouncedShape})
    @action(detail=True, methods=["post"])
    def announce(self, request: Request, **place: Any) -> Response:
        """Tell the country of arrival how many were counted, when and where they arrive; names of nobody."""
        movement = self.get_object()
        return self.written(lambda: self._announce(movement))

    def _announce(self, movement: Movement) -> Answer:
        alert = outside.announce(movement=movement, by=self.viewer.actor, at=self.at)
        told = sorted(alert.notices.values_list("organisation__code", flat=True))
        return Answer(AnnouncedShape({"number": alert.number, "told": told}).data)
