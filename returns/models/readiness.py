"""Derived rows: the last judgement of each case, and the counts of the board. No history; findings that count are frozen."""

from __future__ import annotations

from django.db import models

from common.personal_data import classified
from corridors.models import BorderCrossing
from returns.models.cases import ReturnCase


class CaseReadinessQuerySet(models.QuerySet["CaseReadiness"]):
    def standing(self) -> CaseReadinessQuerySet:
        """Of cases that are open, each person once: a merge leaves an open case with the record that was taken in."""
        return self.filter(case__closed_at__isnull=True, case__person__merged_into__isnull=True)


@classified(public="judged_for late_for judged_at recheck_at", sensitive="case verdict worst findings")
class CaseReadiness(models.Model):
    """`verdict` is `ready | not_ready | unknown`, `worst` the worst verdict of `findings`, which maps each requirement
    version's public id, each house rule and the plan to a verdict.

    `judged_for` is the planned hour at the barrier and `late_for` the end of the likely queue; without a plan both are null.
    """

    case = models.OneToOneField(ReturnCase, on_delete=models.CASCADE, primary_key=True, related_name="readiness")
    judged_for = models.DateTimeField(null=True)
    late_for = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=10)
    worst = models.CharField(max_length=10)
    findings = models.JSONField(default=dict)
    judged_at = models.DateTimeField()
    recheck_at = models.DateTimeField(null=True)

    objects = CaseReadinessQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["recheck_at"], name="readiness_to_recheck")]


@classified(public="crossing from_country to_country verdict people")
class BoardCount(models.Model):
    """How many people of each worst finding wait at a crossing in a direction; heads not registered count as unknown."""

    crossing = models.ForeignKey(BorderCrossing, on_delete=models.CASCADE, related_name="board_counts")
    from_country = models.CharField(max_length=3)
    to_country = models.CharField(max_length=3)
    verdict = models.CharField(max_length=10)
    people = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["crossing", "from_country", "to_country", "verdict"], name="one_count_per_verdict"
            )
        ]
