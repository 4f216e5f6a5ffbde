"""/api/v1/: the resources of every app under one root, their description, and its readable face."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import include, path, re_path
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import DefaultRouter
from rest_framework.views import APIView

from corridors.api import RESOURCES as CORRIDORS
from migrants.api import RESOURCES as MIGRANTS
from notifications.api import RESOURCES as NOTIFICATIONS
from notifications.api import Inbox
from notifications.api.looking import Engine, Kinds
from partners.api import RESOURCES as PARTNERS
from partners.api import Unreached
from returns.api import RESOURCES as RETURNS
from returns.api.looking import Day, OutcomeFigures


class Root(DefaultRouter):
    """Addresses with a closing slash, one name for each, and no second spelling by suffix."""

    include_format_suffixes = False


router = Root(use_regex_path=False)
for name, view in (PARTNERS | NOTIFICATIONS | CORRIDORS | MIGRANTS | RETURNS).items():  # the upper floor adds writing
    router.register(name, view, basename=name)


@extend_schema(exclude=True)
class NothingHere(APIView):
    """What answers at an address of the API that does not exist: a problem, as everywhere else."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404

    def get(self, request: Request, rest: str) -> Response:
        raise Http404


urlpatterns = [
    path("v1/inbox/", Inbox.as_view({"get": "read"}, basename="notices"), name="api-inbox"),
    path("v1/engine/", Engine.as_view({"get": "read"}, basename="notices"), name="api-engine"),
    path("v1/kinds/", Kinds.as_view({"get": "read"}, basename="notices"), name="api-kinds"),
    path("v1/unreached/", Unreached.as_view({"get": "read"}, basename="organisations"), name="api-unreached"),
    path("v1/day/", Day.as_view({"get": "read"}, basename="movements"), name="api-day"),
    path("v1/outcomes/", OutcomeFigures.as_view({"get": "read"}, basename="cases"), name="api-outcomes"),
    path("v1/", include((router.urls, "api"))),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    re_path(r"^(?P<rest>[\s\S]*)$", NothingHere.as_view()),  # a line break in an address is no way round it
]
