"""Papers of cases and groups over the API, with the same looks at the file as on the pages."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.forms import PaperField
from common.idempotency import Answer
from common.serializers import Actor, Entry, Pointer, Reference, Text
from migrants import pictures
from returns import case_papers
from returns.api.casework import SEE, OfCaseFilters, OfCases
from returns.api.files import TakesFiles
from returns.models import CasePage
from returns.serializers.files import File
from returns.serializers.pictures import KeyFilter


class CasePageShape(serializers.ModelSerializer[CasePage]):
    """One page of a paper; `paper` is the same for all of its pages. `address` opens it for some minutes, for whoever asked."""

    group = Pointer()
    case = Pointer(allow_null=True)
    address = serializers.SerializerMethodField(
        help_text="empty: the paper was taken away, and its pages are destroyed"
    )
    by = Actor()
    removed_by = Actor(allow_null=True)

    def get_address(self, row: CasePage) -> str:
        if row.removed_at is not None:
            return ""
        account = self.context["view"].viewer.user.public_id
        place = reverse("api:case-papers-content", args=[row.public_id])
        return f"{place}?key={pictures.key_for(row.public_id, account=account)}"

    class Meta:
        model = CasePage
        fields = (
            "public_id", "paper", "rank", "group", "case", "title", "width", "height", "address", "kept_at", "by",
            "removed_at", "removed_by", "removed_why",
        )  # fmt: skip


class CasePaperFilters(OfCaseFilters):
    paper = Reference(required=False)


class CasePaperEntry(Entry):
    """A picture or a PDF. Each page is drawn anew as a picture; nothing else of the file is kept."""

    group = Reference()
    case = Reference(required=False, allow_null=True, default=None)
    title = Text(max_length=case_papers.LONGEST)
    paper = File()


class CasePaperAway(Entry):
    why = Text(max_length=200)


class CasePapers(TakesFiles, OfCases):
    """Papers of cases and groups, page by page, sealed where they lie; read by whoever works on the case alone."""

    doors = {**dict.fromkeys(("list", "retrieve", "content", "create", "take_away"), SEE)}
    refusals = {case_papers.CasePaperError: 422}
    serializer_class = CasePageShape
    filters = CasePaperFilters

    def rows(self) -> QuerySet[CasePage]:
        rows = CasePage.objects.visible_to(self.viewer).select_related("group", "case__person")
        return rows if self.action == "content" else rows.defer("content")

    def filters_of_action(self) -> type[serializers.Serializer[Any]] | None:
        return KeyFilter if self.action == "content" else super().filters_of_action()

    @extend_schema(request=CasePaperEntry, responses={201: CasePageShape})
    def create(self, request: Request) -> Response:
        """Attach a paper; answers with its first page."""
        said = self.sent(CasePaperEntry)
        return self.written_with(lambda: self._attach(said))

    def _attach(self, said: dict[str, Any]) -> Answer:
        whose = self.group_and_case(said)
        pages = self.taken(PaperField(), "paper", said["paper"])
        kept = case_papers.attach(**whose, title=said["title"], pages=pages, by=self.viewer.actor, at=self.at)
        return self.made(self.rows().get(pk=kept[0].pk))

    @extend_schema(request=CasePaperAway, responses={200: CasePageShape})
    @action(detail=True, methods=["post"], url_path="take-away")
    def take_away(self, request: Request, **place: Any) -> Response:
        """Destroy all pages of the paper, because it does not belong here."""
        said, row = self.sent(CasePaperAway), self.get_object()
        return self.written(lambda: self._take_away(row, said["why"]))

    def _take_away(self, row: CasePage, why: str) -> Answer:
        case_papers.take_away(paper=row.paper, why=why, by=self.viewer.actor, at=self.at)
        return self.made(self.rows().get(pk=row.pk), status=200)

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def content(self, request: Request, **place: Any) -> HttpResponse:
        """The page itself, by the address that was given to this account, while it lasts."""
        row, key = self.get_object(), self.asked(KeyFilter).get("key", "")
        if row.content is None or not pictures.opens(key, row.public_id, account=self.viewer.user.public_id):
            raise Http404
        self.seen([row])
        return HttpResponse(row.content, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"})
