"""One try to reach one contact over one channel. The row is the queue: claimed with a lease, never lost."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from common.personal_data import classified
from common.sealed import SealedTextField
from notifications.enums import DeliveryPurpose, DeliveryState
from notifications.models.alerts import Alert, Notice


@classified(public="alert language head_count is_reminder written_at", confidential="content")
class Letter(models.Model):
    """What all letters of an alert in one language say alike, as it was rendered at `written_at` (business time), with marks
    where the recipient's own belongs (`notifications.letters`). It is never changed, only emptied when its time is over.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="letters")
    language = models.CharField(max_length=8)
    head_count = models.PositiveIntegerField(null=True, blank=True)
    is_reminder = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    content = SealedTextField(null=True)


@classified(public="alert notices since due_at")
class Unwritten(models.Model):
    """Notices (keys) of a large alert whose messages a worker has still to write. The row is the queue, and goes when they
    are written; `since` and `due_at` are wall time.
    """

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="unwritten")
    notices = models.JSONField()
    since = models.DateTimeField()
    due_at = models.DateTimeField()


@classified(
    public="notice contact letter channel_kind language purpose step state reason message_id tries due_at claimed_until"
    " queued_at handed_over_at delivered_at answered_at provider_ref real_queued_at real_handed_over_at",
    personal="address",
    confidential="payload",
)
class Delivery(models.Model):
    """`payload` is the message as it was when it was queued: a retry repeats it byte for byte. Of a mail it is what its
    recipient alone has, and the rest stands in its `letter`; without one, as of other channels, it is the whole.

    `provider_ref` is what the operator calls it in later words about it; `answered_at` when something came back that no
    named human had signed: an out-of-office answer, a reply in a chat, the 200 of a webhook. It ends nothing.

    `queued_at` and `handed_over_at` are business time; `due_at`, `claimed_until` and the `real_` pair wall time, because
    leases, retries and latency never follow the demonstration clock. `step` is the place of the escalation step that sent it,
    0 of the first message.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    contact = models.ForeignKey("partners.Contact", on_delete=models.PROTECT, related_name="+")
    channel_kind = models.CharField(max_length=10)
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=8)
    purpose = models.CharField(max_length=20, choices=DeliveryPurpose)
    step = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=20, choices=DeliveryState, default=DeliveryState.QUEUED)
    reason = models.CharField(max_length=300, blank=True)
    message_id = models.CharField(max_length=200)
    payload = SealedTextField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField()
    real_queued_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True, blank=True)
    real_handed_over_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    provider_ref = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["queued", "in_flight"]), name="deliveries_open"),
            models.Index(
                fields=["queued_at"], condition=Q(state__in=["failed", "bounced"]), name="deliveries_gone_wrong"
            ),
            models.Index(fields=["provider_ref"], condition=~Q(provider_ref=""), name="deliveries_by_provider"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["message_id"], name="one_delivery_of_a_message_id"),
            models.UniqueConstraint(
                fields=["notice", "contact", "channel_kind", "address", "step"], name="one_delivery_per_step"
            ),
        ]


@classified(public="at delivery outcome answer")
class DeliveryAttempt(models.Model):
    """What came back from the transport, once per try. Partitioned by month; nothing points at it."""

    pk = models.CompositePrimaryKey("id", "at")
    id = models.UUIDField(default=uuid.uuid4)
    at = models.DateTimeField()
    delivery = models.UUIDField()
    outcome = models.CharField(max_length=20, choices=DeliveryState)
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["delivery", "at"], name="attempts_by_delivery")]
