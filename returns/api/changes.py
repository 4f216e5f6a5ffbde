"""A change of requirements over the API: write it down, read its impact, publish exactly what was read."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from common.problems import Conflict
from corridors import reporting, requirements
from corridors.models import BorderCrossing, RequirementDraft
from partners.access import Permission
from partners.api import Resource
from partners.models import Organisation
from returns.impact import impact_of
from returns.publishing import ImpactMovedError, publish, refuse_unknown_groups
from returns.serializers import ChangeEntry, ChangeFilters, ChangeShape, ImpactShape, PublishEntry

READ, WRITE = {Permission.SEE_REQUIREMENTS}, {Permission.PUBLISH_REQUIREMENTS}


class Changes(Resource):
    """Changes of requirements. Whoever may not publish sees what was published; a draft is seen by publishers only."""

    doors = {"list": READ, "retrieve": READ, "create": WRITE, "impact": WRITE, "publish": WRITE, "redraft": WRITE}
    serializer_class = ChangeShape
    filters = ChangeFilters
    refusals = {requirements.RequirementError: 422}

    def rows(self) -> QuerySet[RequirementDraft]:
        drafts = RequirementDraft.objects.select_related(
            "requirement__crossing", "replaces", "authority", "published_version"
        ).prefetch_related("requirement__crossing__sides")
        if self.viewer.may(Permission.PUBLISH_REQUIREMENTS):
            return drafts
        return drafts.filter(published_version__isnull=False)

    @extend_schema(request=ChangeEntry, responses={201: ChangeShape})
    def create(self, request: Request) -> Response:
        """Write a change down as a draft. Nobody is told."""
        said = self.sent(ChangeEntry)
        return self.written(lambda: self._draft(said))

    def _draft(self, said: dict[str, Any]) -> Answer:
        places = BorderCrossing.objects.prefetch_related("sides")
        code = said.pop("crossing", None)
        crossing = self.named(places, "crossing", code=code) if code else None
        authority = self.named(Organisation.objects.all(), "authority", code=said.pop("authority"))
        report = said.pop("report", None)
        if report is not None:
            said["report"] = self.named(reporting.reports_for(self.viewer), "report", public_id=report)
        line = (crossing, said.pop("from_country"), said.pop("to_country"), said.pop("subject"))
        refuse_unknown_groups(said["content"])
        draft = requirements.draft(requirement_line=line, authority=authority, by=self.viewer.actor, at=self.at, **said)
        return self._shown(draft)

    @extend_schema(responses=ImpactShape)
    @action(detail=True)
    def impact(self, request: Request, **place: Any) -> Response:
        """What publishing this draft would do now. Looking tells nobody; its fingerprint is what publishing asks for."""
        self.asked(None)
        draft = self.get_object()
        self._refuse_published(draft)
        return Response(ImpactShape(impact_of(draft, at=self.at)).data)

    @extend_schema(request=PublishEntry, responses={200: ChangeShape})
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, **place: Any) -> Response:
        """Publish the draft and tell everybody whom its impact named. Where the impact has moved: 409 with it as it is now."""
        said = self.sent(PublishEntry)
        draft = self.get_object()
        return self.written(lambda: self._publish(draft, said["fingerprint"]))

    def _publish(self, draft: RequirementDraft, fingerprint: str) -> Answer:
        self._refuse_published(draft)
        try:
            publish(draft=draft, fingerprint=fingerprint, by=self.viewer.actor, at=self.at)
        except ImpactMovedError as error:
            sentence = _("The impact is not the one that was read. Read it again, then publish with its fingerprint.")
            raise Conflict(sentence, impact=ImpactShape(error.impact).data) from error
        except requirements.RequirementError as error:
            if error.field == "draft":
                raise Conflict(error.sentence) from error
            raise
        return self._shown(draft, status=200)

    @extend_schema(request=None, responses={201: ChangeShape})
    @action(detail=True, methods=["post"])
    def redraft(self, request: Request, **place: Any) -> Response:
        """The same change once more, against the version that somebody else published meanwhile."""
        draft = self.get_object()
        return self.written(lambda: self._shown(requirements.redraft(draft=draft, by=self.viewer.actor, at=self.at)))

    def _shown(self, draft: RequirementDraft, *, status: int = 201) -> Answer:
        return self.made(self.rows().get(pk=draft.pk), status=status)

    def _refuse_published(self, draft: RequirementDraft) -> None:
        if draft.published_version is not None:
            raise Conflict(
                _("This draft was published as version %(number)d. Write a new draft for a new change.")
                % {"number": draft.published_version.number}
            )
