"""Derived rows: the last judgement of each case, and the counts of the board. No history; findings that count are frozen."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Func, Value

from common.personal_data import classified
from corridors.models import BorderCrossing, Passage, RuleSet
from returns.enums import OWN_CONDITIONS, Verdict
from returns.models.cases import ReturnCase


class CaseReadinessQuerySet(models.QuerySet["CaseReadiness"]):
    def standing(self) -> CaseReadinessQuerySet:
        """Of cases that are open, each person once: a merge leaves an open case with the record that was taken in."""
        return self.filter(case__closed_at__isnull=True, case__person__merged_into__isnull=True)

    def stopped_by(self, version: uuid.UUID) -> CaseReadinessQuerySet:
        """Whoever lacks what one version of a requirement (its public id) asks, or has it only until the queue is over."""
        place = Func(F("rule_set__keys"), Value(version), function="array_position", output_field=models.IntegerField())
        lacks = F("missing").bitor(F("expiring"))  # type: ignore[arg-type]  # the stubs know numbers alone
        bit = lacks.bitrightshift(place + len(OWN_CONDITIONS) - 1).bitand(1)  # type: ignore[arg-type]
        return self.filter(rule_set__keys__contains=[version]).annotate(lacks=bit).filter(lacks=1)


@classified(
    public="passage rule_set judged_for late_for judged_at recheck_at",
    sensitive="case person_id true_low true_high false_low false_high late_true_low late_true_high late_false_low"
    " late_false_high missing unknown expiring waived exempt verdict worst is_to_pass",
)
class CaseReadiness(models.Model):
    """`verdict` is `ready | not_ready | unknown`, `worst` the worst verdict of `findings`.

    `judged_for` is the planned hour at the barrier and `late_for` the end of the likely queue; without a plan both are null.
    Which condition of `passage` holds then is a bit of `true_low` and `true_high`, which does not hold one of `false_low` and
    `false_high`, at the end of the queue of those with `late_`; in neither it is not known. `missing` to `exempt` have a bit
    for each of our own conditions (`OWN_CONDITIONS`) and for each rule of `rule_set`; in none of them it is met.

    `is_to_pass`, kept by the database: the case is open, and the person is no merged record and has not left with a movement.
    `person_id`, kept too, is the key of the case's person, so that no look at the case is needed to ask of their facts.
    """

    case = models.OneToOneField(ReturnCase, on_delete=models.CASCADE, primary_key=True, related_name="readiness")
    person_id = models.BigIntegerField(null=True, editable=False)
    passage = models.ForeignKey(Passage, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    rule_set = models.ForeignKey(
        RuleSet, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )  # a rule changes it for everybody; a key would be looked up for each row when the transaction ends
    judged_for = models.DateTimeField(null=True)
    late_for = models.DateTimeField(null=True)
    true_low = models.BigIntegerField(default=0)
    true_high = models.BigIntegerField(default=0)
    false_low = models.BigIntegerField(default=0)
    false_high = models.BigIntegerField(default=0)
    late_true_low = models.BigIntegerField(default=0)
    late_true_high = models.BigIntegerField(default=0)
    late_false_low = models.BigIntegerField(default=0)
    late_false_high = models.BigIntegerField(default=0)
    missing = models.BigIntegerField(default=0)
    unknown = models.BigIntegerField(default=0)
    expiring = models.BigIntegerField(default=0)
    waived = models.BigIntegerField(default=0)
    exempt = models.BigIntegerField(default=0)
    verdict = models.CharField(max_length=10)
    worst = models.CharField(max_length=10)
    is_to_pass = models.BooleanField(default=True)
    judged_at = models.DateTimeField()
    recheck_at = models.DateTimeField(null=True)

    objects = CaseReadinessQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["recheck_at"], name="readiness_to_recheck"),
            models.Index(fields=["passage", "judged_for"], name="readiness_at_a_passage"),
        ]

    @property
    def findings(self) -> dict[str, str]:
        """The verdict of each rule by the public id of its version, of our own conditions, and of the plan without one."""
        own = OWN_CONDITIONS if self.judged_for is None else OWN_CONDITIONS[:-1]
        keys = [] if self.rule_set is None else [str(key) for key in self.rule_set.keys]
        return {
            key: self._verdict_of(1 << bit)
            for bit, key in (*enumerate(own), *enumerate(keys, start=len(OWN_CONDITIONS)))
        }

    def _verdict_of(self, bit: int) -> str:
        for verdict in (Verdict.MISSING, Verdict.UNKNOWN, Verdict.EXPIRING, Verdict.WAIVED, Verdict.EXEMPT):
            if getattr(self, verdict.value) & bit:
                return verdict.value
        return Verdict.MET.value


@classified(public="crossing from_country to_country verdict people unregistered")
class BoardCount(models.Model):
    """How many people of each worst finding wait at a crossing in a direction; heads not registered count as unknown.

    `unregistered` of the `people` are such heads.
    """

    crossing = models.ForeignKey(BorderCrossing, on_delete=models.CASCADE, related_name="board_counts")
    from_country = models.CharField(max_length=3)
    to_country = models.CharField(max_length=3)
    verdict = models.CharField(max_length=10)
    people = models.PositiveIntegerField()
    unregistered = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["crossing", "from_country", "to_country", "verdict"], name="one_count_per_verdict"
            )
        ]
