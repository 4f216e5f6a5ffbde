"""Kinds of channel over which nothing goes for a while, because their operator refuses our access."""

from __future__ import annotations

import uuid

from django.db import models

from common.personal_data import classified


@classified(public="kind since until why told_at")
class ChannelHalt(models.Model):
    """One row for each kind that was ever held; it holds while `until` (wall time) lies ahead."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, unique=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    why = models.CharField(max_length=300)
    told_at = models.DateTimeField(null=True, blank=True)
