"""Pictures of people, and the declaration of voluntary return, over the API."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common import limits
from common.forms import PictureField
from common.idempotency import Answer
from migrants import declarations, pictures
from migrants.api import OfPeople
from migrants.models import Declaration, Picture
from migrants.serializers.papers import OfPerson
from partners.access import Permission
from returns import declaration_papers
from returns.api.files import TakesFiles, given
from returns.serializers.files import MadeShape
from returns.serializers.pictures import (
    DeclarationShape,
    KeyFilter,
    LanguageEntry,
    PictureEntry,
    PictureShape,
    ReadOutEntry,
)

SEE, REGISTER, CONSENT = {Permission.SEE_PEOPLE}, {Permission.REGISTER_PEOPLE}, {Permission.RECORD_CONSENT}


class Pictures(TakesFiles, OfPeople):
    """Pictures, sealed where they lie. A list shows none of them: it gives addresses that open one each, for some minutes."""

    doors = {"list": SEE, "retrieve": SEE, "content": SEE, "create": REGISTER}
    refusals = {pictures.PictureError: 422}
    serializer_class = PictureShape
    filters = OfPerson

    def rows(self) -> QuerySet[Picture]:
        return Picture.objects.filter(person__in=self.people()).select_related("person").defer("content")

    def filters_of_action(self) -> type[serializers.Serializer[Any]] | None:
        return KeyFilter if self.action == "content" else super().filters_of_action()

    @extend_schema(request=PictureEntry, responses={201: PictureShape})
    def create(self, request: Request) -> Response:
        """Keep one more picture; earlier ones stay."""
        said = self.sent(PictureEntry)
        return self.written_with(lambda: self._keep(said))

    def _keep(self, said: dict[str, Any]) -> Answer:
        person = self.named(self.people(), "person", public_id=said["person"])
        upload = self.taken(PictureField(), "picture", said["picture"])
        taken_at = said.get("taken_at")
        row = pictures.keep(
            person=person, kind=said["kind"], upload=upload, taken_at=taken_at, by=self.viewer.actor, at=self.at
        )
        return self.made(row)

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def content(self, request: Request, **place: Any) -> HttpResponse:
        """The picture itself, by the address that was given to this account, while it lasts."""
        row = self.get_object()
        key = self.asked(KeyFilter).get("key", "")
        if not pictures.opens(key, row.public_id, account=self.viewer.user.public_id):
            raise Http404
        self.seen([row])
        return HttpResponse(row.content, content_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


class Declarations(OfPeople):
    """The declaration of voluntary return: read out in a language, understood, printed, then signed (as a consent)."""

    doors = {"list": SEE, "retrieve": SEE, "create": CONSENT, "paper": CONSENT}
    refusals = {declarations.DeclarationError: 422}
    serializer_class = DeclarationShape
    filters = OfPerson

    def rows(self) -> QuerySet[Declaration]:
        return Declaration.objects.filter(person__in=self.people()).select_related("person")

    @extend_schema(request=ReadOutEntry, responses={201: DeclarationShape})
    def create(self, request: Request) -> Response:
        """Write down who read it out to whom; read again before it is signed, it keeps its number."""
        said = self.sent(ReadOutEntry)
        return self.written(lambda: self._read_out(said))

    def _read_out(self, said: dict[str, Any]) -> Answer:
        person = self.named(self.people(), "person", public_id=said.pop("person"))
        return self.made(declarations.read_out(person=person, by=self.viewer.actor, at=self.at, **said))

    @extend_schema(request=LanguageEntry, responses={201: MadeShape})
    @action(detail=False, methods=["post"])
    def paper(self, request: Request) -> Response:
        """Print it as PDF, to be signed; an export with a number. Printed again before it is signed, it keeps its own."""
        said = self.sent(LanguageEntry)
        limits.count("export", str(self.viewer.user.public_id))
        return self.written(lambda: self._print(said))

    def _print(self, said: dict[str, Any]) -> Answer:
        person = self.named(self.people(), "person", public_id=said.pop("person"))
        made = declaration_papers.print_declaration(person=person, by=self.viewer.actor, at=self.at, **said)
        return given(made, name=f"declaration-{made.export.number}.pdf")
