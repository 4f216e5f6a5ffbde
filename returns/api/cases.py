"""Cases and how they were judged last."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from common.problems import FieldProblem
from common.serializers import Actor, Choice, Entry, Moment, Text
from partners.access import Permission
from partners.api import Resource
from returns import case_stages, cases, ending, person_history
from returns.enums import CaseOutcome
from returns.models import ReturnCase
from returns.serializers import CaseFilters, CaseShape
from returns.spans import Span

PART = 50
"""Entries of one part of a timeline."""
SEE, REGISTER = {Permission.SEE_PEOPLE}, {Permission.REGISTER_PEOPLE}


class CaseEndEntry(Entry):
    """How the case ended, and how that is known."""

    outcome = Choice(choices=CaseOutcome.choices)
    why = Text(max_length=ending.LONGEST)


class CaseReopenEntry(Entry):
    """Why the closing was a mistake."""

    why = Text(max_length=ending.LONGEST)


class TimelineFilters(Entry):
    before = Moment(required=False, help_text="what happened before this hour; else up to now")


class TimelineEntryShape(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    words = serializers.CharField()
    by = Actor()


class TimelineShape(serializers.Serializer[Any]):
    """`older` null: there is nothing older."""

    entries = TimelineEntryShape(many=True)
    older = serializers.DateTimeField(allow_null=True)


class Cases(Resource):
    """Plans of people to return: how far each is, and the last judgement of what is asked of it at the planned hour."""

    doors = {"list": SEE, "retrieve": SEE, "timeline": SEE, "close": REGISTER, "reopen": REGISTER}
    refusals = {ending.EndingError: 422, cases.CaseError: 422}
    serializer_class = CaseShape
    filters = CaseFilters

    def rows(self) -> QuerySet[ReturnCase]:
        living = ReturnCase.objects.visible_to(self.viewer).living()
        rows: QuerySet[ReturnCase] = case_stages.with_stage(living, at=self.at)
        return rows.select_related("person__group", "readiness__rule_set")

    def filters_of_action(self) -> type[serializers.Serializer[Any]] | None:
        """What narrows a list, and from which hour back a timeline is read."""
        return TimelineFilters if self.action == "timeline" else super().filters_of_action()

    def person_of(self, row: Any) -> UUID | None:
        public_id: UUID = row.person.public_id
        return public_id

    @extend_schema(responses={200: TimelineShape})
    @action(detail=True, methods=["get"], pagination_class=None)
    def timeline(self, request: Request, **place: Any) -> Response:
        """All that happened with the person and their group, newest first, in parts: `older` is the `before` of the next."""
        row = self.get_object()
        self.seen([row])
        before = self.asked(TimelineFilters).get("before")
        entries, older = person_history.part_of(row.person, Span(PART, before))
        return Response(TimelineShape({"entries": entries, "older": older}).data)

    @extend_schema(request=CaseEndEntry, responses={200: CaseShape})
    @action(detail=True, methods=["post"])
    def close(self, request: Request, **place: Any) -> Response:
        """Close a case that no handover ends. A seat that waits is freed; whoever is on the road keeps an open case."""
        said, row = self.sent(CaseEndEntry), self.get_object()
        return self.written(lambda: self._close(row, said))

    def _close(self, row: ReturnCase, said: dict[str, Any]) -> Answer:
        if row.closed_at is not None:
            raise FieldProblem("", _("This case is closed already. Nothing was changed."))
        ending.end_case(person=row.person, **said, by=self.viewer.actor, at=self.at)
        return self.made(self.rows().get(pk=row.pk), status=200)

    @extend_schema(request=CaseReopenEntry, responses={200: CaseShape})
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, **place: Any) -> Response:
        """Take a closing back that was a mistake. Seats, and whoever saw the person until then, do not come back."""
        said, row = self.sent(CaseReopenEntry), self.get_object()
        return self.written(lambda: self._reopen(row, said))

    def _reopen(self, row: ReturnCase, said: dict[str, Any]) -> Answer:
        cases.reopen_cases(cases=[row], **said, by=self.viewer.actor, at=self.at)
        return self.made(self.rows().get(pk=row.pk), status=200)
