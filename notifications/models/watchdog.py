"""Signs of life of the engine, so that a silent engine is seen on every page."""

from __future__ import annotations

from django.db import models

from common.personal_data import classified


@classified(public="name last_seen_at")
class EngineSign(models.Model):
    """When a part of the engine (`deliveries`, `escalation`, `assessment`) last did its round; wall time."""

    name = models.CharField(max_length=40, primary_key=True)
    last_seen_at = models.DateTimeField()
