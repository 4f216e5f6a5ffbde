"""Uploaded lists: staged row by row until somebody confirms, then stored in one transaction."""

from __future__ import annotations

import uuid

from django.db import models

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import SealedTextField
from migrants.models import Migrant, TravelGroup
from migrants.scope import within_missions
from partners.access import Viewer
from returns.enums import RowOutcome, UploadState


class ManifestUploadQuerySet(models.QuerySet["ManifestUpload"]):
    def visible_to(self, viewer: Viewer) -> ManifestUploadQuerySet:
        return within_missions(self, viewer, crossing="group__crossing__code")


@classified(
    public="group mission sender file_name digest heading_row columns state uploaded_at settled_at by",
    sensitive="sheet",
)
class ManifestUpload(models.Model):
    """`sheet` is the whole file as read (sealed JSON of numbered rows) so that columns can be corrected before confirming;
    `digest` recognises the same file; `columns` maps a field to its column's index; `sender` is the office that sent the list.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(TravelGroup, on_delete=models.PROTECT, related_name="uploads")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    sender = models.CharField(max_length=120, blank=True, default="")
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    sheet = SealedTextField(null=True)
    heading_row = models.PositiveIntegerField()
    columns = models.JSONField()
    state = models.CharField(max_length=10, choices=UploadState, default=UploadState.STAGED)
    uploaded_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    by = ActorField()

    objects = ManifestUploadQuerySet.as_manager()


@classified(public="upload mission row_number outcome", personal="person", sensitive="entry")
class ManifestRow(models.Model):
    """What will happen, or happened, to one row: `entry` is the sealed JSON of what was read, errors included."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    upload = models.ForeignKey(ManifestUpload, on_delete=models.CASCADE, related_name="rows")
    mission = models.ForeignKey("partners.Office", on_delete=models.PROTECT, related_name="+")
    row_number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=RowOutcome)
    entry = SealedTextField()
    person = models.ForeignKey(Migrant, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["row_number"]
        constraints = [models.UniqueConstraint(fields=["upload", "row_number"], name="one_entry_per_row")]
