"""What happens next, and when, if an organisation does not answer. Stored due times, ended under the notice's lock."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from common.personal_data import classified
from notifications.enums import StepKind, StepState
from notifications.models.alerts import Notice


@classified(public="notice kind due_at state settled_at")
class EscalationStep(models.Model):
    """`due_at` is business time; the escalating task takes every pending step whose hour has come."""

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=20, choices=StepKind)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=StepState, default=StepState.PENDING)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at"]
        constraints = [models.UniqueConstraint(fields=["notice", "kind"], name="one_step_of_a_kind")]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="pending"), name="steps_pending")]
