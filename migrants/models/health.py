"""Health tests: evidence that stays inside IOM; partners learn only “meets the requirement until …” (rule 10)."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from common.actors import ActorField
from common.personal_data import classified
from migrants.enums import TestKind, TestResult
from migrants.models.people import Migrant


@classified(
    public="mission recorded_at assessed_at replaces replaced_at",
    sensitive="person kind result sampled_at result_at laboratory by",
)
class HealthTest(models.Model):
    """Its clock starts at `sampled_at` (rule 28); `result_at` is when the result was known, null while it is awaited or where
    nobody said. `assessed_at` is null until the floor above has judged its case anew.

    A result that comes later, or corrects an earlier one, is a row of its own that `replaces` it; neither is changed, but for
    `replaced_at`, which the database keeps: when the other was recorded.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="tests", db_index=False)
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=TestKind)
    result = models.CharField(max_length=20, choices=TestResult)
    sampled_at = models.DateTimeField()
    result_at = models.DateTimeField(null=True, blank=True)
    laboratory = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    assessed_at = models.DateTimeField(null=True, blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    replaced_at = models.DateTimeField(null=True, blank=True, editable=False)
    by = ActorField()

    class Meta:
        ordering = ["-sampled_at"]
        indexes = [
            models.Index(fields=["recorded_at"], condition=Q(assessed_at__isnull=True), name="tests_not_yet_assessed"),
            models.Index(
                fields=["person"],
                include=["kind", "result", "sampled_at", "recorded_at", "replaced_at"],
                name="tests_of_a_person",
            ),  # who is judged anew has their tests looked at, and the index has all that is asked of them
        ]
