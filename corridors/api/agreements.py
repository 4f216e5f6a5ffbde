"""Corridors in their versions, and what their parties say to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.actors import Actor
from common.idempotency import Answer
from common.papers import pages_of
from common.pictures import Drawn
from common.problems import Conflict, FieldProblem
from corridors import approvals, transit
from corridors.api.uploads import looked_at
from corridors.legs import LegWording, with_wording
from corridors.models import (
    Approval,
    BorderCrossing,
    CorridorVersion,
    Requirement,
    TransitCorridor,
)
from corridors.opening_hours import Hours
from corridors.party_words import say
from corridors.request_letters import letters_beforehand
from corridors.serializers import ReasonEntry
from corridors.serializers.approvals import ApprovalFilters, ApprovalShape, DecisionEntry, WordEntry
from corridors.serializers.versions import (
    AskEntry,
    CorridorEntry,
    CorridorShape,
    CorridorVersionEntry,
    LetterBeforehandShape,
    LettersFilter,
)
from corridors.standings import standings_of
from corridors.terms import OwnTerms
from corridors.waiving import WaiverWording
from corridors.windows import Window
from notifications.calls import on_behalf
from notifications.enums import AnsweredBy
from partners.access import Permission
from partners.api import Resource, Rows
from partners.models import Organisation

READ, ARRANGE = {Permission.SEE_REQUIREMENTS}, {Permission.ARRANGE_CORRIDORS}
SEE_DECISIONS = {Permission.SEE_NOTICES, Permission.DECIDE_REQUESTS}
DECIDE = {Permission.ARRANGE_CORRIDORS, Permission.DECIDE_REQUESTS}


def _pages(written: str) -> list[Drawn]:
    """The pages of a letter that came along; none where none did."""
    return looked_at("scan", written, pages_of) if written else []


def _window(said: dict[str, Any]) -> Window:
    hours = (Hours(tuple(row["days"]), row["opens"], row["closes"]) for row in said.pop("hours"))
    return Window(**said, hours=tuple(hours))


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
        "letters": ARRANGE,
        "suspend": ARRANGE,
        "resume": ARRANGE,
    }
    serializer_class = CorridorShape
    refusals = {transit.CorridorError: 422, approvals.ApprovalError: 422}

    def rows(self) -> QuerySet[TransitCorridor]:
        wordings = with_wording(CorridorVersion.objects.select_related("requested_by"))
        versions = Prefetch("versions", wordings.order_by("number"))
        return TransitCorridor.objects.select_related("entry", "exit").prefetch_related(versions)

    def filters_of_action(self) -> type[serializers.Serializer[Any]] | None:
        return LettersFilter if self.action == "letters" else super().filters_of_action()

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
        """Write the next version down. Nobody is asked yet."""
        said, corridor = self.sent(CorridorVersionEntry), self.get_object()
        return self.written(lambda: self._version(corridor, said))

    def _version(self, corridor: TransitCorridor, said: dict[str, Any]) -> Answer:
        window = said.pop("window", None)
        transit.make_version(
            corridor=corridor,
            requested_by=self.named(Organisation.objects.all(), "requested_by", code=said.pop("requested_by")),
            longest_transit=timedelta(minutes=said.pop("longest_transit_minutes", 0)),
            legs=self._legs(said.pop("legs")),
            waivers=self._waivers(said.pop("waivers")),
            window=_window(window) if window else None,
            **said,
            by=self.viewer.actor,
            at=self.at,
        )
        return self._shown(corridor, status=201)

    def _legs(self, said: list[dict[str, Any]]) -> list[LegWording]:
        places = BorderCrossing.objects.prefetch_related("sides")
        return [
            LegWording(
                leg["country"],
                self.named(places, "legs", code=leg["entry"]),
                self.named(places, "legs", code=leg["exit"]),
                timedelta(minutes=leg["longest_transit_minutes"]),
            )
            for leg in said
        ]

    def _waivers(self, said: list[dict[str, Any]]) -> list[WaiverWording]:
        return [
            WaiverWording(
                self.named(Requirement.objects.select_related("crossing"), "waivers", public_id=row["requirement"]),
                self.named(Organisation.objects.all(), "waivers", code=row["authority"]),
                row["reference"],
                row.get("valid_until"),
            )
            for row in said
        ]

    @extend_schema(request=AskEntry, responses={200: CorridorShape})
    @action(detail=True, methods=["post"])
    def ask(self, request: Request, **place: Any) -> Response:
        """Lay the newest version before its parties and tell each of them, with a link that decides.

        A decision on the version before that holds for this one too is carried over instead.
        """
        said, corridor = self.sent(AskEntry), self.get_object()
        return self.written(lambda: self._ask(corridor, said))

    @extend_schema(responses=LetterBeforehandShape(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def letters(self, request: Request, **place: Any) -> Response:
        """What the parties of the newest version would read, in each language; nobody is asked. Empty without a window."""
        asked, version = self.asked(LettersFilter), self._newest(self.get_object())
        answer_by = asked.get("answer_by") or version.opens_at or self.at
        found = letters_beforehand(version, answer_by=answer_by, by=self.viewer.actor, at=self.at)
        return Response(LetterBeforehandShape(found, many=True).data)

    def _ask(self, corridor: TransitCorridor, said: dict[str, Any]) -> Answer:
        everybody = Organisation.objects.all()
        parties = [self.named(everybody, "parties", code=code) for code in dict.fromkeys(said["parties"])]
        approvals.ask_parties(
            version=self._newest(corridor),
            parties=parties,
            answer_by=said["answer_by"],
            needed=said.get("needed"),
            musts=said.get("musts", ()),
            **self._act(),
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

    doors = {"list": SEE_DECISIONS, "retrieve": SEE_DECISIONS, "decide": DECIDE, "words": DECIDE}
    serializer_class = ApprovalShape
    filters = ApprovalFilters
    refusals = {approvals.ApprovalError: 422}

    def rows(self) -> QuerySet[Approval]:
        rows = Approval.objects.select_related("organisation", "version__corridor", "carried_from").prefetch_related(
            "words"
        )
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
        how, said["scan"] = said.pop("decided_how", None), _pages(said.pop("scan", ""))
        by = self._speaker(asked, said, "decided_how", how)
        own = OwnTerms(**{field.name: said.pop(field.name) for field in fields(OwnTerms) if field.name in said})
        approvals.decide(approval=asked, **said, own=own, decided_how=how or AnsweredBy.PAGE, by=by, at=self.at)
        return self.made(self.rows().get(pk=asked.pk), status=200)

    @extend_schema(request=WordEntry, responses={200: ApprovalShape})
    @action(detail=True, methods=["post"])
    def words(self, request: Request, **place: Any) -> Response:
        """Suspend an approval, let it go on, or withdraw it for good: for one's own organisation, or written down for another.

        The decision stays as it was; what is said later stands beside it. What does not fit is refused.
        """
        said, asked = self.sent(WordEntry), self.get_object()
        return self.written(lambda: self._say(asked, said))

    def _say(self, asked: Approval, said: dict[str, Any]) -> Answer:
        how, said["scan"] = said.pop("said_how", None), _pages(said.pop("scan", ""))
        by = self._speaker(asked, said, "said_how", how)
        say(approval=asked, **said, said_how=how or AnsweredBy.PAGE, by=by, at=self.at)
        return self.made(self.rows().get(pk=asked.pk), status=200)

    def _speaker(self, asked: Approval, said: dict[str, Any], field: str, how: str | None) -> Actor:
        """The party itself, or the colleague who writes its words down and says how they came."""
        by = replace(self.viewer.actor, organisation_ref=asked.organisation.code)
        if asked.organisation in self.viewer.organisations:
            return by
        if how is None:
            raise FieldProblem(field, _("Say how the organisation answered: phone or letter."))
        return on_behalf(by, name=said["name"], function=said["function"], organisation=asked.organisation)
