"""Before a group arrives, over the API: documents that embassies are asked for, their questions, and that they are ready."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from common.serializers import Actor, Choice, Count, Day, Entry, Moment, Pointer, Reference, Text
from migrants.enums import DocumentState
from migrants.models import Migrant, TravelGroup
from partners.access import Permission
from partners.api import Resource
from partners.models import Organisation
from returns import consular_questions, document_requests, incoming, reception
from returns.models import ConsularQuestion, DocumentRequest, Movement, ReceptionReady

EMBASSY, MISSION = {Permission.SEE_INCOMING}, {Permission.SEND_MOVEMENTS}
CASEWORK = {Permission.RECORD_CONSENT}


class OfArrivals(Resource):
    """What an embassy of the country of arrival says or is told about a movement there."""

    def arrival(self, public_id: UUID) -> tuple[Movement, Organisation]:
        """The movement to the country of the embassy that asks, and that embassy."""
        organisations = self.viewer.organisations
        movement = self.named(incoming.movements_to(organisations), "movement", public_id=public_id)
        country = movement.corridor_version.corridor.to_country
        return movement, next(each for each in organisations if each.country == country)


class ConsularQuestionShape(serializers.ModelSerializer[ConsularQuestion]):
    """A question of an embassy; `about` is the reference of a row of `incoming`, empty for the whole group."""

    organisation = Pointer("code")
    movement = Pointer()
    about = Pointer(source="disclosure", allow_null=True)

    class Meta:
        model = ConsularQuestion
        fields = ("public_id", "organisation", "movement", "about", "words", "asked_at", "answer", "answered_at")


class ConsularQuestionEntry(Entry):
    movement = Reference()
    about = Reference(required=False, allow_null=True, help_text="`public_id` of a row of `incoming`")
    words = Text(max_length=consular_questions.LONGEST)


class ConsularAnswerEntry(Entry):
    words = Text(max_length=consular_questions.LONGEST)


class Questions(OfArrivals):
    """What embassies ask the missions. An embassy reads its own, about a person only while the person is shown to it."""

    doors = {"list": EMBASSY | MISSION, "retrieve": EMBASSY | MISSION, "create": EMBASSY, "answer": MISSION}
    refusals = {consular_questions.QuestionError: 422}
    serializer_class = ConsularQuestionShape

    def rows(self) -> QuerySet[ConsularQuestion]:
        rows: QuerySet[ConsularQuestion] = ConsularQuestion.objects.visible_to(self.viewer)
        if not self.viewer.may(Permission.SEND_MOVEMENTS):
            rows = consular_questions.asked_by(self.viewer.organisations, at=self.at)
        return rows.select_related("organisation", "movement", "disclosure__person")

    def person_of(self, row: ConsularQuestion) -> UUID | None:
        return row.disclosure.person.public_id if row.disclosure else None

    @extend_schema(request=ConsularQuestionEntry, responses={201: ConsularQuestionShape})
    def create(self, request: Request) -> Response:
        """Ask the mission of a movement to the own country."""
        said = self.sent(ConsularQuestionEntry)
        return self.written(lambda: self._ask(said))

    def _ask(self, said: dict[str, Any]) -> Answer:
        movement, embassy = self.arrival(said["movement"])
        about, words = said.get("about"), said["words"]
        row = consular_questions.ask(
            movement=movement, organisation=embassy, about=about, words=words, by=self.viewer.actor, at=self.at
        )
        return self.made(self.rows().get(pk=row.pk))

    @extend_schema(request=ConsularAnswerEntry, responses={200: ConsularQuestionShape})
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, **place: Any) -> Response:
        """Answer a question, once."""
        said = self.sent(ConsularAnswerEntry)
        row = self.get_object()
        return self.written(lambda: self._answer(row, said["words"]))

    def _answer(self, row: ConsularQuestion, words: str) -> Answer:
        done = consular_questions.answer(question=row, words=words, by=self.viewer.actor, at=self.at)
        return self.made(self.rows().get(pk=done.pk), status=200)


class ReadyShape(serializers.ModelSerializer[ReceptionReady]):
    """An organisation of the country of arrival is ready to receive a group; its newest word counts."""

    movement = Pointer()
    organisation = Pointer("code")
    by = Actor()

    class Meta:
        model = ReceptionReady
        fields = (
            "public_id", "movement", "organisation", "places", "place", "transport", "ready_from", "name", "function",
            "said_at", "by",
        )  # fmt: skip


class ReadyEntry(Entry):
    movement = Reference()
    places = Count(max_value=reception.MOST_PLACES)
    place = Text(max_length=200)
    transport = Text(required=False, allow_blank=True, max_length=200)
    ready_from = Moment()
    name = Text(max_length=120)
    function = Text(max_length=120)


class ReceptionsReady(OfArrivals):
    """Who is ready to receive which group: where, how many, from when."""

    doors = {"list": EMBASSY | MISSION, "retrieve": EMBASSY | MISSION, "create": EMBASSY}
    refusals = {reception.ReceptionError: 422}
    serializer_class = ReadyShape

    def rows(self) -> QuerySet[ReceptionReady]:
        rows = ReceptionReady.objects.select_related("movement", "organisation")
        if self.viewer.may(Permission.SEND_MOVEMENTS):
            return rows.filter(movement__in=Movement.objects.visible_to(self.viewer))
        return rows.filter(organisation__in=[each.pk for each in self.viewer.organisations])

    @extend_schema(request=ReadyEntry, responses={201: ReadyShape})
    def create(self, request: Request) -> Response:
        """Say that the own organisation is ready; said again, the later word counts."""
        said = self.sent(ReadyEntry)
        return self.written(lambda: self._confirm(said))

    def _confirm(self, said: dict[str, Any]) -> Answer:
        movement, embassy = self.arrival(said.pop("movement"))
        said = {"transport": ""} | said
        return self.made(
            reception.confirm(movement=movement, organisation=embassy, **said, by=self.viewer.actor, at=self.at)
        )


class DocumentRequestShape(serializers.ModelSerializer[DocumentRequest]):
    """A travel document that an embassy is asked for. Requests of one letter have one `number`."""

    person = Pointer()
    recipient = Pointer("code")
    state = Choice(choices=DocumentState.choices, source="document.state", read_only=True)

    class Meta:
        model = DocumentRequest
        fields = ("public_id", "number", "person", "recipient", "state", "asked_at", "answer_by")


class DocumentRequestEntry(Entry):
    """For everybody of a group who is shown to the embassy with documents and lacks one."""

    group = Reference()
    recipient = Text(max_length=40, help_text="code of the embassy")
    answer_by = Moment()


class DocumentAnswerEntry(Entry):
    """Where the document stands now; `expires_on` may come with one that is issued or held."""

    state = Choice(choices=[(state.value, state.label) for state in document_requests.ANSWERS])
    name = Text(max_length=120)
    function = Text(max_length=120)
    note = Text(required=False, allow_blank=True, max_length=document_requests.LONGEST_NOTE)
    expires_on = Day(required=False, allow_null=True)


class DocumentRequests(Resource):
    """Travel documents that embassies are asked for. An embassy reads those of its nationals who are shown to it with them."""

    doors = {
        "list": EMBASSY | CASEWORK, "retrieve": EMBASSY | CASEWORK, "create": CASEWORK, "answer": EMBASSY,
    }  # fmt: skip
    refusals = {document_requests.DocumentRequestError: 422}
    serializer_class = DocumentRequestShape

    def rows(self) -> QuerySet[DocumentRequest]:
        if self.viewer.may(Permission.RECORD_CONSENT):
            rows = DocumentRequest.objects.filter(person__in=Migrant.objects.visible_to(self.viewer))
        else:
            rows = document_requests.of_embassies(self.viewer.organisations, at=self.at)
        return rows.select_related("person", "recipient", "document")

    def person_of(self, row: DocumentRequest) -> UUID | None:
        return row.person.public_id

    @extend_schema(request=DocumentRequestEntry, responses={201: DocumentRequestShape(many=True)})
    def create(self, request: Request) -> Response:
        """Ask an embassy by one letter, which says how many; for whom stands in these rows alone."""
        said = self.sent(DocumentRequestEntry)
        return self.written(lambda: self._ask(said))

    def _ask(self, said: dict[str, Any]) -> Answer:
        group = self.named(TravelGroup.objects.visible_to(self.viewer), "group", public_id=said["group"])
        to = self.named(Organisation.objects.all(), "recipient", code=said["recipient"])
        made = document_requests.ask(
            group=group, recipient=to, answer_by=said["answer_by"], by=self.viewer.actor, at=self.at
        )
        rows = list(self.rows().filter(pk__in=[row.pk for row in made]).order_by("pk"))
        content = self.get_serializer(rows, many=True).data
        return Answer(content, 201, tuple(row.person.public_id for row in rows))

    @extend_schema(request=DocumentAnswerEntry, responses={200: DocumentRequestShape})
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, **place: Any) -> Response:
        """Say how far a document is; the document itself stands so from then on."""
        said = self.sent(DocumentAnswerEntry)
        row = self.get_object()
        return self.written(lambda: self._answer(row, said))

    def _answer(self, row: DocumentRequest, said: dict[str, Any]) -> Answer:
        document_requests.answer(request=row, **said, by=self.viewer.actor, at=self.at)
        return self.made(self.rows().get(pk=row.pk), status=200)
