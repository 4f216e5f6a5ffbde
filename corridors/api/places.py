"""Crossings, what they ask by the two clocks of the ledger, and word from the barrier."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from common.papers import pages_of
from common.pictures import drawn_anew
from common.problems import FieldProblem, QueryProblem
from corridors import reporting
from corridors.api.uploads import looked_at
from corridors.attachments import AttachmentError, attach
from corridors.entering import RequirementError, refuse_direction
from corridors.ledger import holding, in_force, known, ledger
from corridors.models import (
    Attachment,
    BarrierReport,
    BorderCrossing,
    Requirement,
    RequirementVersion,
)
from corridors.reporting import Heard
from corridors.serializers import (
    AskedShape,
    CrossingFilters,
    CrossingShape,
    LedgerShape,
    LineFilters,
    LineShape,
    MomentFilters,
    ReasonEntry,
    VersionShape,
    WayFilters,
)
from corridors.serializers.reports import PaperEntry, PaperShape, ReportEntry, ReportFilters, ReportShape
from partners.access import Permission
from partners.api import Resource, Rows

READ = {Permission.SEE_REQUIREMENTS}
REPORTS, REPORT = {Permission.SEE_GROUPS}, {Permission.COUNT_GROUPS}
SETTLE = {Permission.PUBLISH_REQUIREMENTS}


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
        crossing = self.get_object()
        ends = {name: asked[name].upper() for name in ("from_country", "to_country")}
        try:
            refuse_direction(crossing, **ends)
        except RequirementError as error:
            raise QueryProblem({name: [error.sentence] for name in ends}) from error
        versions = in_force(
            crossing=crossing,
            **ends,
            at=asked.get("at", self.at),
            known_at=asked.get("known_at", self.at),
        )
        return Response(VersionShape(versions, many=True).data)


class Requirements(Resource):
    """Lines of requirements, one for each crossing, direction and subject, with what is believed of each now."""

    doors = {"list": READ, "retrieve": READ, "ledger": READ, "asked_then": READ, "papers": READ, "attach": SETTLE}
    serializer_class = LineShape
    filters = LineFilters
    refusals = {AttachmentError: 422}

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

    @extend_schema(parameters=[MomentFilters], responses=AskedShape)
    @action(detail=True, url_path="asked", pagination_class=None)
    def asked_then(self, request: Request, **place: Any) -> Response:
        """What the line asks `at` an hour, as it was known at another (`known_at`): what did we know on Tuesday at 14:00?"""
        given = self.asked(MomentFilters)
        said = {name: given.get(name, self.at) for name in ("at", "known_at")}
        version = holding(self.get_object(), **said)
        return Response(AskedShape({**said, "version": version}).data)

    @extend_schema(responses=PaperShape(many=True))
    @action(detail=True, pagination_class=None)
    def papers(self, request: Request, **place: Any) -> Response:
        """The papers behind the versions of a line, page by page, the oldest first."""
        self.asked(None)
        return Response(PaperShape(self._papers(self.get_object()), many=True).data)

    @extend_schema(request=PaperEntry, responses={201: PaperShape(many=True)})
    @action(detail=True, methods=["post"], pagination_class=None)
    def attach(self, request: Request, **place: Any) -> Response:
        """Attach the paper behind a version; a letter becomes a picture for each of its pages."""
        said, line = self.sent(PaperEntry), self.get_object()
        return self.written(lambda: self._attach(line, said))

    def _attach(self, line: Requirement, said: dict[str, Any]) -> Answer:
        number, pages = said.pop("version"), looked_at("content", said.pop("content"), pages_of)
        version = line.versions.filter(number=number).order_by("pk").first()
        if version is None:
            raise FieldProblem("version", _("This line has no version of that number."))
        rows = attach(version=version, pages=pages, **said, by=self.viewer.actor, at=self.at)
        shown = self._papers(line).filter(pk__in=[row.pk for row in rows])
        return Answer(PaperShape(shown, many=True).data)

    def _papers(self, line: Requirement) -> QuerySet[Attachment]:
        return Attachment.objects.filter(version__requirement=line).select_related("version").defer("content")


class BarrierReports(Resource):
    """Word from a barrier, before anybody wrote it into the ledger. POST with the same `public_id` again stores nothing."""

    doors = {"list": REPORTS, "retrieve": REPORTS, "create": REPORT, "corroborate": REPORT, "set_aside": SETTLE}
    refusals = {reporting.DifferentReportError: 409, reporting.ReportError: 422}
    serializer_class = ReportShape
    filters = ReportFilters

    def rows(self) -> QuerySet[BarrierReport]:
        return reporting.reports_for(self.viewer)

    @extend_schema(request=ReportEntry, responses={201: ReportShape, 200: ReportShape})
    def create(self, request: Request) -> Response:
        """Report what was heard or seen: 201 the first time, 200 for the same again, 409 for the same id with other words."""
        said = self.sent(ReportEntry)
        return self.written(lambda: self._report(said))

    def _report(self, said: dict[str, Any]) -> Answer:
        public_id, photograph = said.pop("public_id", None), said.pop("photograph", None)
        places = BorderCrossing.objects.prefetch_related("sides")
        if self.viewer.crossings is not None:
            places = places.filter(code__in=self.viewer.crossings)
        crossing = self.named(places, "crossing", code=said.pop("crossing"))
        ends = said.pop("latitude", None), said.pop("longitude", None)
        if (ends[0] is None) != (ends[1] is None):
            raise FieldProblem("longitude", _("Give both latitude and longitude, in degrees, or neither."))
        heard = Heard(
            crossing=crossing,
            **{"seen_at": self.at} | said,
            photograph=looked_at("photograph", photograph, drawn_anew) if photograph else None,
            position=ends if ends[0] is not None else None,
        )
        row, made = reporting.report(
            public_id=public_id, heard=heard, mission=self.mission, by=self.viewer.actor, at=self.at
        )
        return self._shown(row, status=201 if made else 200)

    @extend_schema(request=None, responses={200: ReportShape})
    @action(detail=True, methods=["post"])
    def corroborate(self, request: Request, **place: Any) -> Response:
        """I heard the same. Everybody counts once; nobody corroborates their own report."""
        row = self.get_object()

        def done() -> Answer:
            reporting.corroborate(report=row, by=self.viewer.actor, at=self.at)
            return self._shown(row)

        return self.written(done)

    @extend_schema(request=ReasonEntry, responses={200: ReportShape})
    @action(detail=True, methods=["post"], url_path="set-aside")
    def set_aside(self, request: Request, **place: Any) -> Response:
        """Nothing follows from it, and why. Taking one up is drafting a change that names it (`requirement-changes`)."""
        said, row = self.sent(ReasonEntry), self.get_object()

        def done() -> Answer:
            reporting.set_aside(report=row, reason=said["reason"], by=self.viewer.actor, at=self.at)
            return self._shown(row)

        return self.written(done)

    def _shown(self, row: BarrierReport, *, status: int = 200) -> Answer:
        return self.made(self.rows().get(pk=row.pk), status=status)
