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
from notifications.acknowledgements import AnswerError, WrittenDown, acknowledge, confirm_action, object_to
from notifications.again import AgainError, try_again
from notifications.calls import call_list, log_call, on_behalf
from notifications.enums import AnsweredBy
from notifications.messages import known_kinds
from notifications.models import (
    Acknowledgement,
    CallEntry,
    Delivery,
    EscalationPolicy,
    Notice,
    WebhookPost,
    WebhookSubscription,
)
from notifications.policies import PolicyError, end_policy, save_policy, simulate
from notifications.readers import alerts_for, missions_planned_by, own_notices, policies_of, policies_planned_by
from notifications.schedule import fingerprint
from notifications.serializers import (
    AcknowledgementEntry,
    AcknowledgementFilters,
    AcknowledgementShape,
    ActedEntry,
    CallFilters,
    CallLine,
    CallShape,
    DeliveryFilters,
    DeliveryShape,
    DueCallShape,
    InboxShape,
    NoticeDetail,
    NoticeFilters,
    NoticeShape,
    ObjectionEntry,
    ObjectionShape,
    PlanEntry,
    PlanShape,
    PolicyEntry,
    PolicyFilters,
    PolicyShape,
    SubscriptionEntry,
    SubscriptionShape,
    SubscriptionWithSecret,
    SwitchEntry,
    WebhookPostFilters,
    WebhookPostShape,
    steps_said,
)
from notifications.webhooks.posts import ReplayError, replay
from notifications.webhooks.subscriptions import SubscriptionError, rotate, subscribe, switch
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
    rows = Notice.objects.filter(reached).select_related("alert", "organisation", "acknowledgement__notice")
    return rows.select_related("acknowledgement__scan").defer("acknowledgement__scan__content")


class Notices(Resource):
    """Organisations that must know of something, since when, and whether a named human of theirs has it."""

    doors = {
        "list": READ,
        "retrieve": READ,
        "contradict": {Permission.SEE_OWN_NOTICES},
        "confirm": {Permission.SEE_OWN_NOTICES},
    }
    serializer_class = NoticeShape
    detail_class = NoticeDetail
    filters = NoticeFilters
    refusals = {AnswerError: 422}

    def rows(self) -> QuerySet[Notice]:
        return notices_for(self.viewer)

    @extend_schema(request=ObjectionEntry, responses={201: ObjectionShape})
    @action(detail=True, methods=["post"])
    def contradict(self, request: Request, **place: Any) -> Response:
        """Say what is not right in a notice of one's own organisation. It acknowledges nothing; said twice it is said once."""
        said = self.sent(ObjectionEntry)
        notice = get_object_or_404(own_notices(self.viewer), **place)
        return self.written(
            lambda: self.made(object_to(notice=notice, by=self.viewer.actor, at=self.at, **said), shape=ObjectionShape)
        )

    @extend_schema(request=ActedEntry, responses={200: AcknowledgementShape})
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, **place: Any) -> Response:
        """Say that one's own organisation has acted on what it acknowledged; the first confirmation stands."""
        said = self.sent(ActedEntry)
        notice = get_object_or_404(own_notices(self.viewer), **place)
        return self.written(
            lambda: self.made(
                confirm_action(notice=notice, by=self.viewer.actor, at=self.at, **said),
                status=200,
                shape=AcknowledgementShape,
            )
        )


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
        rows = Acknowledgement.objects.filter(notice__in=notices_for(self.viewer))
        return rows.select_related("notice", "scan").defer("scan__content")

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
        elif unfit := [name for name in ("reference", "said_at", "letter") if said.get(name)] or (
            [] if how is None else ["answered_by"]
        ):
            raise FieldProblem(unfit[0], _("Only a colleague who writes another organisation's answer down says this."))
        written = WrittenDown(
            reference=said.pop("reference", ""),
            said_at=said.pop("said_at", None),
            note=said.pop("note", ""),
            scan=said.pop("letter", None),
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


class Webhooks(Resource):
    """Systems of organisations to which the public content of their alerts is posted, signed."""

    doors = {name: {Permission.MANAGE_DIRECTORY} for name in ("list", "retrieve", "create", "rotate", "switch")}
    serializer_class = SubscriptionShape
    refusals = {SubscriptionError: 422}

    def rows(self) -> QuerySet[WebhookSubscription]:
        return WebhookSubscription.objects.select_related("organisation")

    @extend_schema(request=SubscriptionEntry, responses={201: SubscriptionWithSecret})
    def create(self, request: Request) -> Response:
        """Subscribe a system of an organisation. The answer holds the secret, which is given out this once."""
        said = self.sent(SubscriptionEntry)
        return self.written(lambda: self._subscribe(said))

    def _subscribe(self, said: dict[str, Any]) -> Answer:
        organisation = self.named(Organisation.objects.all(), "organisation", code=said.pop("organisation"))
        if unknown := set(said.get("kinds", ())) - set(known_kinds()):
            raise FieldProblem(
                "kinds", _("There is no such kind of notice: %(kinds)s.") % {"kinds": ", ".join(unknown)}
            )
        row, _secret = subscribe(organisation=organisation, by=self.viewer.actor, at=self.at, **said)
        return self.made(row, shape=SubscriptionWithSecret)

    @extend_schema(request=None, responses={200: SubscriptionWithSecret})
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, **place: Any) -> Response:
        """Exchange the secret: the answer holds the new one; the former signs beside it for a day."""
        row = self.get_object()
        return self.written(lambda: self._rotate(row))

    def _rotate(self, row: WebhookSubscription) -> Answer:
        rotate(subscription=row, by=self.viewer.actor, at=self.at, real_at=clock.real_now())
        return self.made(self.rows().get(pk=row.pk), status=200, shape=SubscriptionWithSecret)

    @extend_schema(request=SwitchEntry, responses={200: SubscriptionShape})
    @action(detail=True, methods=["post"])
    def switch(self, request: Request, **place: Any) -> Response:
        """Switch it on or off; what is already so stays."""
        said, row = self.sent(SwitchEntry), self.get_object()
        return self.written(lambda: self._switch(row, said))

    def _switch(self, row: WebhookSubscription, said: dict[str, Any]) -> Answer:
        switch(subscription=row, on=said["on"], by=self.viewer.actor, at=self.at)
        return self.made(self.rows().get(pk=row.pk), status=200)


