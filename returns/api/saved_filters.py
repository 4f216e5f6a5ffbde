"""Filters of the list of cases over the API: one's own, and those that colleagues share."""

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
from common.serializers import Actor, Entry, Text, Truth
from partners.api import Resource
from returns import saved_filters
from returns.api.casework import SEE
from returns.case_lists import MEANT, asked_of
from returns.models import SavedFilter


class SavedFilterShape(serializers.ModelSerializer[SavedFilter]):
    """What is asked of the list of cases, in codes, references and days; `owner` is the account that keeps it."""

    asked = serializers.DictField(child=serializers.CharField(), read_only=True)
    by = Actor()

    class Meta:
        model = SavedFilter
        fields = ("public_id", "name", "asked", "is_shared", "owner", "owner_name", "made_at", "by")


class SavedFilterEntry(Entry):
    """One of the same name is replaced. What may be asked: show, stage, crossing, from, to, owner, task, day."""

    name = Text(max_length=saved_filters.LONGEST)
    asked = serializers.DictField(child=Text(max_length=40))
    is_shared = Truth(default=False)


class SavedFilters(Resource):
    """Filters of the list of cases: one's own, and those that colleagues of the mission share. Nobody stands in them."""

    doors = dict.fromkeys(("list", "retrieve", "create", "remove"), SEE)
    refusals = {saved_filters.FilterError: 422}
    serializer_class = SavedFilterShape

    def rows(self) -> QuerySet[SavedFilter]:
        return SavedFilter.objects.visible_to(self.viewer)

    @extend_schema(request=SavedFilterEntry, responses={201: SavedFilterShape})
    def create(self, request: Request) -> Response:
        """Keep a filter under a name."""
        said = self.sent(SavedFilterEntry)
        if set(asked_of(said["asked"])) != set(said["asked"]):
            sentence = _("Ask only for %(known)s, each by a code, a reference or a day.")
            raise FieldProblem("asked", sentence % {"known": ", ".join(MEANT)})
        return self.written(lambda: self._keep(said))

    def _keep(self, said: dict[str, Any]) -> Answer:
        user = self.viewer.user
        row = saved_filters.keep(
            **said,
            owner=user.public_id,
            owner_name=user.printed_name,
            mission=self.mission,
            by=self.viewer.actor,
            at=self.at,
        )
        return self.made(row)

    @extend_schema(request=None, responses={200: SavedFilterShape})
    @action(detail=True, methods=["post"])
    def remove(self, request: Request, **place: Any) -> Response:
        """Remove a filter of one's own; answers with what it was."""
        row = self.get_object()
        return self.written(lambda: self._remove(row))

    def _remove(self, row: SavedFilter) -> Answer:
        answer = self.made(row, status=200)
        saved_filters.remove(saved=row, owner=self.viewer.user.public_id, by=self.viewer.actor, at=self.at)
        return answer
