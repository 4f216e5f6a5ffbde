"""Transit corridors: the agreed way from an entry crossing through a country to an exit crossing."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.actors import ActorField
from common.personal_data import classified
from corridors.models.places import BorderCrossing


@classified(public="code name entry exit from_country transit_country to_country")
class TransitCorridor(models.Model):
    """Where it leads. What is agreed stands in its versions."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    entry = models.ForeignKey(BorderCrossing, on_delete=models.PROTECT, related_name="corridors_entering")
    exit = models.ForeignKey(BorderCrossing, on_delete=models.PROTECT, related_name="corridors_leaving")
    from_country = models.CharField(max_length=3)
    transit_country = models.CharField(max_length=3)
    to_country = models.CharField(max_length=3)

    def __str__(self) -> str:
        return self.name


@classified(
    public="corridor number longest_transit conditions head_count_cap requested_by document_reference made_at made_by"
    " requirement_changed_at"
)
class CorridorVersion(models.Model):
    """One agreed wording. A requirement that changes on its way marks it (`requirement_changed_at`)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    corridor = models.ForeignKey(TransitCorridor, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    longest_transit = models.DurationField()
    conditions = models.JSONField(default=list)
    head_count_cap = models.PositiveIntegerField()
    requested_by = models.ForeignKey("partners.Organisation", on_delete=models.PROTECT, related_name="+")
    document_reference = models.CharField(max_length=100)
    made_at = models.DateTimeField()
    made_by = ActorField()
    requirement_changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["corridor", "number"], name="corridor_versions_are_numbered"),
            models.CheckConstraint(
                condition=Q(head_count_cap__gt=0),
                name="corridor_cap_is_positive",
                violation_error_message=_("A corridor is for at least one person."),
            ),
        ]
