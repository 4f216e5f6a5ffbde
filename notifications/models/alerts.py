"""Something happened (an alert), and each organisation that must know owes an answer (a notice)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from notifications.enums import NoticeState


class AlertQuerySet(models.QuerySet["Alert"]):
    def standing(self) -> AlertQuerySet:
        """Those whose place no newer alert has taken."""
        return self.filter(superseded_by__isnull=True)

    def newest_standing(self) -> Alert | None:
        """The newest of those that stand, whose place the next one takes; None where none stands."""
        return self.standing().order_by("-number").first()


@classified(
    public="number kind source subject context raised_at raised_by first_concerned_at supersedes expires_at plan"
)
class Alert(models.Model):
    """`source` makes raising idempotent (`requirement-version:<uuid>`); `context` holds plain values for the message,
    never a person; `first_concerned_at` is the earliest hour at which somebody is hit. `plan` is the escalation policy as it
    stood when the alert was raised (`notifications.schedule`).
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.PositiveIntegerField(unique=True)
    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=100, unique=True)
    subject = models.CharField(max_length=80)
    context = models.JSONField()
    raised_at = models.DateTimeField()
    raised_by = ActorField()
    first_concerned_at = models.DateTimeField(null=True, blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    expires_at = models.DateTimeField()
    plan = models.JSONField(default=list, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        indexes = [models.Index(fields=["subject", "raised_at"], name="alert_by_subject")]

    def __str__(self) -> str:
        return f"{self.number}"


@classified(public="alert organisation state owed_since answered_at head_count")
class Notice(models.Model):
    """One obligation of one organisation. `head_count` is set only where it serves the halt or the transit."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="notices")
    organisation = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="notices")
    state = models.CharField(max_length=20, choices=NoticeState, default=NoticeState.OWED)
    owed_since = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    head_count = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alert", "organisation"], name="one_notice_per_organisation"),
            models.CheckConstraint(
                condition=Q(state=NoticeState.ACKNOWLEDGED, answered_at__isnull=False)
                | (~Q(state=NoticeState.ACKNOWLEDGED) & Q(answered_at__isnull=True)),
                name="acknowledged_notice_has_its_hour",
                violation_error_message=_("A notice is acknowledged at an hour, or not at all."),
            ),
        ]
        indexes = [models.Index(fields=["organisation"], condition=Q(state="owed"), name="notices_owed")]
