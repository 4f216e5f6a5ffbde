"""Families of a group: who belongs together, by link and never by surname, and who speaks for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from common.problems import FieldProblem
from migrants import families
from migrants.groups import GroupError
from migrants.models import Family, Migrant, TravelGroup
from migrants.models.people import MigrantQuerySet
from partners.access import Permission
from partners.api import Resource
from returns import registering
from returns.serializers.families import FamilyEntry, FamilyFilters, FamilyShape, HeadEntry, MembersEntry

PEOPLE, REGISTER = {Permission.SEE_PEOPLE}, {Permission.REGISTER_PEOPLE}


class Families(Resource):
    """People of a group who belong together. What they are to each other is in `relations`."""

    doors = {"list": PEOPLE, "retrieve": PEOPLE, **dict.fromkeys(("create", "leave", "lead"), REGISTER)}
    refusals = {families.FamilyError: 422, GroupError: 422}
    serializer_class = FamilyShape
    filters = FamilyFilters

    def rows(self) -> QuerySet[Family]:
        living = Prefetch("people", Migrant.objects.living_records().order_by("pk"), to_attr="living")
        groups = TravelGroup.objects.visible_to(self.viewer)
        return Family.objects.filter(group__in=groups).select_related("group", "head__person").prefetch_related(living)

    def seen(self, page: Iterable[Any]) -> None:
        """Every member is shown."""
        self.record_seen(dict.fromkeys(person.public_id for family in page for person in family.living))

    @extend_schema(request=FamilyEntry, responses={200: FamilyShape})
    def create(self, request: Request) -> Response:
        """Link people as one family; one of that code in the group takes them in."""
        said = self.sent(FamilyEntry)
        return self.written(lambda: self._link(said))

    def _link(self, said: dict[str, Any]) -> Answer:
        group = self.named(TravelGroup.objects.visible_to(self.viewer), "group", public_id=said["group"])
        people = self._people(group.people.living_records(), said["people"])
        registering.put_in_family(group=group, people=people, code=said["code"], by=self.viewer.actor, at=self.at)
        return self._alone(self.rows().get(group=group, code=said["code"].strip()))

    @extend_schema(request=MembersEntry, responses={200: FamilyShape})
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, **place: Any) -> Response:
        """Say who is no longer of this family. A child whose guardian leaves becomes a question, and cannot travel."""
        said = self.sent(MembersEntry)
        family = self.get_object()
        return self.written(lambda: self._leave(family, said["people"]))

    def _leave(self, family: Family, named: Collection[UUID]) -> Answer:
        people = self._people(family.people.living_records(), named)
        registering.leave_family(family=family, people=people, by=self.viewer.actor, at=self.at)
        return self._alone(self.rows().get(pk=family.pk))

    @extend_schema(request=HeadEntry, responses={200: FamilyShape})
    @action(detail=True, methods=["post"])
    def lead(self, request: Request, **place: Any) -> Response:
        """Write down who speaks for the family, or that nobody does."""
        said = self.sent(HeadEntry)
        family = self.get_object()
        return self.written(lambda: self._lead(family, said["person"]))

    def _lead(self, family: Family, named: UUID | None) -> Answer:
        person = None if named is None else self.named(family.people.living_records(), "person", public_id=named)
        families.lead_family(family=family, person=person, by=self.viewer.actor, at=self.at)
        return self._alone(self.rows().get(pk=family.pk))

    def _people(self, rows: MigrantQuerySet, named: Collection[UUID]) -> list[Migrant]:
        """Those who are named, all of `rows`. Raises FieldProblem."""
        people = list(rows.filter(public_id__in=named))
        if len(people) != len(set(named)):
            raise FieldProblem("people", _("Somebody named here is not there. Look at the group again."))
        return people

    def _alone(self, family: Family) -> Answer:
        answer = self.made(family, status=200)
        return Answer(answer.content, 200, tuple(UUID(str(person)) for person in answer.content["people"]))
