"""Who must know, how each was reached, and who has answered: as on the pages, a partner sees its own notices only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from common import clock
from common.idempotency import Answer
from common.inbox import inbox_of
from common.problems import FieldProblem
from notifications.acknowledgements import AnswerError, WrittenDown, acknowledge
from notifications.again import AgainError, try_again
from notifications.calls import on_behalf
from notifications.enums import AnsweredBy
from notifications.models import Acknowledgement, Delivery, EscalationPolicy, Notice, WebhookPost
from notifications.policies import PolicyError, end_policy, save_policy, simulate
from notifications.readers import alerts_for, missions_planned_by, policies_of, policies_planned_by
from notifications.schedule import fingerprint
from notifications.serializers import (
    AcknowledgementEntry,
    AcknowledgementFilters,
    AcknowledgementShape,
    DeliveryFilters,
    DeliveryShape,
    InboxShape,
    NoticeDetail,
    NoticeFilters,
    NoticeShape,
    PlanEntry,
    PlanShape,
    PolicyEntry,
    PolicyFilters,
    PolicyShape,
    WebhookPostFilters,
    WebhookPostShape,
    steps_said,
)
from notifications.webhooks.posts import ReplayError, replay
from partners.access import Permission, Viewer
from partners.api import Resource
from partners.models import Organisation

PLAN = {Permission.CALL_PARTNERS, Permission.MANAGE_DIRECTORY}
PLAN_READ = {Permission.SEE_NOTICES, Permission.MANAGE_DIRECTORY}
READ = {Permission.SEE_NOTICES, Permission.SEE_OWN_NOTICES}


def notices_for(viewer: Viewer) -> QuerySet[Notice]:
    """Notices of the alerts that the viewer may see, and those of its own organisations where its role reads them."""
    own = viewer.organisations if viewer.may(Permission.SEE_OWN_NOTICES) else ()
    reached = Q(alert__in=alerts_for(viewer)) | Q(organisation__in=own)
    return Notice.objects.filter(reached).select_related("alert", "organisation", "acknowledgement__notice")


class Notices(Resource):
    """Organisations that must know of something, since when, and whether a named human of theirs has it."""

    doors = {"list": READ, "retrieve": READ}
    serializer_class = NoticeShape
    detail_class = NoticeDetail
    filters = NoticeFilters

    def rows(self) -> QuerySet[Notice]:
        return notices_for(self.viewer)


class Deliveries(Resource):
    """Every try to reach a desk: over which channel, in which language, and what came of it."""

    doors = {
        "list": {Permission.SEE_NOTICES},
        "retrieve": {Permission.SEE_NOTICES},
        "again": {Permission.CALL_PARTNERS},
    }
    serializer_class = DeliveryShape
    filters = DeliveryFilters
    refusals = {AgainError: 409}

    def rows(self) -> QuerySet[Delivery]:
        rows = Delivery.objects.filter(notice__alert__in=alerts_for(self.viewer))
        return rows.select_related("notice", "contact").defer("payload", "address")

    @extend_schema(request=None, responses=DeliveryShape)
    @action(detail=True, methods=["post"])
    def again(self, request: Request, **place: Any) -> Response:
        """Send once more what failed or came back: the same message, with the same link."""
        delivery = self.get_object()
        return self.written(lambda: self._again(delivery))

    def _again(self, delivery: Delivery) -> Answer:
        again = try_again(delivery=delivery, by=self.viewer.actor, at=self.at, real_at=clock.real_now())
        return self.made(self.rows().get(pk=again.pk), status=200)


class Acknowledgements(Resource):
    """Answers of organisations. The first one stands; a second POST gives it back unchanged."""

    doors = {"list": READ, "retrieve": READ, "create": READ}
    serializer_class = AcknowledgementShape
    filters = AcknowledgementFilters
    refusals = {AnswerError: 422}

    def rows(self) -> QuerySet[Acknowledgement]:
        return Acknowledgement.objects.filter(notice__in=notices_for(self.viewer)).select_related("notice")

    @extend_schema(request=AcknowledgementEntry, responses={201: AcknowledgementShape, 200: AcknowledgementShape})
    def create(self, request: Request) -> Response:
        """Acknowledge a notice of one's own organisation, or write down what another one answered by phone or letter."""
        said = self.sent(AcknowledgementEntry)
        return self.written(lambda: self._acknowledge(said))

    def _acknowledge(self, said: dict[str, Any]) -> Answer:
        organisations = self.viewer.organisations
        writable = notices_for(self.viewer)
        if not self.viewer.may(Permission.CALL_PARTNERS):
            writable = writable.filter(organisation__in=organisations)
        notice = self.named(writable, "notice", public_id=said.pop("notice"))
        by, how = self.viewer.actor, said.pop("answered_by", None)
        if notice.organisation not in organisations:
            if how is None:
                raise FieldProblem("answered_by", _("Say how the organisation answered: phone or letter."))
            by = on_behalf(by, name=said["name"], function=said["function"], organisation=notice.organisation)
        elif unfit := [name for name in ("reference", "said_at") if said.get(name)] or (
            [] if how is None else ["answered_by"]
        ):
            raise FieldProblem(unfit[0], _("Only a colleague who writes another organisation's answer down says this."))
        written = WrittenDown(
            reference=said.pop("reference", ""), said_at=said.pop("said_at", None), note=said.pop("note", "")
        )
        first = Acknowledgement.objects.filter(notice=notice).exists()
        answer = acknowledge(
            notice=notice, answered_by=how or AnsweredBy.PAGE, written_down=written, by=by, at=self.at, **said
        )
        return self.made(answer, status=200 if first else 201)