class Calls(Resource):
    """The contact log: whom we called at which institution, and what came of it."""

    doors = {name: {Permission.CALL_PARTNERS} for name in ("list", "retrieve", "create", "due")}
    serializer_class = CallShape
    filters = CallFilters
    refusals = {AnswerError: 422}

    def rows(self) -> QuerySet[CallEntry]:
        return CallEntry.objects.select_related("organisation", "notice")

    @extend_schema(responses={200: DueCallShape(many=True)}, filters=False)
    @action(detail=False, pagination_class=None)
    def due(self, request: Request) -> Response:
        """Whom to call now, the longest waiting first."""
        visible = set(alerts_for(self.viewer).values_list("pk", flat=True)) if self.viewer.crossings else None
        lines = [
            {
                "notice": call.notice,
                "due_at": call.due_at,
                "numbers": [channel.address for channel in call.numbers],
                "tries": len(call.tries),
            }
            for call in call_list(at=self.at)
            if visible is None or call.notice.alert_id in visible
        ]
        return Response(DueCallShape(lines, many=True).data)

    @extend_schema(request=CallLine, responses={201: CallShape})
    def create(self, request: Request) -> Response:
        """Write a call down. One about a notice with the outcome `acknowledged` acknowledges it for who was reached."""
        said = self.sent(CallLine)
        return self.written(lambda: self._log(said))

    def _log(self, said: dict[str, Any]) -> Answer:
        notice, code = None, said.pop("organisation", "")
        if "notice" in said:
            about = Notice.objects.filter(alert__in=alerts_for(self.viewer)).select_related("alert", "organisation")
            notice = self.named(about, "notice", public_id=said.pop("notice"))
        organisation = (
            notice.organisation if notice else self.named(Organisation.objects.all(), "organisation", code=code)
        )
        function = said.pop("function", "")
        return self.made(
            log_call(
                organisation=organisation, notice=notice, function=function, by=self.viewer.actor, at=self.at, **said
            )
        )


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
    "calls": Calls,
    "webhooks": Webhooks,
    "webhook-posts": WebhookPosts,
    "escalation-policies": Policies,
}
