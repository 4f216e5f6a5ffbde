"""Crossings, what they ask by the two clocks of the ledger, and the corridors between them."""

from __future__ import annotations

import base64
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from common.papers import pages_of
from common.pictures import drawn_anew
from common.problems import Conflict, FieldProblem
from common.uploads import UploadError
from corridors import approvals, reporting, transit
from corridors.attachments import AttachmentError, attach
from corridors.ledger import holding, in_force, known, ledger
from corridors.models import (
    Approval,
    Attachment,
    BarrierReport,
    BorderCrossing,
    CorridorVersion,
    Requirement,
    RequirementVersion,
    TransitCorridor,
)
from corridors.reporting import Heard
from corridors.serializers import (
    ApprovalFilters,
    ApprovalShape,
    AskedShape,
    AskEntry,
    CorridorEntry,
    CorridorShape,
    CorridorVersionEntry,
    CrossingFilters,
    CrossingShape,
    DecisionEntry,
    LedgerShape,
    LineFilters,
    LineShape,
    MomentFilters,
    ReasonEntry,
    VersionShape,
    WayFilters,
)
from corridors.serializers.reports import PaperEntry, PaperShape, ReportEntry, ReportFilters, ReportShape
from corridors.standings import standings_of
from corridors.windows import Window
from notifications.calls import on_behalf
from notifications.enums import AnsweredBy
from partners.access import Permission
from partners.api import Resource, Rows
from partners.models import Organisation

Looked = TypeVar("Looked")
READ, ARRANGE = {Permission.SEE_REQUIREMENTS}, {Permission.ARRANGE_CORRIDORS}
SEE_DECISIONS = {Permission.SEE_NOTICES, Permission.DECIDE_REQUESTS}
REPORTS, REPORT = {Permission.SEE_GROUPS}, {Permission.COUNT_GROUPS}
SETTLE = {Permission.PUBLISH_REQUIREMENTS}
NO_PICTURE = _("This is no file that can be read. Send it in base64.")
DECIDE = {Permission.ARRANGE_CORRIDORS, Permission.DECIDE_REQUESTS}


def _looked_at(field: str, written: str, look: Callable[[bytes], Looked]) -> Looked:
    """What `look` makes of a file that came in base64; where it takes none, the sentence stands beside the field."""
    try:
        return look(base64.b64decode(written, validate=True))
    except ValueError as error:
        raise FieldProblem(field, str(error) if isinstance(error, UploadError) else NO_PICTURE) from error


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
        number, pages = said.pop("version"), _looked_at("content", said.pop("content"), pages_of)
        version = line.versions.filter(number=number).order_by("pk").first()
        if version is None:
            raise FieldProblem("version", _("This line has no version of that number."))
        rows = attach(version=version, pages=pages, **said, by=self.viewer.actor, at=self.at)
        shown = self._papers(line).filter(pk__in=[row.pk for row in rows])
        return Answer(PaperShape(shown, many=True).data)

    def _papers(self, line: Requirement) -> QuerySet[Attachment]:
        return Attachment.objects.filter(version__requirement=line).select_related("version").defer("content")