class Inbox(Resource):
    """What waits for the account that asks, counted where it lies."""

    doors = {"read": set(Permission)}
    serializer_class = InboxShape

    @extend_schema(responses=InboxShape)
    def read(self, request: Request) -> Response:
        """What waits for the account that asks: what is owed, then what has time."""
        self.asked(None)
        return Response(InboxShape(inbox_of(self.viewer, at=self.at)).data)


class WebhookPosts(Resource):
    """What was posted to the systems of organisations that subscribed, and what came of it."""

    doors = {name: {Permission.MANAGE_DIRECTORY} for name in ("list", "retrieve", "again")}
    serializer_class = WebhookPostShape
    filters = WebhookPostFilters
    refusals = {ReplayError: 409}

    def rows(self) -> QuerySet[WebhookPost]:
        return WebhookPost.objects.select_related("subscription__organisation", "alert")

    @extend_schema(request=None, responses=WebhookPostShape)
    @action(detail=True, methods=["post"])
    def again(self, request: Request, **place: Any) -> Response:
        """Post it once more: the same body under the same `webhook-id`."""
        post = self.get_object()
        return self.written(lambda: self._again(post))

    def _again(self, post: WebhookPost) -> Answer:
        replay(post=post, by=self.viewer.actor, at=self.at, real_at=clock.real_now())
        return self.made(self.rows().get(pk=post.pk), status=200)


class Policies(Resource):
    """What follows when an organisation does not answer. It is foreseen before it is saved, and ended, never rewritten."""

    doors = {"list": PLAN_READ, "retrieve": PLAN_READ, "create": PLAN, "foresee": PLAN, "end": PLAN}
    serializer_class = PolicyShape
    filters = PolicyFilters
    refusals = {PolicyError: 422}

    def rows(self) -> QuerySet[EscalationPolicy]:
        return policies_of(self.viewer)

    @extend_schema(request=PlanEntry, responses={200: PlanShape})
    @action(detail=False, methods=["post"], pagination_class=None)
    def foresee(self, request: Request) -> Response:
        """Say hour by hour what would happen if a notice went out now and nobody answered; nothing is stored."""
        said = self.sent(PlanEntry)
        steps, organisation = steps_said(said), None
        if "organisation" in said:
            organisation = self.named(Organisation.objects.all(), "organisation", code=said["organisation"])
        hours = simulate(
            steps=steps,
            organisation=organisation,
            expires_at=self.at + timedelta(days=2),
            first_concerned_at=said.get("first_concerned_at"),
            at=self.at,
        )
        return Response(PlanShape({"foreseen": fingerprint(steps), "hours": hours}).data)

    @extend_schema(request=PolicyEntry, responses={201: PolicyShape})
    def create(self, request: Request) -> Response:
        """Put a policy into force for notices sent from now on; the one before it for the same mission and kind ends."""
        said = self.sent(PolicyEntry)
        return self.written(lambda: self._save(said))

    def _save(self, said: dict[str, Any]) -> Answer:
        missions, mission = missions_planned_by(self.viewer), None
        if "mission" in said or not self.viewer.may(Permission.MANAGE_DIRECTORY):
            mission = self.named(missions, "mission", public_id=said.get("mission"))
        policy = save_policy(
            name=said["name"],
            mission=mission,
            kind=said.get("kind", ""),
            steps=steps_said(said),
            foreseen=said["foreseen"],
            by=self.viewer.actor,
            at=self.at,
        )
        return self.made(policy)

    @extend_schema(request=None, responses={200: PolicyShape})
    @action(detail=True, methods=["post"])
    def end(self, request: Request, **place: Any) -> Response:
        """Take a policy out of force; notices that were sent under it keep their steps."""
        policy = get_object_or_404(policies_planned_by(self.viewer), **place)
        return self.written(lambda: self.made(end_policy(policy=policy, by=self.viewer.actor, at=self.at), status=200))


RESOURCES: dict[str, type[Resource]] = {
    "notices": Notices,
    "deliveries": Deliveries,
    "acknowledgements": Acknowledgements,
    "webhook-posts": WebhookPosts,
    "escalation-policies": Policies,
}
