"""What is only looked at: the journeys of the day of a carrier or receiver, and how the cases of a year ended."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from common.serializers import Choice, Entry
from partners.access import Permission
from partners.api import Resource
from returns import road_day
from returns.arrival_figures import BY_AGE
from returns.enums import CaseOutcome
from returns.outcomes import Outcomes, outcomes_of

FIRST_YEAR, LAST_YEAR = 2000, 2100


class OwnBusShape(serializers.Serializer[road_day.OwnBus]):
    """A bus that the organisation drives; `heads` is empty until somebody has counted."""

    name = serializers.CharField(source="label")
    plate = serializers.CharField()
    seats = serializers.IntegerField()
    heads = serializers.IntegerField(allow_null=True)


class BandShape(serializers.Serializer[Any]):
    """So many of an age; ages of too few are left out."""

    age = Choice(choices=[(name, name) for name in BY_AGE])
    heads = serializers.IntegerField()


class NeededShape(serializers.Serializer[Any]):
    """So many of something that has to stand ready, in words."""

    what = serializers.CharField()
    how_many = serializers.IntegerField()


class JourneyShape(serializers.Serializer[Any]):
    """A movement of the day: of a carrier its own buses, of whoever receives heads, ages and needs. Nobody is named."""

    code = serializers.CharField()
    departs_from = serializers.CharField()
    departs_at = serializers.DateTimeField()
    arrives_in = serializers.CharField()
    arrives_at = serializers.DateTimeField()
    state = serializers.CharField(help_text="in words")
    conditions = serializers.ListField(child=serializers.CharField())
    buses = OwnBusShape(many=True)
    is_received = serializers.BooleanField()
    heads = serializers.IntegerField(allow_null=True, help_text="as they were counted, for whoever receives")
    bands = serializers.SerializerMethodField()
    needs = serializers.SerializerMethodField()

    @extend_schema_field(BandShape(many=True))
    def get_bands(self, journey: road_day.Journey) -> list[dict[str, Any]]:
        return [{"age": age, "heads": heads} for age, heads in journey.bands]

    @extend_schema_field(NeededShape(many=True))
    def get_needs(self, journey: road_day.Journey) -> list[dict[str, Any]]:
        return [{"what": what, "how_many": how_many} for what, how_many in journey.needs]


class Day(Resource):
    """What a carrier and the country of arrival need for the day, and nothing else."""

    pagination_class = None
    doors = {"read": {Permission.SEE_OWN_JOURNEYS}}
    serializer_class = JourneyShape

    @extend_schema(responses=JourneyShape(many=True))
    def read(self, request: Request) -> Response:
        """Give the journeys from yesterday to tomorrow that the own organisation carries or receives, by hour."""
        self.asked(None)
        return Response(JourneyShape(road_day.journeys_of(self.viewer.organisations, at=self.at), many=True).data)


class EndedShape(serializers.Serializer[Any]):
    """So many cases ended in that way; empty where they are too few to be told."""

    outcome = Choice(choices=CaseOutcome.choices)
    cases = serializers.IntegerField(allow_null=True)


class OutcomesShape(serializers.Serializer[Outcomes]):
    """How the cases of a year ended, those of erased people too. Small figures are left out."""

    total = serializers.IntegerField(allow_null=True)
    ended = EndedShape(many=True)


class OutcomeFilters(Entry):
    year = serializers.IntegerField(
        required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR, help_text="this year, where it is not given"
    )


class OutcomeFigures(Resource):
    """How cases ended, in figures that may be passed on."""

    pagination_class = None
    doors = {"read": {Permission.SEE_BOARD}}
    serializer_class = OutcomesShape
    filters = OutcomeFilters

    def filters_of_action(self) -> type[Serializer[Any]]:
        return OutcomeFilters

    @extend_schema(parameters=[OutcomeFilters], responses=OutcomesShape)
    def read(self, request: Request) -> Response:
        """Count the cases that were closed in one year, by how they ended."""
        year = self.asked(OutcomeFilters).get("year", self.at.year)
        since, until = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
        return Response(OutcomesShape(outcomes_of(since=since, until=until, at=self.at)).data)
