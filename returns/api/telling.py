"""Notices over the API with what this floor adds: who knew when, as a file that is a row of exports, and letters taken in."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common import limits
from common.forms import PictureField
from common.idempotency import Answer
from notifications.api import Acknowledgements as AcknowledgementsBelow
from notifications.api import Notices as NoticesBelow
from notifications.models import Alert, LetterScan
from notifications.readers import alerts_for
from notifications.serializers import AcknowledgementShape
from partners.access import Permission
from returns.alert_papers import proof_file
from returns.api.files import TakesFiles, given
from returns.serializers.files import AnsweredEntry, MadeShape, ProofFileEntry


class Notices(NoticesBelow):
    """Organisations that must know of something, since when, and whether a named human of theirs has it."""

    doors = NoticesBelow.doors | {"proof": {Permission.SEE_NOTICES}}

    @extend_schema(request=ProofFileEntry, responses={201: MadeShape})
    @action(detail=True, methods=["post"])
    def proof(self, request: Request, **place: Any) -> Response:
        """Give who knew when of everybody who was told of the same, as CSV or PDF: an export with a number."""
        said = self.sent(ProofFileEntry)
        notice = self.get_object()
        alert = get_object_or_404(alerts_for(self.viewer), pk=notice.alert_id)
        limits.count("export", str(self.viewer.user.public_id))
        return self.written(lambda: self._proof(alert, **said))

    def _proof(self, alert: Alert, *, kind: str) -> Answer:
        made = proof_file(alert, kind=kind, by=self.viewer.actor, at=self.at)
        return given(made, name=f"who-knew-when-{alert.number}.{kind}")


class Acknowledgements(TakesFiles, AcknowledgementsBelow):
    """Answers of organisations. The first one stands; a second POST gives it back unchanged."""

    doors = AcknowledgementsBelow.doors | {"letter": {Permission.SEE_NOTICES}}

    @extend_schema(request=AnsweredEntry, responses={201: AcknowledgementShape, 200: AcknowledgementShape})
    def create(self, request: Request) -> Response:
        """Acknowledge a notice of one's own organisation, or write down what another one answered by phone or letter."""
        said = self.sent(AnsweredEntry)
        return self.written_with(lambda: self._answered(said))

    def _answered(self, said: dict[str, Any]) -> Answer:
        if (letter := said.pop("letter", None)) is not None:
            said["letter"] = self.taken(PictureField(), "letter", letter)
        return self._acknowledge(said)

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def letter(self, request: Request, **place: Any) -> HttpResponse:
        """The letter by which an organisation acknowledged, as it was taken in."""
        scan = get_object_or_404(LetterScan, acknowledgement=self.get_object())
        return HttpResponse(scan.content, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"})
