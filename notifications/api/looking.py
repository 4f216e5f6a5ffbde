"""What is only looked at: whether the engine lives and its books hold, and what each kind of alert says."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from common import clock
from common.problems import QueryProblem
from notifications.messages import kinds
from notifications.samples import sample_of
from notifications.serializers.looking import EngineShape, KindFilters, KindSaysShape, engine_said, kind_said
from partners.access import Permission
from partners.api import Resource


class Engine(Resource):
    """Whether each part of the engine lives, whether the books hold, and when something last went out over each channel."""

    doors = {"read": {Permission.CALL_PARTNERS, Permission.MANAGE_DIRECTORY}}
    serializer_class = EngineShape

    @extend_schema(responses=EngineShape)
    def read(self, request: Request) -> Response:
        """Say whether each part of the engine lives and whether its books hold; a row that fits nowhere is named."""
        self.asked(None)
        return Response(engine_said(at=self.at, real_at=clock.real_now()))


class Kinds(Resource):
    """What each kind of alert says on each way out, with an invented example."""

    pagination_class = None
    doors = {"read": {Permission.MANAGE_DIRECTORY, Permission.SEE_NOTICES}}
    serializer_class = KindSaysShape
    filters = KindFilters

    def filters_of_action(self) -> type[Serializer[Any]]:
        return KindFilters

    @extend_schema(parameters=[KindFilters], responses=KindSaysShape(many=True))
    def read(self, request: Request) -> Response:
        """Say what alerts say: letter, text message and what a caller reads out, in one language; of all kinds or of one."""
        asked = self.asked(KindFilters)
        wanted = asked.get("kind", "")
        shown = [kind for kind in kinds() if kind.sample is not None and wanted in ("", kind.kind)]
        if not shown:
            raise QueryProblem({"kind": [_("There is no such kind of notice.")]})
        language, by = asked.get("language", "en"), self.viewer.actor
        return Response([kind_said(kind, sample_of(kind, language, by=by, at=self.at), language) for kind in shown])
