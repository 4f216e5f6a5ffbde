"""How notices, deliveries and answers look in the API. Addresses and letters stay inside."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.inbox import Entry as InboxEntry
from common.inbox import Inbox as InboxOfViewer
from common.serializers import Actor, Choice, Entry, Pointer, Reference, Text, Truth
from notifications import messages
from notifications.enums import WRITTEN_DOWN, DeliveryState, NoticeState
from notifications.models import Acknowledgement, Delivery, Notice, WebhookPost


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
    notice = Pointer()
    by = Actor()

    class Meta:
        model = Acknowledgement
        fields = (
            "public_id",
            "notice",
            "at",
            "name",
            "function",
            "answered_by",
            "action_confirmed_at",
            "action_note",
            "by",
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
    action_confirmed = Truth(default=False, help_text="the organisation has acted: its post has been told")
    action_note = Text(required=False, allow_blank=True, max_length=300)


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
