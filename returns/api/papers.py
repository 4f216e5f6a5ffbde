"""Papers and lists of a movement over the API: which were given out, and making another one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from common.refusals import RefusalError
from common.serializers import Actor, Choice, Entry, Pointer, Reference, Text
from migrants.declarations import LANGUAGES
from migrants.exports import LONGEST_PURPOSE
from partners.access import Permission
from partners.api import Resource
from partners.models import Organisation
from returns.api.files import given
from returns.enums import JourneyPaper
from returns.models import Movement, PaperIssue
from returns.movement_papers import Wanted, print_for, recipients_of
from returns.paper_issues import with_state
from returns.serializers.files import MadeShape

SEE = {Permission.SEE_MOVEMENTS}


class JourneyPaperShape(serializers.ModelSerializer[PaperIssue]):
    """A paper that was given out. `code` leads anybody to `/v/<code>/`, which says whether it is in force and names nobody."""

    movement = Pointer()
    recipient = Pointer("code", allow_null=True)
    is_replaced = serializers.BooleanField(help_text="whether a newer one was given out")
    by = Actor()

    class Meta:
        model = PaperIssue
        fields = (
            "public_id", "code", "kind", "number", "fingerprint", "language", "movement", "recipient", "made_for",
            "issued_at", "is_replaced", "by",
        )  # fmt: skip


class JourneyPaperEntry(Entry):
    """What is wanted of a movement. Without `recipient` it is for our own use, without `language` in the recipient's."""

    movement = Reference()
    kind = Choice(choices=JourneyPaper.choices)
    recipient = Text(required=False, max_length=40, help_text="code of an organisation that may be given papers of it")
    language = Choice(choices=[(code, code) for code in LANGUAGES], required=False)
    purpose = Text(max_length=LONGEST_PURPOSE)


class JourneyPaperFilters(Entry):
    movement = Reference(source="movement__public_id", required=False)


class Papers(Resource):
    """Papers of movements that were given out, the last first. POST makes one, or a list, and answers with the file."""

    doors = {"list": SEE, "retrieve": SEE, "create": SEE}
    serializer_class = JourneyPaperShape
    filters = JourneyPaperFilters
    refusals = {RefusalError: 422}

    def rows(self) -> QuerySet[PaperIssue]:
        rows = PaperIssue.objects.filter(movement__in=Movement.objects.visible_to(self.viewer))
        found: QuerySet[PaperIssue] = with_state(rows.select_related("movement", "recipient"))
        return found

    @extend_schema(request=JourneyPaperEntry, responses={201: MadeShape})
    def create(self, request: Request) -> Response:
        """Make a paper or a list of a movement."""
        said = self.sent(JourneyPaperEntry)
        return self.written(lambda: self._make(said))

    def _make(self, said: dict[str, Any]) -> Answer:
        movement = self.named(Movement.objects.visible_to(self.viewer), "movement", public_id=said["movement"])
        to, code = None, said.get("recipient", "")
        if code:
            allowed = [organisation.pk for organisation in recipients_of(movement)]
            to = self.named(Organisation.objects.filter(pk__in=allowed), "recipient", code=code)
        wanted = Wanted(JourneyPaper(said["kind"]), to, said.get("language", ""), said["purpose"])
        made, name = print_for(movement=movement, wanted=wanted, by=self.viewer.actor, at=self.at)
        return given(made, name=name)
