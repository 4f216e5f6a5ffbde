"""Moods of a halt, the way to it, what people are to each other, and moves between groups over the API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from common.problems import FieldProblem
from common.serializers import Actor, Choice, Count, Country, Day, Entry, Moment, Pointer, Reference, Text, Truth
from migrants import api as below
from migrants import families, group_moves, moods, travelled
from migrants.enums import Mood, RelationBasis, RelationKind, TravelMode
from migrants.group_moves import Going
from migrants.models import Family, GroupMove, Migrant, MoodSeen, Relation, TravelGroup, TravelledLeg
from migrants.serializers.groups import GroupShape
from migrants.travelled import Leg
from partners.access import Permission
from partners.api import Resource
from returns import moving, registering
from returns.flow import Flow, flow_of

SEE, COUNT = {Permission.SEE_GROUPS}, {Permission.COUNT_GROUPS}
PEOPLE, REGISTER = {Permission.SEE_PEOPLE}, {Permission.REGISTER_PEOPLE}
MOST_PEOPLE = 1000


class OfGroup(Entry):
    group = Reference(source="group__public_id", required=False)


class MoodShape(serializers.ModelSerializer[MoodSeen]):
    group = Pointer()
    by = Actor()

    class Meta:
        model = MoodSeen
        fields = ("public_id", "group", "mood", "note", "seen_at", "recorded_at", "by")


class MoodEntry(Entry):
    """What somebody saw of a halt. `public_id` comes from the device, so that the same look sent twice is stored once."""

    public_id = Reference(required=False)
    group = Reference()
    mood = Choice(choices=[mood for mood in Mood.choices if mood[0]])
    note = Text(required=False, allow_blank=True, max_length=500)
    seen_at = Moment(required=False, help_text="now, where it is left out")


class Moods(Resource):
    """In which mood a halt was seen, when and by whom. Looks are never overwritten; a new one is a new row."""

    doors = {"list": SEE, "retrieve": SEE, "create": COUNT}
    refusals = {moods.MoodError: 422}
    serializer_class = MoodShape
    filters = OfGroup

    def rows(self) -> QuerySet[MoodSeen]:
        return MoodSeen.objects.filter(group__in=TravelGroup.objects.visible_to(self.viewer)).select_related("group")

    @extend_schema(request=MoodEntry, responses={201: MoodShape, 200: MoodShape})
    def create(self, request: Request) -> Response:
        """Write one look down: 201 the first time, 200 for the same again."""
        said = self.sent(MoodEntry)
        return self.written(lambda: self._keep(said))

    def _keep(self, said: dict[str, Any]) -> Answer:
        waiting = TravelGroup.objects.visible_to(self.viewer).waiting()
        group = self.named(waiting, "group", public_id=said.pop("group"))
        asked = {"seen_at": self.at} | said
        row, made = moods.record_mood(group=group, mission=self.mission, by=self.viewer.actor, at=self.at, **asked)
        return self.made(row, status=201 if made else 200)


class LegShape(serializers.ModelSerializer[TravelledLeg]):
    """A leg of the way to the halt; the first of a group is its origin. With `family` or `person` it is theirs apart."""

    group = Pointer()
    family = Pointer("code", allow_null=True)
    person = Pointer(allow_null=True)
    by = Actor()

    class Meta:
        model = TravelledLeg
        fields = (
            "public_id", "group", "family", "person", "rank", "country", "place", "mode", "left_on", "arrived_on",
            "recorded_at", "by",
        )  # fmt: skip


class LegEntry(Entry):
    """From where, how they went on, and the days where they are known; of the group, or of one family or person of it."""

    group = Reference()
    family = Text(required=False, max_length=20)
    person = Reference(required=False)
    before = Reference(required=False, help_text="the leg before which it stands; the last one, where it is left out")
    country = Country()
    place = Text(required=False, allow_blank=True, max_length=120)
    mode = Choice(choices=TravelMode.choices, required=False)
    left_on = Day(required=False, allow_null=True)
    arrived_on = Day(required=False, allow_null=True)


class Legs(Resource):
    """How people came to a halt, leg by leg; places and days may be unknown."""

    doors = {"list": PEOPLE, "retrieve": PEOPLE, "create": REGISTER}
    refusals = {travelled.LegError: 422}
    serializer_class = LegShape
    filters = OfGroup

    def rows(self) -> QuerySet[TravelledLeg]:
        groups = TravelGroup.objects.visible_to(self.viewer)
        return TravelledLeg.objects.filter(group__in=groups).select_related("group", "family", "person")

    def person_of(self, row: Any) -> UUID | None:
        public_id: UUID | None = row.person.public_id if row.person else None
        return public_id

    @extend_schema(request=LegEntry, responses={201: LegShape})
    def create(self, request: Request) -> Response:
        """Write one leg down."""
        said = self.sent(LegEntry)
        return self.written(lambda: self._add(said))

    def _add(self, said: dict[str, Any]) -> Answer:
        waiting = TravelGroup.objects.visible_to(self.viewer).waiting()
        group = self.named(waiting, "group", public_id=said.pop("group"))
        family, person, before = (said.pop(name, None) for name in ("family", "person", "before"))
        if family and person:
            raise FieldProblem("person", _("A leg is of a family or of a person. Leave one of them out."))
        whose: Family | Migrant | None = None
        if family:
            whose = self.named(Family.objects.filter(group=group), "family", code=family)
        if person:
            whose = self.named(Migrant.objects.visible_to(self.viewer), "person", public_id=person)
        row = travelled.add_leg(
            group=group,
            leg=Leg(**said),
            of=whose,
            before=self.named(group.legs.all(), "before", public_id=before) if before else None,
            by=self.viewer.actor,
            at=self.at,
        )
        return self.made(row)


class RelationShape(serializers.ModelSerializer[Relation]):
    """`person` is the parent, spouse, guardian … of `other`."""

    person = Pointer()
    other = Pointer()
    by = Actor()

    class Meta:
        model = Relation
        fields = ("public_id", "person", "kind", "other", "basis", "recorded_at", "ended_at", "by")


class RelationEntry(Entry):
    person = Reference()
    kind = Choice(choices=RelationKind.choices)
    other = Reference()
    basis = Choice(choices=RelationBasis.choices)


class RelationFilters(Entry):
    person = Reference(source="person__public_id", required=False)
    other = Reference(source="other__public_id", required=False)


class WhyEntry(Entry):
    why = Text(max_length=200)


class Relations(Resource):
    """What people are to each other, by link and basis; a surname says nothing."""

    doors = {"list": PEOPLE, "retrieve": PEOPLE, "create": REGISTER, "end": REGISTER}
    refusals = {families.FamilyError: 422}
    serializer_class = RelationShape
    filters = RelationFilters

    def rows(self) -> QuerySet[Relation]:
        people = Migrant.objects.visible_to(self.viewer)
        return Relation.objects.filter(person__in=people, other__in=people).select_related("person", "other")

    def person_of(self, row: Any) -> UUID | None:
        public_id: UUID = row.person.public_id
        return public_id

    def seen(self, page: Iterable[Any]) -> None:
        """Both are shown."""
        rows = list(page)
        both = [*(row.person.public_id for row in rows), *(row.other.public_id for row in rows)]
        self.record_seen(dict.fromkeys(both))

    @extend_schema(request=RelationEntry, responses={201: RelationShape, 200: RelationShape})
    def create(self, request: Request) -> Response:
        """Write a relation down: 201 the first time, 200 for the same again."""
        said = self.sent(RelationEntry)
        return self.written(lambda: self._relate(said))

    def _relate(self, said: dict[str, Any]) -> Answer:
        people = Migrant.objects.visible_to(self.viewer)
        person, other = (self.named(people, name, public_id=said.pop(name)) for name in ("person", "other"))
        row, made = families.relate(person=person, other=other, **said, by=self.viewer.actor, at=self.at)
        return self.made(row, status=201 if made else 200)

    @extend_schema(request=WhyEntry, responses={200: RelationShape})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, **place: Any) -> Response:
        """Say that it holds no longer. A child who has no other guardian there becomes a question, and cannot travel."""
        said = self.sent(WhyEntry)
        row = self.get_object()
        return self.written(
            lambda: self.made(
                registering.end_relation(relation=row, why=said["why"], by=self.viewer.actor, at=self.at), status=200
            )
        )


class FlowShape(serializers.Serializer[Flow]):
    """The fields of flow monitoring. `people` counts the registered by sex and age band, `nationalities` by code."""

    point = serializers.CharField()
    observed_at = serializers.DateTimeField()
    direction = serializers.CharField()
    from_country = serializers.CharField()
    to_country = serializers.CharField()
    departure_place = serializers.SerializerMethodField()
    departure_country = serializers.SerializerMethodField()
    mode = serializers.CharField()
    counted = serializers.IntegerField(source="heads.counted", allow_null=True)
    registered = serializers.IntegerField(source="heads.registered")
    unknown = serializers.IntegerField(source="heads.unknown")
    nationalities = serializers.DictField(child=serializers.IntegerField())
    people = serializers.SerializerMethodField()
    children_alone = serializers.IntegerField(allow_null=True)
    needs = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField()
    stay = serializers.CharField()

    def get_departure_place(self, flow: Flow) -> str:
        return flow.origin.place if flow.origin else ""

    def get_departure_country(self, flow: Flow) -> str:
        return flow.origin.country if flow.origin else ""

    def get_people(self, flow: Flow) -> dict[str, int]:
        return {f"{sex}_{band}": n for (sex, band), n in sorted(flow.people.items())}


class CloseEntry(Entry):
    why = Text(max_length=200)


class Groups(below.Groups):
    """People who wait together at a crossing in one direction. POST opens one; the same `public_id` again opens nothing."""

    doors = {**below.Groups.doors, "flow": PEOPLE, "close": COUNT}

    @extend_schema(responses={200: FlowShape})
    @action(detail=True, methods=["get"])
    def flow(self, request: Request, **place: Any) -> Response:
        """One line of a flow log (IOM DTM): what was observed beside what is known of registered people, never mixed."""
        return Response(FlowShape(flow_of(self.get_object(), at=self.at)).data)

    @extend_schema(request=CloseEntry, responses={200: GroupShape})
    @action(detail=True, methods=["post"])
    def close(self, request: Request, **place: Any) -> Response:
        """Close a group that waits no more, and say why. Closing it again changes nothing; open cases stay open."""
        group, said = self.get_object(), self.sent(CloseEntry)
        return self.written(lambda: self._close(group, said["why"]))

    def _close(self, group: TravelGroup, why: str) -> Answer:
        moving.close(group=group, why=why, by=self.viewer.actor, at=self.at)
        return self.made(self.rows().get(pk=group.pk), status=200)


class GroupMoveShape(serializers.ModelSerializer[GroupMove]):
    """`heads` are all who went, `unregistered` those of them whom nobody had registered."""

    from_group = Pointer()
    to_group = Pointer()
    by = Actor()

    class Meta:
        model = GroupMove
        fields = (
            "public_id", "from_group", "to_group", "kind", "heads", "unregistered", "why", "moved_at", "undone_at", "by",
        )  # fmt: skip


class GroupMoveEntry(Entry):
    """Who goes: `people`, whole `families` by code, `unregistered` heads; or the `whole_group`, which is closed with it.

    Without `to_group` they are split off into a new group.
    """

    from_group = Reference()
    to_group = Reference(required=False)
    people = serializers.ListField(child=Reference(), required=False, max_length=MOST_PEOPLE)
    families = serializers.ListField(child=Text(max_length=20), required=False, max_length=MOST_PEOPLE)
    unregistered = Count(required=False)
    whole_group = Truth(default=False)
    why = Text(max_length=200)


class GroupMoveFilters(Entry):
    from_group = Reference(source="from_group__public_id", required=False)
    to_group = Reference(source="to_group__public_id", required=False)


class GroupMoves(Resource):
    """Who went from one group to another: moved, split off, joined as a whole, or back. Head counts stay where they were."""

    doors = {"list": SEE, "retrieve": SEE, "create": REGISTER, "undo": REGISTER}
    refusals = {group_moves.MovedMeanwhileError: 409, group_moves.GroupMoveError: 422}
    serializer_class = GroupMoveShape
    filters = GroupMoveFilters

    def rows(self) -> QuerySet[GroupMove]:
        groups = TravelGroup.objects.visible_to(self.viewer)
        reached = GroupMove.objects.filter(from_group__in=groups, to_group__in=groups)
        return reached.select_related("from_group", "to_group")

    @extend_schema(request=GroupMoveEntry, responses={201: GroupMoveShape})
    def create(self, request: Request) -> Response:
        """Move people, split them off, or join a whole group; all of it or nothing."""
        said = self.sent(GroupMoveEntry)
        return self.written(lambda: self._move(said))

    def _move(self, said: dict[str, Any]) -> Answer:
        groups = TravelGroup.objects.visible_to(self.viewer).select_related("crossing", "mission")
        from_group = self.named(groups, "from_group", public_id=said["from_group"])
        target = said.get("to_group")
        to_group = self.named(groups, "to_group", public_id=target) if target else None
        done: dict[str, Any] = {"from_group": from_group, "why": said["why"], "by": self.viewer.actor, "at": self.at}
        if said["whole_group"]:
            if to_group is None or {"people", "families", "unregistered"} & set(said):
                raise FieldProblem("whole_group", _("Name the group into which it goes, and nobody of it."))
            return self.made(moving.join(into=to_group, **done).move)
        going = Going(self._people(from_group, said), said.get("unregistered") or 0)
        if to_group is None:
            return self.made(moving.split(going=going, **done).move)
        return self.made(moving.move(to_group=to_group, going=going, **done).move)

    def _people(self, group: TravelGroup, said: dict[str, Any]) -> tuple[Migrant, ...]:
        """The people named, each of the group. Raises FieldProblem."""
        living = group.people.living_records()
        named, codes = set(said.get("people", ())), set(said.get("families", ()))
        people = list(living.filter(Q(public_id__in=named) | Q(family__code__in=codes)))
        if named - {person.public_id for person in people}:
            raise FieldProblem("people", _("Somebody named here is not in this group. Look at it again."))
        if codes - set(Family.objects.filter(group=group, code__in=codes).values_list("code", flat=True)):
            raise FieldProblem("families", _("There is no family of that code in this group. Check it."))
        return tuple(people)

    @extend_schema(request=None, responses={201: GroupMoveShape})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, **place: Any) -> Response:
        """Move everybody of one move back; what is given back is the move that leads back."""
        row = self.get_object()
        return self.written(lambda: self.made(moving.move_back(row=row, by=self.viewer.actor, at=self.at).move))