class Corridors(Resource):
    """Ways through a country, with every wording and where it stands with its parties.

    `requirement_changed_at` marks a wording that no longer holds whole.
    """

    doors = {
        "list": READ,
        "retrieve": READ,
        "create": ARRANGE,
        "versions": ARRANGE,
        "ask": ARRANGE,
        "suspend": ARRANGE,
        "resume": ARRANGE,
    }
    serializer_class = CorridorShape
    refusals = {transit.CorridorError: 422, approvals.ApprovalError: 422}

    def rows(self) -> QuerySet[TransitCorridor]:
        versions = Prefetch("versions", CorridorVersion.objects.select_related("requested_by").order_by("number"))
        return TransitCorridor.objects.select_related("entry", "exit").prefetch_related(versions)

    def completed(self, page: Rows) -> Rows:
        versions = [version for corridor in page for version in corridor.versions.all()]
        standings = standings_of(versions, at=self.at)
        for version in versions:
            version.standing = standings[version.pk]
        return page

    @extend_schema(request=CorridorEntry, responses={201: CorridorShape})
    def create(self, request: Request) -> Response:
        """Name a corridor. Its wordings follow as versions."""
        said = self.sent(CorridorEntry)
        return self.written(lambda: self._name(said))

    def _name(self, said: dict[str, Any]) -> Answer:
        places = BorderCrossing.objects.prefetch_related("sides")
        said |= {end: self.named(places, end, code=said[end]) for end in ("entry", "exit")}
        return self._shown(transit.make_corridor(**said, by=self.viewer.actor, at=self.at), status=201)

    @extend_schema(request=CorridorVersionEntry, responses={201: CorridorShape})
    @action(detail=True, methods=["post"])
    def versions(self, request: Request, **place: Any) -> Response:
        """Write the next version down. No decision on an earlier one counts for it, and nobody is asked yet."""
        said, corridor = self.sent(CorridorVersionEntry), self.get_object()
        return self.written(lambda: self._version(corridor, said))

    def _version(self, corridor: TransitCorridor, said: dict[str, Any]) -> Answer:
        window = said.pop("window", None)
        transit.make_version(
            corridor=corridor,
            requested_by=self.named(Organisation.objects.all(), "requested_by", code=said.pop("requested_by")),
            longest_transit=timedelta(minutes=said.pop("longest_transit_minutes")),
            window=Window(**window) if window else None,
            **said,
            by=self.viewer.actor,
            at=self.at,
        )
        return self._shown(corridor, status=201)

    @extend_schema(request=AskEntry, responses={200: CorridorShape})
    @action(detail=True, methods=["post"])
    def ask(self, request: Request, **place: Any) -> Response:
        """Lay the newest version before its parties and tell each of them, with a link that decides."""
        said, corridor = self.sent(AskEntry), self.get_object()
        return self.written(lambda: self._ask(corridor, said))

    def _ask(self, corridor: TransitCorridor, said: dict[str, Any]) -> Answer:
        everybody = Organisation.objects.all()
        parties = [self.named(everybody, "parties", code=code) for code in dict.fromkeys(said["parties"])]
        approvals.ask_parties(
            version=self._newest(corridor), parties=parties, answer_by=said["answer_by"], **self._act()
        )
        return self._shown(corridor)

    @extend_schema(request=ReasonEntry, responses={200: CorridorShape})
    @action(detail=True, methods=["post"])
    def suspend(self, request: Request, **place: Any) -> Response:
        """Stop the newest version at once."""
        return self._stop_or_go(approvals.suspend)

    @extend_schema(request=ReasonEntry, responses={200: CorridorShape})
    @action(detail=True, methods=["post"])
    def resume(self, request: Request, **place: Any) -> Response:
        """Let the newest version be used again; the decisions taken before stand."""
        return self._stop_or_go(approvals.resume)

    def _stop_or_go(self, act: Callable[..., Any]) -> Response:
        said, corridor = self.sent(ReasonEntry), self.get_object()

        def done() -> Answer:
            act(version=self._newest(corridor), reason=said["reason"], **self._act())
            return self._shown(corridor)

        return self.written(done)

    def _newest(self, corridor: TransitCorridor) -> CorridorVersion:
        found = corridor.versions.select_related("corridor").order_by("-number").first()
        if found is None:
            raise Conflict(_("Nothing is written down for this corridor yet; make its first version."))
        return found

    def _act(self) -> dict[str, Any]:
        return {"by": self.viewer.actor, "at": self.at}

    def _shown(self, corridor: TransitCorridor, *, status: int = 200) -> Answer:
        return self.made(self.rows().get(pk=corridor.pk), status=status, shape=CorridorShape)


class Approvals(Resource):
    """What each party was asked about a version, and has decided. A party sees its own requests only."""

    doors = {"list": SEE_DECISIONS, "retrieve": SEE_DECISIONS, "decide": DECIDE}
    serializer_class = ApprovalShape
    filters = ApprovalFilters
    refusals = {approvals.ApprovalError: 422}

    def rows(self) -> QuerySet[Approval]:
        rows = Approval.objects.select_related("organisation", "version__corridor")
        if self.viewer.may(Permission.SEE_NOTICES):
            return rows
        return rows.filter(organisation__in=self.viewer.organisations)

    @extend_schema(request=DecisionEntry, responses={200: ApprovalShape})
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, **place: Any) -> Response:
        """Decide for one's own organisation, or write down what another one decided by phone or letter.

        A second decision is refused, and so is one on an old version or after the request has lapsed.
        """
        said, asked = self.sent(DecisionEntry), self.get_object()
        return self.written(lambda: self._decide(asked, said))

    def _decide(self, asked: Approval, said: dict[str, Any]) -> Answer:
        how, own = said.pop("decided_how", None), asked.organisation in self.viewer.organisations
        by = replace(self.viewer.actor, organisation_ref=asked.organisation.code)
        if not own:
            if how is None:
                raise FieldProblem("decided_how", _("Say how the organisation answered: phone or letter."))
            by = on_behalf(by, name=said["name"], function=said["function"], organisation=asked.organisation)
        approvals.decide(approval=asked, **said, decided_how=how or AnsweredBy.PAGE, by=by, at=self.at)
        return self.made(self.rows().get(pk=asked.pk), status=200)


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
            photograph=_looked_at("photograph", photograph, drawn_anew) if photograph else None,
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


RESOURCES: dict[str, type[Resource]] = {
    "crossings": Crossings,
    "requirements": Requirements,
    "corridors": Corridors,
    "approvals": Approvals,
    "barrier-reports": BarrierReports,
}
