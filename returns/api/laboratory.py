"""Sample lists and samples over the API: by case number, without a name; results are recorded by the same number."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from common.serializers import Actor, Choice, Count, Entry, Moment, Pointer, Reference, Text, Truth
from migrants.enums import TestKind
from migrants.models import TravelGroup
from partners.access import Permission
from partners.api import Resource, Rows
from returns import laboratory
from returns.models import Sample, SampleList

DOOR = {Permission.TAKE_SAMPLES}
RESULTS = [(result.value, result.label) for result in laboratory.FOUND]


class SampleListShape(serializers.ModelSerializer[SampleList]):
    """A list for a laboratory with how far it is: people on it, samples taken, results known."""

    group = Pointer()
    listed = serializers.IntegerField(source="progress.listed", read_only=True)
    taken = serializers.IntegerField(source="progress.taken", read_only=True)
    known = serializers.IntegerField(source="progress.known", read_only=True)
    by = Actor()

    class Meta:
        model = SampleList
        fields = ("public_id", "group", "number", "kind", "laboratory", "made_at", "listed", "taken", "known", "by")


class SampleListEntry(Entry):
    group = Reference()
    kind = Choice(choices=TestKind.choices)
    laboratory = Text(max_length=200)
    only_lacking = Truth(default=False)


class SampleListFilters(Entry):
    group = Reference(source="group__public_id", required=False)


class TakeEntry(Entry):
    """These case numbers, or the next so many of the list in its order; one hour of sampling for all of them."""

    numbers = serializers.ListField(child=Text(max_length=12), required=False, max_length=10_000)
    how_many = Count(required=False, min_value=1)
    sampled_at = Moment()


class ResultPart(Entry):
    number = Text(max_length=12)
    result = Choice(choices=RESULTS)


class ResultsEntry(Entry):
    """All of them are recorded, or none."""

    results = ResultPart(many=True, allow_empty=False)


class SampleShape(serializers.ModelSerializer[Sample]):
    """One case on a list: its number, and once the sample is taken, when and with which result."""

    sample_list = Pointer()
    case_number = serializers.CharField(source="case.number", read_only=True)
    sampled_at = serializers.DateTimeField(source="test.sampled_at", read_only=True, allow_null=True, default=None)
    result = serializers.CharField(source="test.result", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Sample
        fields = ("public_id", "sample_list", "case_number", "batch", "sampled_at", "result", "recorded_at")


class SampleFilters(Entry):
    sample_list = Reference(source="sample_list__public_id", required=False)
    case_number = Text(source="case__number", required=False, max_length=12)
    taken = serializers.BooleanField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "taken" in attrs:
            attrs["test__isnull"] = not attrs.pop("taken")
        return attrs


class SampleLists(Resource):
    """Lists for laboratories. They hold case numbers and no name."""

    doors = {"list": DOOR, "retrieve": DOOR, "create": DOOR, "take": DOOR, "results": DOOR}
    serializer_class = SampleListShape
    filters = SampleListFilters
    refusals = {laboratory.LaboratoryError: 422}

    def rows(self) -> QuerySet[SampleList]:
        return SampleList.objects.visible_to(self.viewer).select_related("group")

    def completed(self, page: Rows) -> Rows:
        progress = laboratory.progress_of(page)
        for row in page:
            row.progress = progress[row.pk]
        return page

    @extend_schema(request=SampleListEntry, responses={201: SampleListShape})
    def create(self, request: Request) -> Response:
        """Draw a list of everybody in a group with an open case who waits on no other list."""
        said = self.sent(SampleListEntry)
        return self.written(lambda: self._draw(said))

    def _draw(self, said: dict[str, Any]) -> Answer:
        group = self.named(TravelGroup.objects.visible_to(self.viewer), "group", public_id=said.pop("group"))
        return self.made(laboratory.draw_list(group=group, by=self.viewer.actor, at=self.at, **said))

    @extend_schema(request=TakeEntry, responses={200: SampleListShape})
    @action(detail=True, methods=["post"])
    def take(self, request: Request, **place: Any) -> Response:
        """Write a batch of samples down; their results are awaited from then on."""
        said, row = self.sent(TakeEntry), self.get_object()
        return self.written(lambda: self._take(row, said))

    def _take(self, row: SampleList, said: dict[str, Any]) -> Answer:
        laboratory.take(sample_list=row, by=self.viewer.actor, at=self.at, **said)
        return self.made(row, status=200)

    @extend_schema(request=ResultsEntry, responses={200: SampleListShape})
    @action(detail=True, methods=["post"])
    def results(self, request: Request, **place: Any) -> Response:
        """Record results by case number. A positive one keeps case and family from travelling until it is decided."""
        said, row = self.sent(ResultsEntry), self.get_object()
        return self.written(lambda: self._record(row, said))

    def _record(self, row: SampleList, said: dict[str, Any]) -> Answer:
        found = {part["number"]: part["result"] for part in said["results"]}
        laboratory.record_results(sample_list=row, results=found, by=self.viewer.actor, at=self.at)
        return self.made(row, status=200)


class Samples(Resource):
    """Cases on sample lists, by number."""

    doors = {"list": DOOR, "retrieve": DOOR}
    serializer_class = SampleShape
    filters = SampleFilters

    def rows(self) -> QuerySet[Sample]:
        lists = SampleList.objects.visible_to(self.viewer)
        return Sample.objects.filter(sample_list__in=lists).select_related("sample_list", "case", "test")
