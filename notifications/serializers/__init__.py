"""How notices, deliveries and answers look in the API. Addresses and letters stay inside."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.inbox import Entry as InboxEntry
from common.inbox import Inbox as InboxOfViewer
from common.serializers import Actor, Choice, Entry, Moment, Pointer, Reference, Text, Truth, Whole
from notifications import messages
from notifications.choosing import Step
from notifications.enums import WRITTEN_DOWN, CallOutcome, DeliveryState, Measure, NoticeState, StepKind
from notifications.models import (
    Acknowledgement,
    CallEntry,
    Delivery,
    EscalationPolicy,
    Notice,
    Objection,
    PolicyStep,
    WebhookPost,
    WebhookSubscription,
)
from partners.enums import ChannelKind


class WaitingShape(serializers.Serializer[InboxEntry]):
    """Where something waits: how many, since when the oldest does, how many are overdue, and the page on which it is done."""

    place = serializers.CharField(source="place.name")
    what = serializers.CharField(source="place.label")
    is_owed = serializers.BooleanField(source="place.owed", help_text="by a certain hour; the rest has time")
    count = serializers.IntegerField(source="waiting.count")
    since = serializers.DateTimeField(source="waiting.since", allow_null=True)
    overdue = serializers.IntegerField(source="waiting.overdue")
    url = serializers.CharField()


class InboxShape(serializers.Serializer[InboxOfViewer]):
    """What waits for the account that asks. `count` is the number of the bell: what is owed."""

    count = serializers.IntegerField()
    entries = WaitingShape(many=True)


class AcknowledgementShape(serializers.ModelSerializer[Acknowledgement]):
    """`has_letter`: a picture of the letter by which it was said is kept."""

    notice = Pointer()
    by = Actor()
    has_letter = serializers.SerializerMethodField()

    def get_has_letter(self, row: Acknowledgement) -> bool:
        return hasattr(row, "scan")

    class Meta:
        model = Acknowledgement
        fields = (
            "public_id",
            "notice",
            "at",
            "recorded_at",
            "name",
            "function",
            "answered_by",
            "reference",
            "note",
            "action_confirmed_at",
            "action_note",
            "by",
            "has_letter",
        )


class AcknowledgementEntry(Entry):
    """A named human of the organisation has the notice. Written down for another organisation: by phone or by letter."""

    notice = Reference()
    name = Text(max_length=120)
    function = Text(max_length=120)
    answered_by = Choice(
        choices=WRITTEN_DOWN,
        required=False,
        help_text="how another organisation answered; left out for one's own",
    )
    reference = Text(
        required=False, allow_blank=True, max_length=100, help_text="the number called, or the reference of the letter"
    )
    said_at = Moment(required=False, help_text="when it was said, if it is written down later")
    note = Text(required=False, allow_blank=True, max_length=300)
    action_confirmed = Truth(default=False, help_text="the organisation has acted: its post has been told")
    action_note = Text(required=False, allow_blank=True, max_length=300)


class ObjectionShape(serializers.ModelSerializer[Objection]):
    notice = Pointer()

    class Meta:
        model = Objection
        fields = ("public_id", "notice", "at", "text")


class ObjectionEntry(Entry):
    text = Text(max_length=2000, help_text="what is not right, in any language")


class ActedEntry(Entry):
    note = Text(required=False, allow_blank=True, max_length=300, help_text="what was done")


class CallShape(serializers.ModelSerializer[CallEntry]):
    """One line of the contact log: whom we called, on which number, with what outcome."""

    organisation = Pointer("code")
    notice = Pointer()
    by = Actor()

    class Meta:
        model = CallEntry
        fields = ("public_id", "organisation", "notice", "at", "number", "name", "function", "outcome", "note", "by")


class CallFilters(Entry):
    organisation = Text(source="organisation__code", required=False, max_length=40)
    notice = Reference(source="notice__public_id", required=False)


class CallLine(Entry):
    """A call that was made: about a notice, or with `organisation` about none. `acknowledged` acknowledges the notice."""

    notice = Reference(required=False)
    organisation = Text(required=False, max_length=40)
    number = Text(max_length=30, help_text="with its country code")
    outcome = Choice(choices=CallOutcome.choices)
    name = Text(required=False, allow_blank=True, max_length=120)
    function = Text(required=False, allow_blank=True, max_length=120)
    note = Text(required=False, allow_blank=True, max_length=2000)


class DueCallShape(serializers.Serializer[Any]):
    """An organisation to be called: the notice that it owes an answer to, since when, on which numbers, tried how often."""

    notice = serializers.UUIDField(source="notice.public_id")
    organisation = serializers.CharField(source="notice.organisation.code")
    due_at = serializers.DateTimeField()
    numbers = serializers.ListField(child=serializers.CharField())
    tries = serializers.IntegerField()


class SubscriptionShape(serializers.ModelSerializer[WebhookSubscription]):
    """A system of an organisation to which the public content of its alerts is posted; `kinds` are empty for all."""

    organisation = Pointer("code")

    class Meta:
        model = WebhookSubscription
        fields: tuple[str, ...] = (
            "public_id",
            "organisation",
            "url",
            "kinds",
            "made_at",
            "failing_since",
            "switched_off_at",
            "switched_off_why",
        )


class SubscriptionWithSecret(SubscriptionShape):
    """The same with the secret that signs, which is given out in this answer alone."""

    secret = serializers.CharField()

    class Meta(SubscriptionShape.Meta):
        fields = (*SubscriptionShape.Meta.fields, "secret")


class SubscriptionEntry(Entry):
    organisation = Text(max_length=40)
    url = Text(max_length=250, help_text="begins with https")
    kinds = serializers.ListField(child=Text(max_length=40), required=False, max_length=50)


class SwitchEntry(Entry):
    on = Truth()


class MessageShape(serializers.Serializer[Any]):
    """What the notice says, in the language of Accept-Language."""

    subject = serializers.CharField()
    text = serializers.CharField()


NOTICE = (
    "public_id",
    "alert",
    "alert_number",
    "kind",
    "about",
    "organisation",
    "state",
    "owed_since",
    "answered_at",
    "head_count",
    "acknowledgement",
)


class NoticeShape(serializers.ModelSerializer[Notice]):
    """One obligation of one organisation to know, with its answer. `about` names the crossing."""

    alert = Pointer()
    alert_number = serializers.IntegerField(source="alert.number", read_only=True)
    kind = serializers.CharField(source="alert.kind", read_only=True)
    about = serializers.CharField(source="alert.subject", read_only=True)
    organisation = Pointer("code")
    acknowledgement = serializers.SerializerMethodField()

    class Meta:
        model = Notice
        fields: tuple[str, ...] = NOTICE

    @extend_schema_field(AcknowledgementShape(allow_null=True))
    def get_acknowledgement(self, notice: Notice) -> Any:
        answer = getattr(notice, "acknowledgement", None)
        return None if answer is None else AcknowledgementShape(answer).data


class NoticeDetail(NoticeShape):
    """One notice alone, with its message."""

    message = serializers.SerializerMethodField()

    class Meta(NoticeShape.Meta):
        fields = (*NOTICE, "message")

    @extend_schema_field(MessageShape)
    def get_message(self, notice: Notice) -> dict[str, str]:
        said = messages.render(notice.alert, get_language() or "en", head_count=notice.head_count)
        return {"subject": said.subject, "text": said.text}


class NoticeFilters(Entry):
    state = Choice(choices=NoticeState.choices, required=False)
    organisation = Text(source="organisation__code", required=False, max_length=40)
    alert = Reference(source="alert__public_id", required=False)
    about = Text(source="alert__subject", required=False, max_length=80, help_text="crossing:KZ-UZ-01")


class DeliveryShape(serializers.ModelSerializer[Delivery]):
    notice = Pointer()
    contact = Pointer()

    class Meta:
        model = Delivery
        fields = (
            "public_id",
            "notice",
            "contact",
            "channel_kind",
            "language",
            "purpose",
            "state",
            "reason",
            "tries",
            "queued_at",
            "handed_over_at",
            "delivered_at",
            "answered_at",
        )


class DeliveryFilters(Entry):
    notice = Reference(source="notice__public_id", required=False)
    alert = Reference(source="notice__alert__public_id", required=False)
    state = Choice(choices=DeliveryState.choices, required=False)


class AcknowledgementFilters(Entry):
    notice = Reference(source="notice__public_id", required=False)
    alert = Reference(source="notice__alert__public_id", required=False)


class WebhookPostShape(serializers.ModelSerializer[WebhookPost]):
    subscription = Pointer()
    alert = Pointer()
    organisation = Pointer("code", source="subscription.organisation")
    url = serializers.URLField(source="subscription.url", read_only=True)

    class Meta:
        model = WebhookPost
        fields = (
            "public_id",
            "subscription",
            "organisation",
            "url",
            "alert",
            "body",
            "state",
            "answer",
            "tries",
            "queued_at",
            "handed_over_at",
        )


class WebhookPostFilters(Entry):
    subscription = Reference(source="subscription__public_id", required=False)
    alert = Reference(source="alert__public_id", required=False)
    state = Choice(choices=DeliveryState.choices, required=False)


class PolicyStepShape(serializers.ModelSerializer[PolicyStep]):
    class Meta:
        model = PolicyStep
        fields = ("after", "kind", "function", "channel_kind")


class PolicyShape(serializers.ModelSerializer[EscalationPolicy]):
    """What follows when nobody answers: for the notices of `mission` and of `kind`; empty means all."""

    mission = Pointer()
    steps = PolicyStepShape(many=True, read_only=True)
    by = Actor()

    class Meta:
        model = EscalationPolicy
        fields = ("public_id", "name", "mission", "kind", "measure", "steps", "made_at", "by", "ended_at")


class PolicyFilters(Entry):
    kind = Text(required=False, allow_blank=True, max_length=40)


class PolicyStepEntry(Entry):
    after = Whole(min_value=1, max_value=100_000, help_text="minutes after the organisation was told, or per cent")
    kind = Choice(choices=StepKind.choices)
    function = Text(required=False, allow_blank=True, max_length=120)
    channel_kind = Choice(choices=ChannelKind.choices, required=False)


class PlanEntry(Entry):
    """Steps to be foreseen: for one organisation, and where somebody is hit soon."""

    measure = Choice(choices=Measure.choices, default=Measure.MINUTES)
    steps = PolicyStepEntry(many=True)
    organisation = Text(required=False, max_length=40, help_text="code of an organisation whose desks are named")
    first_concerned_at = Moment(required=False, help_text="when the first crossing concerned is planned")


class PolicyEntry(Entry):
    """A policy that was foreseen: `foreseen` is what foreseeing the same steps answered."""

    name = Text(max_length=120)
    mission = Reference(required=False)
    kind = Text(required=False, allow_blank=True, max_length=40)
    measure = Choice(choices=Measure.choices, default=Measure.MINUTES)
    steps = PolicyStepEntry(many=True)
    foreseen = Text(max_length=32)


class ForeseenShape(serializers.Serializer[Any]):
    """What would happen at an hour if nobody answered."""

    due_at = serializers.DateTimeField()
    words = serializers.CharField()


class PlanShape(serializers.Serializer[Any]):
    """Hour by hour; `foreseen` is sent along when exactly these steps are saved."""

    foreseen = serializers.CharField()
    hours = ForeseenShape(many=True)


def steps_said(said: dict[str, Any]) -> list[Step]:
    """The steps of a body as the domain takes them."""
    by_share = said["measure"] == Measure.PERCENT
    return [
        Step(
            row["kind"],
            seconds=0 if by_share else row["after"] * 60,
            share=row["after"] / 100 if by_share else 0.0,
            function=row.get("function", ""),
            channel=row.get("channel_kind", ""),
        )
        for row in said["steps"]
    ]
