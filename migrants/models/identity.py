"""Are these two one person? Candidates with reasons, a human decision, and a merge that can be undone."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from common.actors import ActorField
from common.personal_data import classified
from migrants.enums import PairState
from migrants.models.people import Migrant


@classified(public="mission state found_at decided_at", personal="first second score reasons decided_by")
class DuplicatePair(models.Model):
    """Two records that may be one person. `first` has the smaller key, so that a pair stands once."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=PairState, default=PairState.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = ActorField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="a_pair_stands_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="a_pair_is_ordered"),
        ]


@classified(public="mission at undone_at", personal="kept absorbed moved by undone_by")
class Merge(models.Model):
    """What a merge moved, row by row (`model: [keys]`), so that it can be taken back."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    kept = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="+")
    absorbed = models.ForeignKey(Migrant, on_delete=models.CASCADE, related_name="+")
    moved = models.JSONField()
    at = models.DateTimeField()
    by = ActorField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = ActorField(null=True, blank=True)
