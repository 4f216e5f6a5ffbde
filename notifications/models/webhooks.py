"""Webhooks for the systems of an organisation: what it subscribed to, and each post with what came of it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import SealedTextField
from notifications.enums import DeliveryState
from notifications.models.alerts import Alert


@classified(
    public="organisation url kinds former_until made_at switched_off_at switched_off_why told_at failing_since",
    personal="by",
    confidential="secret former_secret",
)
class WebhookSubscription(models.Model):
    """An address to which the public content of an organisation's alerts is posted, signed (Standard Webhooks).

    `kinds` are kinds of alerts, empty for all. While a secret is exchanged both sign, until `former_until`. That hour and
    `failing_since`, when the address began to fail without a break, are wall time.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="webhooks")
    url = models.URLField(max_length=250)
    secret = SealedTextField()
    former_secret = SealedTextField(null=True)
    former_until = models.DateTimeField(null=True, blank=True)
    kinds = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField()
    switched_off_at = models.DateTimeField(null=True, blank=True)
    switched_off_why = models.CharField(max_length=300, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    by = ActorField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "url"],
                name="one_subscription_per_address",
                violation_error_message=_("This organisation has a subscription with this address already."),
            )
        ]


@classified(public="subscription alert body state answer tries due_at claimed_until queued_at handed_over_at")
class WebhookPost(models.Model):
    """One alert for one subscription. `body` is what was signed, byte for byte; it names nobody and opens nothing.

    `due_at` and `claimed_until` are wall time.
    """

    channel_kind: ClassVar[str] = "subscription"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subscription = models.ForeignKey(WebhookSubscription, on_delete=models.CASCADE, related_name="posts")
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    state = models.CharField(max_length=20, choices=DeliveryState, default=DeliveryState.QUEUED)
    answer = models.CharField(max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "alert"], name="one_post_per_alert_and_subscription")
        ]
        indexes = [
            models.Index(
                fields=["subscription", "due_at"],
                condition=Q(state__in=["queued", "in_flight"]),
                name="posts_open_of_each",
            )
        ]
