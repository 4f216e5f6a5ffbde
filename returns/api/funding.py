"""What is needed, who promised what, and what is still open."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from migrants.models import TravelGroup
from partners.access import Permission
from partners.api import Resource, Rows
from partners.models import Organisation
from returns import assistance, funding
from returns.models import AidItem, Need, Pledge
from returns.serializers import (
    AidEntry,
    AidFilters,
    AidShape,
    NeedEntry,
    NeedFilters,
    NeedShape,
    PledgeEntry,
    PledgeFilters,
    PledgeShape,
)

READ, WRITE = {Permission.SEE_NEEDS}, {Permission.RECORD_PLEDGES}
ASK, GIVE = {Permission.RECORD_PLEDGES, Permission.RECORD_AID}, {Permission.RECORD_AID}


class Needs(Resource):
    """What groups need, at which price, and how much of it is promised and given. Figures only, no names of people."""

    doors = {"list": READ, "retrieve": READ, "create": ASK}
    serializer_class = NeedShape
    filters = NeedFilters
    refusals = {funding.FundingError: 422}

    def rows(self) -> QuerySet[Need]:
        return Need.objects.visible_to(self.viewer).select_related("group", "requirement_version", "head_count")

    def completed(self, page: Rows) -> Rows:
        gaps, given = funding.gaps(page), assistance.given_of(page)
        for need in page:
            need.gap, need.given = gaps[need.pk], given[need.pk]
        return page

    @extend_schema(request=NeedEntry, responses={201: NeedShape})
    def create(self, request: Request) -> Response:
        """Ask for so many of something at a price each."""
        said = self.sent(NeedEntry)
        return self.written(lambda: self._ask(said))

    def _ask(self, said: dict[str, Any]) -> Answer:
        group = self.named(TravelGroup.objects.visible_to(self.viewer), "group", public_id=said.pop("group"))
        return self.made(funding.ask(group=group, by=self.viewer.actor, at=self.at, **said))


class Pledges(Resource):
    """Promises, each in the donor's own currency with the rate of its day."""

    doors = {"list": READ, "retrieve": READ, "create": WRITE}
    serializer_class = PledgeShape
    filters = PledgeFilters
    refusals = {funding.FundingError: 422}

    def rows(self) -> QuerySet[Pledge]:
        needs = Need.objects.visible_to(self.viewer)
        return Pledge.objects.filter(need__in=needs).select_related("need", "donor").defer("correspondence")

    @extend_schema(request=PledgeEntry, responses={201: PledgeShape})
    def create(self, request: Request) -> Response:
        """Write a promise down."""
        said = self.sent(PledgeEntry)
        return self.written(lambda: self._pledge(said))

    def _pledge(self, said: dict[str, Any]) -> Answer:
        need = self.named(Need.objects.visible_to(self.viewer), "need", public_id=said.pop("need"))
        donor = self.named(Organisation.objects.all(), "donor", code=said.pop("donor"))
        return self.made(funding.pledge(need=need, donor=donor, by=self.viewer.actor, at=self.at, **said))


class Aid(Resource):
    """What was given against needs: how much, by whom, when."""

    doors = {"list": READ, "retrieve": READ, "create": GIVE}
    serializer_class = AidShape
    filters = AidFilters
    refusals = {assistance.AssistanceError: 422}

    def rows(self) -> QuerySet[AidItem]:
        needs = Need.objects.visible_to(self.viewer)
        return AidItem.objects.filter(need__in=needs).select_related("need", "giver")

    @extend_schema(request=AidEntry, responses={201: AidShape})
    def create(self, request: Request) -> Response:
        """Write down what somebody gave."""
        said = self.sent(AidEntry)
        return self.written(lambda: self._give(said))

    def _give(self, said: dict[str, Any]) -> Answer:
        need = self.named(Need.objects.visible_to(self.viewer), "need", public_id=said.pop("need"))
        giver = self.named(Organisation.objects.all(), "giver", code=said.pop("giver"))
        return self.made(assistance.give(need=need, giver=giver, by=self.viewer.actor, at=self.at, **said))
