"""Harmful files, locked away."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from common.actors import ActorField
from common.personal_data import classified
from common.sealed import SealedTextField


@classified(public="signature digest size found_at told_at destroyed_at", personal="by", sensitive="file_name content")
class QuarantinedUpload(models.Model):
    """A file in which the virus scanner found something: locked away, sealed, until somebody looks into it and destroys it.

    `signature` is the scanner's name for it, `digest` its SHA-256; `told_at` when those who answer for it were told.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    signature = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    file_name = SealedTextField()
    content = SealedTextField(null=True)
    found_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)
    by = ActorField()

    class Meta:
        ordering = ["-found_at"]
        indexes = [models.Index(fields=["found_at"], name="quarantine_not_yet_told", condition=Q(told_at__isnull=True))]
