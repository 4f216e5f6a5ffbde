"""Derived rows: how many wait in each group, so that a board of many groups adds up stored numbers. No history."""

from __future__ import annotations

from django.db import models

from common.personal_data import classified
from migrants.models import TravelGroup


@classified(public="group expected registered")
class WaitingHeads(models.Model):
    """What `migrants.heads` says of one group: heads that should be there, and how many people are registered in it.

    The database keeps it (`returns/migrations/0016_waiting_heads.py`); the product has no right to write it.
    """

    group = models.OneToOneField(TravelGroup, on_delete=models.CASCADE, primary_key=True, related_name="waiting_heads")
    expected = models.PositiveIntegerField()
    registered = models.PositiveIntegerField()
