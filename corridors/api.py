"""Crossings, what they ask by the two clocks of the ledger, and the corridors between them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from corridors.ledger import in_force, known, ledger
from corridors.models import BorderCrossing, CorridorVersion, Requirement, RequirementVersion, TransitCorridor
from corridors.serializers import (
    CorridorShape,
    CrossingFilters,
    CrossingShape,
    LedgerShape,
    LineFilters,
    LineShape,
    VersionShape,
    WayFilters,
)
from partners.access import Permission
from partners.api import Resource, Rows

READ = {Permission.SEE_REQUIREMENTS}


class Crossings(Resource):
    """Places where people cross, with the names, scripts and time zone of each side."""

    doors = {"list": READ, "retrieve": READ, "in_force": READ}
    serializer_class = CrossingShape
    filters = CrossingFilters
    keyset = lookup_field = "code"
    lookup_value_converter = "slug"

    def rows(self) -> QuerySet[BorderCrossing]:
        return BorderCrossing.objects.prefetch_related("sides")

    @extend_schema(parameters=[WayFilters], responses=VersionShape(many=True))
    @action(detail=True, url_path="in-force", pagination_class=None)
    def in_force(self, request: Request, **place: Any) -> Response:
        """What is asked of whoever crosses that way `at` an hour, as it was known at another (`known_at`)."""
        asked = self.asked(WayFilters)
        versions = in_force(
            crossing=self.get_object(),
            from_country=asked["from_country"],
            to_country=asked["to_country"],
            at=asked.get("at", self.at),
            known_at=asked.get("known_at", self.at),
        )
        return Response(VersionShape(versions, many=True).data)


class Requirements(Resource):
    """Lines of requirements, one for each crossing, direction and subject, with what is believed of each now."""

    doors = {"list": READ, "retrieve": READ, "ledger": READ}
    serializer_class = LineShape
    filters = LineFilters

    def rows(self) -> QuerySet[Requirement]:
        return Requirement.objects.select_related("crossing")

    def completed(self, page: Rows) -> Rows:
        believed: dict[int, list[RequirementVersion]] = defaultdict(list)
        for version in known(self.at).filter(requirement__in=page):
            believed[version.requirement_id].append(version)
        for line in page:
            line.believed = believed[line.pk]
        return page

    @extend_schema(responses=LedgerShape(many=True))
    @action(detail=True, pagination_class=None)
    def ledger(self, request: Request, **place: Any) -> Response:
        """Every version that the line ever had, the oldest first, with what each changed in words."""
        self.asked(None)
        return Response(LedgerShape(ledger(self.get_object()), many=True).data)


class Corridors(Resource):
    """Agreed ways through a country, with every wording; `requirement_changed_at` marks one that no longer holds whole."""

    doors = {"list": READ, "retrieve": READ}
    serializer_class = CorridorShape

    def rows(self) -> QuerySet[TransitCorridor]:
        versions = Prefetch("versions", CorridorVersion.objects.select_related("requested_by").order_by("number"))
        return TransitCorridor.objects.select_related("entry", "exit").prefetch_related(versions)


RESOURCES: dict[str, type[Resource]] = {
    "crossings": Crossings,
    "requirements": Requirements,
    "corridors": Corridors,
}
