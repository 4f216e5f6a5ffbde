"""Waivers of an authority over the API: written down for several cases at once, read, and taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from common.problems import FieldProblem
from corridors.models import Requirement
from partners.access import Permission
from partners.api import Resource
from partners.models import Organisation
from returns import waivers
from returns.cases import CaseError
from returns.models import ReturnCase, Waiver
from returns.serializers.waivers import WaiverEnd, WaiverEntry, WaiverFilters, WaiverShape, WaiversShape

DOOR = {Permission.WAIVE}


class Waivers(Resource):
    """Who is excused from what, by whom, on which paper, until when."""

    doors = {"list": DOOR, "retrieve": DOOR, "create": DOOR, "withdraw": DOOR}
    serializer_class = WaiverShape
    filters = WaiverFilters
    refusals = {CaseError: 422}

    def rows(self) -> QuerySet[Waiver]:
        cases = ReturnCase.objects.visible_to(self.viewer).living()
        return Waiver.objects.filter(case__in=cases).select_related("requirement", "case__person", "authority")

    def person_of(self, row: Any) -> UUID | None:
        public_id: UUID = row.case.person.public_id
        return public_id

    @extend_schema(request=WaiverEntry, responses={201: WaiversShape})
    def create(self, request: Request) -> Response:
        """Write down that an authority excuses these cases; each is judged anew at once."""
        said = self.sent(WaiverEntry)
        return self.written(lambda: self._waive(said))

    def _waive(self, said: dict[str, Any]) -> Answer:
        wanted = set(said.pop("cases"))
        cases = list(ReturnCase.objects.visible_to(self.viewer).living().open().filter(public_id__in=wanted))
        if len(cases) < len(wanted):
            raise FieldProblem("cases", _("Nothing of that name is here, or it is not yours to use. Check it."))
        requirement = self.named(Requirement.objects.all(), "requirement", public_id=said.pop("requirement"))
        authority = self.named(Organisation.objects.all(), "authority", code=said.pop("authority"))
        written = waivers.waive(
            cases=cases, requirement=requirement, authority=authority, by=self.viewer.actor, at=self.at, **said
        )
        rows = list(self.rows().filter(pk__in=[waiver.pk for waiver in written]).order_by("pk"))
        shown = WaiversShape({"waivers": rows}, context=self.get_serializer_context()).data
        return Answer(shown, 201, tuple(row.case.person.public_id for row in rows))

    @extend_schema(request=WaiverEnd, responses={200: WaiverShape})
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **place: Any) -> Response:
        """End a waiver now, because the authority took it back or it was written down by mistake."""
        said = self.sent(WaiverEnd)
        row = self.get_object()
        return self.written(lambda: self._withdraw(row, said["why"]))

    def _withdraw(self, row: Waiver, why: str) -> Answer:
        waivers.withdraw(waiver=row, why=why, by=self.viewer.actor, at=self.at)
        return self.made(self.rows().get(pk=row.pk), status=200)
