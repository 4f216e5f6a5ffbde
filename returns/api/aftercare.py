"""After the return over the API: follow-ups of people who agreed to them, and organisations that were asked to help."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common.idempotency import Answer
from common.serializers import Actor, Choice, Entry, Moment, Pointer, Reference, Text
from migrants.api import OfPeople
from migrants.enums import ReferralAnswer
from migrants.serializers.papers import OfPerson
from partners.access import Permission
from partners.models import Organisation
from returns import follow_ups, reintegration
from returns.enums import FollowUpHow, FollowUpState, ReintegrationService
from returns.models import FollowUp, Reintegration

KEEP = {Permission.KEEP_AFTERCARE}
READ: dict[str, Collection[Permission]] = {"list": KEEP, "retrieve": KEEP}
NOTE = 4000
FOLLOW_UP = ("public_id", "person", "movement", "stage", "due_on", "state", "tries", "how", "last_tried_at")
REINTEGRATION = (
    "public_id", "person", "organisation", "service", "referred_at", "answer", "answered_at", "closed_at", "by",
)  # fmt: skip


class FollowUpShape(serializers.ModelSerializer[FollowUp]):
    """One time that a person is asked how things are. What was said stands with one follow-up alone."""

    person = Pointer()
    movement = Pointer()

    class Meta:
        model = FollowUp
        fields: tuple[str, ...] = FOLLOW_UP


class FollowUpDetail(FollowUpShape):
    """One follow-up alone: the needs that were told, and the note."""

    needs = serializers.SerializerMethodField()
    note = serializers.CharField(read_only=True, allow_null=True)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_needs(self, row: FollowUp) -> list[str]:
        return [need.value for need in follow_ups.needs_of(row)]

    class Meta(FollowUpShape.Meta):
        fields = (*FOLLOW_UP, "needs", "note")


class FollowUpFilters(OfPerson):
    state = Choice(choices=FollowUpState.choices, required=False)


class FollowUpPlanEntry(Entry):
    person = Reference()


class ReachedEntry(Entry):
    """What the person said. `needs` left out: asked, and none was found. Nobody is scored."""

    how = Choice(choices=FollowUpHow.choices)
    tried_at = Moment()
    needs = serializers.ListField(child=Choice(choices=follow_ups.ASKED_ABOUT), default=list, max_length=20)
    note = Text(required=False, allow_blank=True, max_length=NOTE)


class MissedEntry(Entry):
    """A try that reached nobody; after three of them the follow-up ends."""

    how = Choice(choices=FollowUpHow.choices)
    tried_at = Moment()
    note = Text(required=False, allow_blank=True, max_length=NOTE)


class FollowUps(OfPeople):
    """Follow-ups a week, a month and three months after the handover, of people who agreed. POST plans what is to come."""

    doors = {**READ, "create": KEEP, "reached": KEEP, "missed": KEEP}
    refusals = {follow_ups.FollowUpError: 422}
    serializer_class = FollowUpShape
    detail_class = FollowUpDetail
    filters = FollowUpFilters

    def rows(self) -> QuerySet[FollowUp]:
        return FollowUp.objects.visible_to(self.viewer).select_related("person", "movement")

    @extend_schema(request=FollowUpPlanEntry, responses={201: FollowUpShape})
    def create(self, request: Request) -> Response:
        """Plan for somebody who agreed after the journey; answers with the first that is due."""
        said = self.sent(FollowUpPlanEntry)
        return self.written(lambda: self._plan(said))

    def _plan(self, said: dict[str, Any]) -> Answer:
        person = self.named(self.people(), "person", public_id=said["person"])
        rows = follow_ups.plan_of(person=person, by=self.viewer.actor, at=self.at)
        return self.made(self.rows().get(pk=min(rows, key=lambda row: row.due_on).pk))

    @extend_schema(request=ReachedEntry, responses={200: FollowUpDetail})
    @action(detail=True, methods=["post"])
    def reached(self, request: Request, **place: Any) -> Response:
        """Write down what the person said."""
        said = self.sent(ReachedEntry)
        row = self.get_object()
        return self.written(lambda: self._done(follow_ups.reached(follow_up=row, **said, **self._who)))

    @extend_schema(request=MissedEntry, responses={200: FollowUpDetail})
    @action(detail=True, methods=["post"])
    def missed(self, request: Request, **place: Any) -> Response:
        """Write down a call or visit that reached nobody."""
        said = self.sent(MissedEntry)
        row = self.get_object()
        return self.written(lambda: self._done(follow_ups.missed(follow_up=row, **said, **self._who)))

    @property
    def _who(self) -> dict[str, Any]:
        return {"by": self.viewer.actor, "at": self.at}

    def _done(self, row: FollowUp) -> Answer:
        return self.made(self.rows().get(pk=row.pk), status=200, shape=self.detail_class)


class ReintegrationShape(serializers.ModelSerializer[Reintegration]):
    """Who was asked to help a person to settle in, for what, and what they answered; nothing is sent by the house."""

    person = Pointer()
    organisation = Pointer("code")
    by = Actor()

    class Meta:
        model = Reintegration
        fields: tuple[str, ...] = REINTEGRATION


class ReintegrationDetail(ReintegrationShape):
    """One alone: the notes, and what came of it."""

    note = serializers.CharField(read_only=True, allow_null=True)
    answer_note = serializers.CharField(read_only=True, allow_null=True)
    outcome = serializers.CharField(read_only=True, allow_null=True)

    class Meta(ReintegrationShape.Meta):
        fields = (*REINTEGRATION, "note", "answer_note", "outcome")


class ReintegrationEntry(Entry):
    person = Reference()
    organisation = Text(max_length=40, help_text="code of the organisation to which the person said yes")
    service = Choice(choices=ReintegrationService.choices)
    referred_at = Moment()
    note = Text(required=False, allow_blank=True, max_length=NOTE)


class ReintegrationAnswerEntry(Entry):
    """`declined` needs a `note` and closes it."""

    said = Choice(choices=ReferralAnswer.choices)
    note = Text(required=False, allow_blank=True, max_length=NOTE)


class ReintegrationDoneEntry(Entry):
    outcome = Text(max_length=NOTE)


class ReintegrationStopEntry(Entry):
    note = Text(max_length=NOTE, help_text="who was told that the person took the yes back")


class Reintegrations(OfPeople):
    """Organisations that were asked to help people to settle in at home, each with the person's own yes to it."""

    doors = {**READ, "create": KEEP, "answer": KEEP, "finish": KEEP, "stop": KEEP}
    refusals = {reintegration.ReintegrationError: 422}
    serializer_class = ReintegrationShape
    detail_class = ReintegrationDetail
    filters = OfPerson

    def rows(self) -> QuerySet[Reintegration]:
        return Reintegration.objects.visible_to(self.viewer).select_related("person", "organisation")

    @extend_schema(request=ReintegrationEntry, responses={201: ReintegrationDetail})
    def create(self, request: Request) -> Response:
        """Ask an organisation to help."""
        said = self.sent(ReintegrationEntry)
        return self.written(lambda: self._refer(said))

    def _refer(self, said: dict[str, Any]) -> Answer:
        person = self.named(self.people(), "person", public_id=said.pop("person"))
        to = self.named(Organisation.objects.all(), "organisation", code=said.pop("organisation"))
        row = reintegration.refer(person=person, organisation=to, **said, by=self.viewer.actor, at=self.at)
        return self._shown(row, status=201)

    @extend_schema(request=ReintegrationAnswerEntry, responses={200: ReintegrationDetail})
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, **place: Any) -> Response:
        """Write down whether they accepted or declined."""
        said = self.sent(ReintegrationAnswerEntry)
        row = self.get_object()
        return self.written(
            lambda: self._shown(reintegration.answer(referral=row, **said, by=self.viewer.actor, at=self.at))
        )

    @extend_schema(request=ReintegrationDoneEntry, responses={200: ReintegrationDetail})
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, **place: Any) -> Response:
        """Write down what came of it; the organisation is shown nothing of the person any more."""
        said = self.sent(ReintegrationDoneEntry)
        row = self.get_object()
        return self.written(
            lambda: self._shown(reintegration.finish(referral=row, **said, by=self.viewer.actor, at=self.at))
        )

    @extend_schema(request=ReintegrationStopEntry, responses={200: ReintegrationDetail})
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, **place: Any) -> Response:
        """Close it once the organisation was told that the person took the yes back."""
        said = self.sent(ReintegrationStopEntry)
        row = self.get_object()
        return self.written(
            lambda: self._shown(reintegration.stop(referral=row, **said, by=self.viewer.actor, at=self.at))
        )

    def _shown(self, row: Reintegration, *, status: int = 200) -> Answer:
        return self.made(self.rows().get(pk=row.pk), status=status, shape=self.detail_class)
