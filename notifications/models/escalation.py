"""What happens next, and when, if an organisation does not answer. Stored due times, ended under the notice's lock."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from notifications.enums import Measure, StepKind, StepState
from notifications.models.alerts import Notice


@classified(public="notice kind due_at state settled_at position function channel_kind")
class EscalationStep(models.Model):
    """`due_at` is business time; the escalating task takes every pending step whose hour has come.

    What it asks, and over what, was frozen when the organisation was told: a policy changed later changes nothing here.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="steps", db_index=False)
    kind = models.CharField(max_length=20, choices=StepKind)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=StepState, default=StepState.PENDING)
    settled_at = models.DateTimeField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=1)
    function = models.CharField(max_length=120, blank=True)
    channel_kind = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["due_at", "position"]
        constraints = [models.UniqueConstraint(fields=["notice", "position"], name="one_step_at_a_place")]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="pending"), name="steps_pending")]


@classified(public="name mission kind measure made_at by ended_at")
class EscalationPolicy(models.Model):
    """What follows when nobody answers, for alerts of a mission, of a kind, or all (blank). It is ended, never rewritten."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=120)
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=40, blank=True)
    measure = models.CharField(max_length=10, choices=Measure, default=Measure.MINUTES)
    made_at = models.DateTimeField()
    by = ActorField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "kind"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="one_policy_in_force",
                violation_error_message=_("Another policy for the same mission and kind is in force; end it first."),
            )
        ]


@classified(public="policy position kind after function channel_kind")
class PolicyStep(models.Model):
    """One step of a policy: `after` so many minutes or per cent, whom (`kind`, `function`), over what (blank: any)."""

    policy = models.ForeignKey(EscalationPolicy, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=StepKind)
    after = models.PositiveIntegerField()
    function = models.CharField(max_length=120, blank=True)
    channel_kind = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["policy", "position"], name="one_policy_step_at_a_place")]
